import type { Replay } from "../schema/json/replay.ts";

type Migrations = Replay["migrations"];

/** How one migration differs from the one that a file was found on. */
export interface Change {
  readonly version: string;
  readonly change: "changed" | "missing" | "new";
}

/** What differs between the migrations of a file and those that are there now. Empty when they are the same. */
export function changesOf(recorded: Migrations, current: Migrations): readonly Change[] {
  const now = new Map(current.map(({ version, checksum }) => [version, checksum]));
  const then = new Set(recorded.map(({ version }) => version));
  const changes = recorded.flatMap(({ version, checksum }): readonly Change[] => {
    const found = now.get(version);
    if (found === checksum) return [];
    return [{ version, change: found === undefined ? "missing" : "changed" }];
  });
  const added = current.filter(({ version }) => !then.has(version));
  return [...changes, ...added.map(({ version }): Change => ({ version, change: "new" }))];
}

export function describeChanges(changes: readonly Change[]): string {
  return changes.map(({ version, change }) => `${version} is ${change}`).join(", ");
}
