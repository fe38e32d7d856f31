import type { Hunt } from "../../properties/planted/hunt.ts";
import type { Search, Subject, Way } from "./way.ts";

/** What each way has come to, in the order of the ways. */
export interface Comparison extends Pick<Subject, "bug"> {
  readonly hunts: readonly Hunt[];
}

/** Looks for a bug in each of the ways, one after another. Null where it was stopped: then it was not looked for. */
export async function compare(
  subject: Subject,
  ways: readonly Way[],
  search: Search,
): Promise<Comparison | null> {
  const hunts: Hunt[] = [];
  for (const way of ways) {
    hunts.push(await way.find(subject, search));
    if (search.stop.aborted) return null;
  }
  return { bug: subject.bug, hunts };
}
