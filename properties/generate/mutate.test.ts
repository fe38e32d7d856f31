import { Ajv } from "ajv";
import seedrandom from "seedrandom";
import { expect, test } from "vitest";
import replaySchema from "../../schema/json/replay.schema.json" with { type: "json" };
import type { Schedule } from "../../sim/schedule.ts";
import { caseOf, draw } from "./cases.ts";
import { mutate } from "./mutate.ts";
import { partArbitrary, scheduleArbitrary } from "./schedules.ts";
import { swarm } from "./swarm.ts";

const seed = 20_261_124;
const size = { sessions: 8, steps: 30 };
const isSchedule = new Ajv({ discriminator: true, allowUnionTypes: true })
  .addSchema(replaySchema)
  .compile({ $ref: `${replaySchema.$id}#/definitions/schedule` });

/** Each with its mutant, whose parent is the mutant before it: of which nothing remains in the end. */
function lineage(yields: boolean, generations: number): readonly [parent: Schedule, mutant: Schedule][] {
  const random = seedrandom(`${seed} ${yields}`);
  const fresh = Array.from({ length: 40 }, (_, index) =>
    caseOf(seed, index, size, yields ? "always" : "never"),
  );
  let [parent] = fresh;
  const found: [Schedule, Schedule][] = [];
  for (let generation = 0; generation < generations; generation += 1) {
    if (parent === undefined) throw new Error("no case");
    const sessions = parent.sessions.length;
    const parts = partArbitrary({ ...swarm(generation, sessions), sessions, yields, crashes: false });
    const mutant: Schedule = mutate(parent, size.steps, {
      random,
      donor: () => fresh[Math.floor(random() * fresh.length)] ?? fresh[0] ?? mutant,
      phrase: () => draw(parts, random.int32()),
    });
    found.push([parent, mutant]);
    parent = generation % 50 === 49 ? fresh[(generation + 1) / 50] : mutant;
  }
  return found;
}

const lineages = [true, false].flatMap((yields) => lineage(yields, 1_000));

test(`mutants of mutants are schedules, of the size that is allowed (seed ${seed})`, () => {
  for (const [, mutant] of lineages) {
    expect([isSchedule(mutant), isSchedule.errors]).toEqual([true, null]);
    expect(mutant.steps.length).toBeGreaterThan(0);
    expect(mutant.steps.length).toBeLessThanOrEqual(size.steps);
    for (const step of mutant.steps)
      if ("session" in step) expect(mutant.sessions[step.session]).toBeDefined();
  }
});

test("the arbitrary that shrinks knows them", () => {
  const unknown = lineages.filter(([, mutant], index) => {
    const arbitrary = scheduleArbitrary({ ...size, sessions: mutant.sessions.length });
    return index % 10 === 9 && !arbitrary.canShrinkWithoutContext(mutant);
  });
  expect(unknown).toEqual([]);
});

test("setup and sessions stay, and calls park only where they did", () => {
  for (const [parent, mutant] of lineages) {
    expect([mutant.setup, mutant.sessions]).toEqual([parent.setup, parent.sessions]);
    const parks = mutant.steps.some((step) => step.kind === "resume" || "parkAt" in step);
    if (mutant.setup.yields !== true) expect(parks).toBe(false);
  }
});

test("the parent is left alone, and nearly every mutant is another", () => {
  const [before] = lineage(true, 1);
  expect(before?.[0]).toEqual(caseOf(seed, 0, size, "always"));
  const alike = lineages.filter(([a, b]) => JSON.stringify(a) === JSON.stringify(b));
  expect(alike.length).toBeLessThan(lineages.length / 20);
});

test("the same chance makes the same mutant", () => {
  expect(lineage(true, 60)).toEqual(lineages.slice(0, 60));
});
