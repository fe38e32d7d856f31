import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EnvironmentFault } from "../sim/database/server.ts";
import type { OpenLane } from "../sim/lane-slot.ts";
import { type OwnStage, startOwnStage } from "../sim/testing/embedded-stage.ts";
import { type CampaignOptions, type CampaignResult, runCampaign } from "./campaign.ts";

const seed = 2;
const size = { sessions: 4, steps: 25 };
/** Eight rounds. */
const runs = 256;

let own: OwnStage;
beforeAll(async () => {
  own = await startOwnStage();
});
afterAll(() => own.stop());

const openLane: OpenLane = (kind) => own.stage.openLane(size.sessions, kind);

function campaign(over: Partial<CampaignOptions>, lanesBy = openLane): Promise<CampaignResult> {
  const never = new AbortController().signal;
  return runCampaign(lanesBy, {
    ...{ seed, size, strategy: "guided", yields: "mix", runs, lanes: 1, bail: false },
    ...{ shard: { index: 0, count: 1 }, stop: never, quit: never },
    ...{ onProgress: () => undefined, onFailure: () => undefined },
    ...over,
  });
}

/** All that cases leave behind. */
const traces = ({ runs: cases, steps, coverage, yields, transitions }: CampaignResult) => {
  const sorted = [...transitions].sort();
  return { cases, steps, coverage, yields, transitions: sorted };
};

describe(`a guided campaign (seed ${seed})`, () => {
  let alone: CampaignResult;
  beforeAll(async () => {
    alone = await campaign({});
  });

  test("plays the same cases on two lanes, and comes to the same", async () => {
    expect(alone).toMatchObject({ verdict: "ok", runs });
    expect(traces(await campaign({ lanes: 2 }))).toEqual(traces(alone));
  });

  test("comes to more transitions than swarm does in as many cases", async () => {
    const swarm = await campaign({ strategy: "swarm", lanes: 2 });
    expect(swarm.runs).toBe(runs);
    expect(alone.transitions.size).toBeGreaterThan(swarm.transitions.size);
  });
});

test("a shard plays its own cases, and learns from them alone", async () => {
  const shard = (lanes: number) => campaign({ shard: { index: 1, count: 2 }, runs: 160, lanes });
  const [one, two] = [await shard(1), await shard(2)];
  expect(one.runs).toBe(80);
  expect(traces(two)).toEqual(traces(one));
});

test("cases that are left out, since they crash the server, keep no round open", async () => {
  const {
    verdict,
    leftOut,
    runs: played,
  } = await campaign({
    ...{ runs: 64, yields: "never", crashes: "always", leaveOutCrashes: true, lanes: 2 },
  });
  expect({ verdict, leftOut, played }).toEqual({ verdict: "unknown", leftOut: 64, played: 0 });
});

// The last case of a round, with the other lane waiting for it; the first of the next; one in the middle.
test.each([31, 32, 40])("stopped after %i cases, no lane waits for a round that won't end", async (last) => {
  const stop = new AbortController();
  const onProgress: CampaignOptions["onProgress"] = ({ runs: played }) => {
    if (played === last) stop.abort();
  };
  const stopped = await campaign({ lanes: 3, stop: stop.signal, onProgress });
  expect(stopped.runs).toBeGreaterThanOrEqual(last);
  expect(stopped.runs).toBeLessThan(last + 3);
});

test("nor where the server is gone in the middle of one", async () => {
  let opened = 0;
  const { verdict, runs: played } = await campaign({ lanes: 2, yields: "never" }, (kind) => {
    opened += 1;
    if (opened > 1) throw new EnvironmentFault("gone");
    return openLane(kind);
  });
  expect(verdict).toBe("unknown");
  expect(played).toBeLessThan(32);
});
