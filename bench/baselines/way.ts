import type { Chase, Hunt } from "../../properties/planted/hunt.ts";
import type { PlantedBug } from "../../properties/planted/planted-bug.ts";
import type { EmbeddedServer } from "../../sim/database/embedded/provider.ts";
import type { Migration } from "../../sim/database/migrations.ts";
import type { OpenLane } from "../../sim/lane-slot.ts";
import type { ScheduleSize } from "../../properties/generate/schedules.ts";

/** Migrations in which a bug is looked for. */
export interface Subject {
  /** Null: our own, in which there is none. */
  readonly bug: PlantedBug | null;
  readonly migrations: readonly Migration[];
  readonly server: EmbeddedServer;
  /** On the stage with these migrations. */
  readonly openLane: OpenLane;
}

/** How long, and from which seed. */
export interface Search extends Pick<Chase, "isEnough" | "stop" | "secondsNow"> {
  readonly seed: number;
  /** Sessions, workers or connections, and the most steps of a case or a run. */
  readonly size: ScheduleSize;
}

/** A way to look for a bug. */
export interface Way {
  readonly id: string;
  /** What it counts, in the plural: cases, rounds. In a Hunt they are the schedules. */
  readonly counts: string;
  /** Until it sees something wrong, or it is enough. */
  readonly find: (subject: Subject, search: Search) => Promise<Hunt>;
}

/** One play of a way that has no loop of its own. */
export interface Play {
  /** What was seen, in words; null for nothing. */
  readonly signature: string | null;
  /** How much of what the way counts it was. */
  readonly count: number;
  /** It could not be judged. */
  readonly unknown: boolean;
}

/** Plays again and again, until something is seen, it is enough, or somebody stops it. */
export async function playUntilFound(
  { isEnough, stop, secondsNow }: Search,
  start: number,
  play: (index: number) => Promise<Play>,
): Promise<Hunt> {
  let signature: string | null = null;
  let [schedules, unknown] = [0, 0];
  const seconds = (): number => secondsNow() - start;
  for (let index = 0; signature === null && !stop.aborted && !isEnough(schedules, seconds()); index += 1) {
    const played = await play(index);
    signature = played.signature;
    schedules += played.count;
    if (played.unknown) unknown += 1;
  }
  return { signature, schedules, seconds: seconds(), unknown };
}
