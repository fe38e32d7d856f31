import type { Lane } from "./lane.ts";
import { hasCrashes, hasYields, type Schedule } from "./schedule.ts";

/** What a schedule needs of the lane that it is played on. */
export interface LaneKind {
  /** Its functions have yield points, or are as they were migrated. */
  readonly yields: boolean;
  /** It has its server for itself, which may crash. */
  readonly crashes: boolean;
}

export const plainLane: LaneKind = { yields: false, crashes: false };

export function laneKindOf(schedule: Schedule): LaneKind {
  return { yields: hasYields(schedule), crashes: hasCrashes(schedule) };
}

export type OpenLane = (kind: LaneKind) => Promise<Lane>;

/** A place for one lane of each kind: opened when it is first wanted, and again after a case that left it unusable. Of those
 *  that crash there is one at a time: their server is the slot's, and another lane on it would go down too. */
export class LaneSlot {
  private readonly lanes = new Map<string, Lane>();

  constructor(private readonly open: OpenLane) {}

  async get(kind: LaneKind): Promise<Lane> {
    const known = this.lanes.get(nameOf(kind));
    if (known !== undefined) return known;
    if (kind.crashes) await this.abandon({ ...kind, yields: !kind.yields });
    const lane = await this.open(kind);
    this.lanes.set(nameOf(kind), lane);
    return lane;
  }

  async close(): Promise<void> {
    const lanes = [...this.lanes.values()];
    this.lanes.clear();
    for (const lane of lanes) await lane.close();
  }

  /** Gives up a lane that a case left unusable, or another one takes the place of. Where it can't even be closed, the next
   *  one can't be opened either, and that is said. */
  async abandon(kind: LaneKind): Promise<void> {
    const lane = this.lanes.get(nameOf(kind));
    this.lanes.delete(nameOf(kind));
    await lane?.close().catch(() => undefined);
  }
}

function nameOf({ yields, crashes }: LaneKind): string {
  return `${yields} ${crashes}`;
}

/** Gives the action a slot, and closes it whatever happens. */
export async function withLaneSlot<T>(open: OpenLane, action: (slot: LaneSlot) => Promise<T>): Promise<T> {
  const slot = new LaneSlot(open);
  try {
    return await action(slot);
  } finally {
    await slot.close();
  }
}
