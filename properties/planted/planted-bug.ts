import type { Mode } from "../generate/mode.ts";

/** What went wrong in real queues, by class: each class has planted bugs of its own. */
export const bugClasses = [
  "repair overwrites",
  "weak fence",
  "double claim",
  "claim without a trace",
  "premature reclaim",
  "stuck for ever",
  "ceiling bypassed",
  "uniqueness",
  "order and visibility",
  "clock",
  "deadlock",
  "wake-up lost",
  "migration",
  "roles",
  "ledger",
  "isolation",
  "lost acknowledgement",
  "bookkeeping",
  "argument checks",
  "durability",
] as const;
export type BugClass = (typeof bugClasses)[number];

/** What a harness must control to see the bug. */
export const needs = [
  "sequence",
  "transactions",
  "inside a function",
  "time",
  "fault",
  "crash",
  "role",
  "migration",
  "plan",
] as const;
export type Need = (typeof needs)[number];

/** A small wrong change to the migrations that the harness must find, and shrink to no more than `steps` steps. */
export interface PlantedBug {
  readonly id: string;
  readonly description: string;
  readonly bugClass: BugClass;
  /** Where a real queue had it: a public issue, or null where it is our own thought. */
  readonly source: string | null;
  readonly needs: readonly Need[];
  /** The invariant that sees it by itself, the model's oracles off; null if only the model does. */
  readonly invariant: `INV-${number}` | null;
  readonly edits: readonly Edit[];
  /** The shortest schedule known to show it, where what a session leaves open is committed at the end. */
  readonly steps: number;
}

/** Which cases have yield points where the bug is looked for: all, if it needs them. Else none, as with crashes: such cases
 *  take longer, and a search is to be told by what a bug needs. */
export function yieldsFor(bug: Pick<PlantedBug, "needs">): Mode {
  return needsYields(bug) ? "always" : "never";
}

/** A call that is stopped inside a function shows the bug, under READ COMMITTED. */
export function needsYields({ needs: what }: Pick<PlantedBug, "needs">): boolean {
  return what.includes("inside a function");
}

/** Which cases crash the server where the bug is looked for. */
export function crashesFor({ needs: what }: Pick<PlantedBug, "needs">): Mode {
  return what.includes("crash") ? "always" : "never";
}

/** A change that nobody who uses the outbox can tell from the original. */
export interface EquivalentChange {
  readonly id: string;
  readonly description: string;
  /** Why it can't be seen. */
  readonly argument: string;
  readonly edits: readonly Edit[];
}

/** Replaces the only occurrence of a text in a file. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export function swap(file: string, find: string, replace: string): Edit {
  return { file, find, replace };
}

/** The edited text of each file that the bug touches. Throws if a text to be replaced is not there exactly once: the
 *  migrations have moved on, and the bug must follow. */
export function plant(
  bug: Pick<PlantedBug, "id" | "edits">,
  read: (file: string) => string,
): ReadonlyMap<string, string> {
  const edited = new Map<string, string>();
  for (const { file, find, replace } of bug.edits) {
    const text = edited.get(file) ?? read(file);
    const parts = text.split(find);
    if (parts.length !== 2) {
      throw new Error(`${bug.id}: ${file} has the text ${parts.length - 1} times, not once: ${find}`);
    }
    edited.set(file, parts.join(replace));
  }
  return edited;
}
