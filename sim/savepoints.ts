import { quoteIdentifier } from "./database/quote.ts";
import type { Action } from "./history.ts";
import type { SavepointVerb } from "./schedule.ts";

const commands: Record<SavepointVerb, string> = {
  savepoint: "SAVEPOINT",
  rollbackTo: "ROLLBACK TO SAVEPOINT",
  release: "RELEASE SAVEPOINT",
};

export function savepointSql(verb: SavepointVerb, name: string): string {
  return `${commands[verb]} ${quoteIdentifier(name)}`;
}

/** The names of a transaction's savepoints, the innermost last, after a command that succeeded. Only the latest of a name
 *  is meant; to go back to a savepoint keeps it, and ends those within it. */
export function savepointsAfter(names: readonly string[], action: Action): readonly string[] {
  switch (action.kind) {
    case "begin":
    case "commit":
    case "rollback":
      return [];
    case "savepoint":
      return [...names, action.name];
    case "rollbackTo":
      return names.slice(0, names.lastIndexOf(action.name) + 1);
    case "release":
      return names.slice(0, Math.max(0, names.lastIndexOf(action.name)));
    default:
      return names;
  }
}
