import type { Lane } from "./lane.ts";

/** A place for one lane: opened when it is first wanted, and again after a case that left it unusable. */
export class LaneSlot {
  private lane: Lane | null = null;

  constructor(private readonly open: () => Promise<Lane>) {}

  async get(): Promise<Lane> {
    this.lane ??= await this.open();
    return this.lane;
  }

  async close(): Promise<void> {
    const lane = this.lane;
    this.lane = null;
    await lane?.close();
  }

  /** Gives up a lane that a case left unusable. Where it can't even be closed, the next one can't be opened either, and
   *  that is said. */
  async abandon(): Promise<void> {
    await this.close().catch(() => undefined);
  }
}

/** Gives the action a slot, and closes it whatever happens. */
export async function withLaneSlot<T>(
  open: () => Promise<Lane>,
  action: (slot: LaneSlot) => Promise<T>,
): Promise<T> {
  const slot = new LaneSlot(open);
  try {
    return await action(slot);
  } finally {
    await slot.close();
  }
}
