import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import type { Line } from "../../schema/json/explanation.ts";
import { type FunctionPlace, functionPlaces } from "../../sim/database/function-places.ts";
import { readMigrations } from "../../sim/database/migrations.ts";
import { recorded } from "../testing/recorded.ts";
import { fencingCounterexample, stateCounterexample } from "../testing/counterexamples.ts";
import { concernedPlace } from "./concerned-place.ts";
import { explain } from "./explain.ts";

const folder = fileURLToPath(new URL("../../schema/migrations", import.meta.url));
let places: ReadonlyMap<string, FunctionPlace>;
beforeAll(async () => {
  places = functionPlaces(await readMigrations(folder));
});

const textAt = (place: ReturnType<typeof concernedPlace>): string =>
  place === null ? "" : (readFileSync(`${folder}/${place.file}`, "utf8").split("\n")[place.line - 1] ?? "");

test.each([
  ["fence-without-token", "complete_outbox_attempt"],
  ["claim-in-subquery", "claim_outbox_batch"],
])("%s concerns %s, where it is created", (bug, name) => {
  const place = concernedPlace(explain(recorded(bug)), places);
  expect(place?.function).toBe(name);
  expect(textAt(place)).toMatch(new RegExp(`^CREATE .*FUNCTION public\\.${name}\\(`));
});

test("a call that had been stopped concerns the statement before which it stood", () => {
  const explanation = explain(recorded("claim-in-two-statements"));
  const stood = explanation.lines.findLast(({ parkedAt }) => parkedAt !== null)?.parkedAt;
  const place = concernedPlace(explanation, places);
  expect(place?.function).toBe(stood?.function);
  const body = places.get(stood?.function ?? "")?.bodyLine ?? 0;
  expect(place?.line).toBe(body - 1 + (stood?.line ?? 0));
});

test("of wrong rows it is the function that was called last", () => {
  expect(concernedPlace(explain(stateCounterexample), places)?.function).toBe("complete_outbox_attempt");
  expect(concernedPlace(explain(fencingCounterexample), places)?.function).toBe("complete_outbox_attempt");
});

test("where no function was called, and where no migration defines it, it is none", () => {
  const { lines } = explain(fencingCounterexample);
  expect(concernedPlace({ lines }, new Map())).toBeNull();
  const without: readonly Line[] = lines.map((line) => ({ ...line, operation: null }));
  expect(concernedPlace({ lines: without }, places)).toBeNull();
  expect(concernedPlace({ lines: lines.map((line) => ({ ...line, wrong: false })) }, places)).toBeNull();
});
