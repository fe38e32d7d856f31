import { type OpenLane, withLaneSlot } from "../../sim/lane-slot.ts";
import { caseOf } from "../generate/cases.ts";
import { underReadCommitted } from "../generate/read-committed.ts";
import type { ScheduleSize } from "../generate/schedules.ts";
import { invariants } from "../invariants/index.ts";
import { runCase } from "../run-case.ts";
import { crashesFor, needsYields, type PlantedBug } from "./planted-bug.ts";

export interface MatrixSearch {
  readonly seed: number;
  readonly size: ScheduleSize;
  /** Cases to play at most. */
  readonly runs: number;
  /** Violated cases after which no more are played. */
  readonly enough: number;
  readonly stop: AbortSignal;
}

/** Which invariants see a bug, the model's oracles off. */
export interface MatrixRow {
  readonly bug: PlantedBug;
  readonly cases: number;
  readonly violated: number;
  readonly unknown: number;
  /** In how many of the violated cases each invariant saw something; those that saw nothing are left out. */
  readonly seenBy: Readonly<Record<string, number>>;
}

/** Plays cases of a seed, one after another, on a tree with the bug. */
export async function matrixRow(
  openLane: OpenLane,
  bug: PlantedBug,
  { seed, size, runs, enough, stop }: MatrixSearch,
): Promise<MatrixRow> {
  const seenBy: Record<string, number> = {};
  const yields = needsYields(bug) ? "always" : "mix";
  let [cases, violated, unknown] = [0, 0, 0];
  await withLaneSlot(openLane, async (slot) => {
    for (; cases < runs && violated < enough && !stop.aborted; cases += 1) {
      const generated = caseOf(seed, cases, size, yields, crashesFor(bug));
      const schedule = needsYields(bug) ? underReadCommitted(generated) : generated;
      const { verdict } = await runCase(slot, schedule, { invariants, model: false });
      if (verdict.kind === "unknown") unknown += 1;
      if (verdict.kind !== "violated") continue;
      violated += 1;
      for (const id of new Set(verdict.violations.flatMap(({ invariant }) => invariant ?? [])))
        seenBy[id] = (seenBy[id] ?? 0) + 1;
    }
  });
  return { bug, cases, violated, unknown, seenBy };
}

export interface MatrixSummary {
  /** Invariants that some bug has to itself: none of the others saw anything in any of its cases. */
  readonly alone: Readonly<Record<string, readonly string[]>>;
  /** Invariants that are judged on histories and that no bug has to itself. */
  readonly neverAlone: readonly string[];
  /** Bugs that the invariant they name did not see, or that name none and were seen by one. */
  readonly wrong: readonly string[];
}

export function matrixSummary(rows: readonly MatrixRow[]): MatrixSummary {
  const alone: Record<string, string[]> = {};
  for (const { bug, seenBy } of rows) {
    const [only, ...others] = Object.keys(seenBy);
    if (only !== undefined && others.length === 0) alone[only] = [...(alone[only] ?? []), bug.id];
  }
  return {
    alone,
    neverAlone: invariants.map(({ id }) => id).filter((id) => alone[id] === undefined),
    wrong: rows.filter((row) => !isAsNamed(row)).map(({ bug }) => bug.id),
  };
}

function isAsNamed({ bug, seenBy }: MatrixRow): boolean {
  return bug.invariant === null ? Object.keys(seenBy).length === 0 : seenBy[bug.invariant] !== undefined;
}
