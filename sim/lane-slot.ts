import type { Lane } from "./lane.ts";

/** Opens a lane whose functions have yield points, or are as they were migrated. */
export type OpenLane = (yields: boolean) => Promise<Lane>;

/** A place for one lane of each kind: opened when it is first wanted, and again after a case that left it unusable. */
export class LaneSlot {
  private readonly lanes = new Map<boolean, Lane>();

  constructor(private readonly open: OpenLane) {}

  async get(yields: boolean): Promise<Lane> {
    const lane = this.lanes.get(yields) ?? (await this.open(yields));
    this.lanes.set(yields, lane);
    return lane;
  }

  async close(): Promise<void> {
    const lanes = [...this.lanes.values()];
    this.lanes.clear();
    for (const lane of lanes) await lane.close();
  }

  /** Gives up a lane that a case left unusable. Where it can't even be closed, the next one can't be opened either, and
   *  that is said. */
  async abandon(yields: boolean): Promise<void> {
    const lane = this.lanes.get(yields);
    this.lanes.delete(yields);
    await lane?.close().catch(() => undefined);
  }
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
