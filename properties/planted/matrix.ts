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
  /** Cases that an invariant saw something in, after which no more are played. */
  readonly enough: number;
  readonly stop: AbortSignal;
}

/** Which invariants see a bug, each by itself, and whether the model does. */
export interface MatrixRow {
  readonly bug: PlantedBug;
  readonly cases: number;
  /** Cases that an invariant saw something in. */
  readonly violated: number;
  /** Cases that the model's oracles saw something in. */
  readonly byModel: number;
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
  let [cases, violated, byModel, unknown] = [0, 0, 0, 0];
  await withLaneSlot(openLane, async (slot) => {
    for (; cases < runs && violated < enough && !stop.aborted; cases += 1) {
      const generated = caseOf(seed, cases, size, yields, crashesFor(bug));
      const schedule = needsYields(bug) ? underReadCommitted(generated) : generated;
      const { verdict } = await runCase(slot, schedule);
      if (verdict.kind === "unknown") unknown += 1;
      if (verdict.kind !== "violated") continue;
      const seers = new Set(verdict.violations.map(({ invariant }) => invariant));
      // The model's violations name none.
      if (seers.delete(null)) byModel += 1;
      if (seers.size > 0) violated += 1;
      for (const id of seers) if (id !== null) seenBy[id] = (seenBy[id] ?? 0) + 1;
    }
  });
  return { bug, cases, violated, byModel, unknown, seenBy };
}

export interface MatrixSummary {
  /** Invariants that some bug has to itself: none of the others saw anything in any of its cases. */
  readonly alone: Readonly<Record<string, readonly string[]>>;
  /** Bugs that only invariants saw, in all the cases played. */
  readonly notByModel: readonly string[];
  /** Bugs that only the model saw. */
  readonly byModelAlone: readonly string[];
  /** Bugs that nothing saw. */
  readonly unseen: readonly string[];
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
    notByModel: rows
      .filter(({ byModel, violated }) => byModel === 0 && violated > 0)
      .map(({ bug }) => bug.id),
    byModelAlone: rows
      .filter(({ byModel, violated }) => byModel > 0 && violated === 0)
      .map(({ bug }) => bug.id),
    unseen: rows.filter(({ byModel, violated }) => byModel + violated === 0).map(({ bug }) => bug.id),
    neverAlone: invariants.map(({ id }) => id).filter((id) => alone[id] === undefined),
    wrong: rows.filter((row) => !isAsNamed(row)).map(({ bug }) => bug.id),
  };
}

function isAsNamed({ bug, seenBy }: MatrixRow): boolean {
  return bug.invariant === null ? Object.keys(seenBy).length === 0 : seenBy[bug.invariant] !== undefined;
}
