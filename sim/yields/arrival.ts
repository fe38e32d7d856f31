import type { Notice } from "../database/connection.ts";

/** A session has come to a yield point: what sim.yield() tells its client. */
export interface Arrival {
  /** The yield point's number. */
  readonly point: number;
  /** How many yield points the session has come to, this one included. */
  readonly number: number;
}

/** The setting that tells a session its number. Without it sim.yield() does nothing. */
export const sessionSetting = "sim.session";

/** Null for any other message. */
export function arrivalOf({ severity, message }: Notice): Arrival | null {
  const [, point, number] = (severity === "INFO" && /^sim\.yield (\d+) (\d+)$/.exec(message)) || [];
  return point === undefined ? null : { point: Number(point), number: Number(number) };
}
