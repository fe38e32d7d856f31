import { expect, test } from "vitest";
import { claim, ok } from "../model/fixtures.ts";
import type { History } from "../sim/history.ts";
import { featuresOf } from "./features.ts";
import { history } from "./history-builder.ts";
import { timelineOf } from "./timeline.ts";

test("a case's features are its transitions, its coverage, and where calls came to and parked", () => {
  const events = history()
    .invoke(0, claim())
    .park(0)
    .invoke(1, claim())
    .park(1)
    .resume(1)
    .answer(1, ok())
    .resume(0)
    .answer(0, ok());
  const played: History = { ...events.history(), yields: { 3: 1, 4: 5 } };
  const features = featuresOf(timelineOf(played, 20));
  for (const feature of [
    "claim: no rows beside claim under way",
    "claim: no rows",
    "preemptions: parked",
    "yield point 3: 2^0",
    "yield point 4: 2^2",
    "parked: f 1",
    "parked: f 1 beside f 1",
  ])
    expect(features).toContain(feature);
  expect(featuresOf(history().closing().call(0, claim(), ok()).timeline())).not.toContain(
    "claim: no rows alone",
  );
});
