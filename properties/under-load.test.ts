import { afterAll, beforeAll, expect, test } from "vitest";
import { type OwnStage, startOwnStage } from "../sim/testing/embedded-stage.ts";
import { caseOf } from "./generate/cases.ts";
import { playUnderLoad } from "./testing/under-load.ts";

const seed = 5;
const size = { sessions: 8, steps: 40 };

let own: OwnStage;
beforeAll(async () => {
  own = await startOwnStage();
});
afterAll(() => own.stop());

// bench/under-load.ts plays more of them.
test(`cases play alike with every core busy with something else (seed ${seed})`, async () => {
  const cases = Array.from({ length: 40 }, (_, index) => caseOf(seed, index, size, "mix"));
  const { steps, different, unknown } = await playUnderLoad(own.stage, cases);
  expect({ different, unknown }).toEqual({ different: [], unknown: [] });
  expect(steps).toBeGreaterThan(1_000);
});
