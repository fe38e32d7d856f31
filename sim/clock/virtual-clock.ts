import { type Micros, microsPerSecond } from "../../model/operation.ts";

/** 2026-01-01T00:00:00Z */
export const epoch: Micros = 1_767_225_600_000_000;

/** 2180-01-01T00:00:00Z: from here the longest lease (2^31 seconds) still ends within the exact integers of a double. */
const endOfTime: Micros = 6_626_966_400_000_000;

/** The end of the longest lease or back-off that begins at the end of time, and a day. Still exact. */
export const lastDeadline: Micros = endOfTime + (2 ** 31 + 86_400) * microsPerSecond;

/** The case's time. It ticks one microsecond at each transaction's start, so that no two rows tie, except right after a
 *  jump to a deadline, which would otherwise be missed; or it stands still between jumps. */
export class VirtualClock {
  private micros: Micros = epoch;
  private atDeadline = false;

  constructor(private readonly ticks = true) {}

  get now(): Micros {
    return this.micros;
  }

  /** The now of a transaction that starts here. */
  startTransaction(): Micros {
    if (this.ticks && !this.atDeadline) this.micros += 1;
    this.atDeadline = false;
    return this.micros;
  }

  /** Jumps forward; false if that is not forward, or beyond the end of time. */
  jumpTo(target: Micros, end = endOfTime): boolean {
    if (target <= this.micros || target > end) return false;
    this.micros = target;
    this.atDeadline = true;
    return true;
  }
}

/** "2026-01-01T00:00:00.000001Z" */
export function formatMicros(micros: Micros): string {
  const seconds = Math.floor(micros / 1_000_000);
  const fraction = String(micros - seconds * 1_000_000).padStart(6, "0");
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}
