import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CampaignFailure } from "../properties/shrink-failures.ts";
import { parseReplay } from "../reports/replay-file.ts";
import { fencingCounterexample } from "../reports/testing/counterexamples.ts";
import { ReplayKeeper } from "./keep-replays.ts";
import { temporaryFolder } from "./testing/run-cli.ts";

let folder: string;
let said: string[];
beforeEach(() => {
  folder = temporaryFolder();
  said = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const { schedule } = fencingCounterexample;
const found: CampaignFailure = {
  ...fencingCounterexample,
  candidates: 0,
  case: 9,
  count: 1,
  metWhileShrinking: null,
};
const earlier: CampaignFailure = {
  ...found,
  case: 4,
  schedule: { ...schedule, steps: schedule.steps.slice(1) },
};
const shrunk: CampaignFailure = { ...earlier, schedule: { ...schedule, steps: schedule.steps.slice(2, 3) } };

function newKeeper(): ReplayKeeper {
  const postgres = { version: "18.4", versionNumber: 180004, provider: "embedded" } as const;
  return new ReplayKeeper(
    { postgres, migrations: [] },
    { seed: 1, size: { sessions: 3, steps: 40 } },
    folder,
  );
}

it("keeps one file a signature: what takes a failure's place takes its file's too", () => {
  const keeper = newKeeper();
  for (const failure of [found, earlier, shrunk]) {
    keeper.keep(failure);
    const [name = "", ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(keeper.pathOf(failure)).toBe(join(folder, name));
    const replay = parseReplay(readFileSync(join(folder, name), "utf8"));
    expect(replay.schedule).toEqual(failure.schedule);
    expect(replay.origin?.case).toBe(failure.case);
  }
  expect(said).toEqual([expect.stringMatching(/^case 9: INV-05: completed with another token, kept in /)]);
});

it("removes no file that an earlier run has left", () => {
  newKeeper().keep(found);
  const keeper = newKeeper();
  keeper.keep(found);
  keeper.keep(shrunk);
  expect(readdirSync(folder)).toHaveLength(2);
});

it("says which file can't be written, and keeps the one that could", () => {
  const keeper = newKeeper();
  keeper.keep(shrunk);
  const path = keeper.pathOf(shrunk);
  newKeeper().keep(found);
  const [blocked = ""] = readdirSync(folder).filter((name) => name !== basename(String(path)));
  rmSync(join(folder, blocked));
  mkdirSync(join(folder, blocked));
  said = [];
  keeper.keep(found);
  expect(said).toEqual([
    expect.stringContaining('of "INV-05: completed with another token" cannot be written'),
  ]);
  expect(keeper.pathOf(found)).toBe(path);
  expect(readFileSync(String(path), "utf8")).not.toBe("");
});
