import { afterAll, beforeAll, expect, test } from "vitest";
import type { Step } from "../sim/schedule.ts";
import { play } from "../sim/play.ts";
import type { Lane } from "../sim/lane.ts";
import { type OwnStage, startOwnStage } from "../sim/testing/embedded-stage.ts";
import { commute, touching, type TouchingStep } from "./generate/commute.ts";
import { distinctOrders } from "./generate/distinct-orders.ts";
import { type Programs, programsArbitrary, scheduleOf } from "./generate/programs.ts";
import { draw } from "./generate/cases.ts";
import { tell } from "./testing/scenario.ts";

let own: OwnStage;
let lane: Lane;
beforeAll(async () => {
  own = await startOwnStage();
  lane = await own.stage.openLane(3);
});
afterAll(async () => {
  await lane.close();
  await own.stop();
});

/** What each session was told, in its own order. */
async function toldTo(programs: Programs, order: readonly TouchingStep[]): Promise<readonly string[]> {
  const history = await play(
    lane,
    scheduleOf(
      programs,
      order.map(({ step }) => step),
      false,
    ),
  );
  return tell(history).toSorted((a, b) => Number.parseInt(a) - Number.parseInt(b));
}

const programOf = (programs: Programs, { step }: TouchingStep): number =>
  programs.programs.findIndex((program) => program.some((each: Step) => each === step));

/** The order with each pair of neighbours swapped that may be. */
function swapped(programs: Programs, order: readonly TouchingStep[]): readonly (readonly TouchingStep[])[] {
  return order.flatMap((step, index) => {
    const next = order[index + 1];
    if (next === undefined || programOf(programs, step) === programOf(programs, next)) return [];
    return commute(step, next) ? [order.with(index, next).with(index + 1, step)] : [];
  });
}

test("the server tells every session the same where neighbours that commute are swapped", async () => {
  let pairs = 0;
  for (let seed = 1; seed <= 20; seed += 1) {
    const programs = draw(programsArbitrary({ sessions: 2, steps: 4, yields: false }), seed);
    const orders = [...distinctOrders(programs.programs.map(touching), commute)].slice(0, 6);
    for (const order of orders) {
      const told = await toldTo(programs, order);
      for (const other of swapped(programs, order)) {
        expect(await toldTo(programs, other), JSON.stringify([order, other])).toEqual(told);
        pairs += 1;
      }
    }
  }
  expect(pairs).toBeGreaterThan(40);
});
