/** A small wrong change to the migrations that the harness must find, and shrink to no more than `steps` steps. */
export interface PlantedBug {
  readonly id: string;
  readonly description: string;
  /** The invariant that sees it by itself, the model's oracles off; null if only the model does. */
  readonly invariant: `INV-${number}` | null;
  readonly edits: readonly Edit[];
  /** The shortest schedule known to show it, where what a session leaves open is committed at the end. */
  readonly steps: number;
}

/** Replaces the only occurrence of a text in a file. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
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
