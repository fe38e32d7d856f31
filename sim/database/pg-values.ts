import pg from "pg";

/** The server's type numbers (pg_type.oid), fixed for the built-in types. */
const int8 = 20;
const json = 114;
const timestamptz = 1184;
const jsonb = 3802;

/** ISO text of a timestamptz in a session whose TimeZone is UTC. BC, infinity and years of five digits do not match. */
const utcText = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?\+00$/;

/** Microseconds since 1970 of a timestamptz's text, exactly. Throws a RangeError for infinity, BC, another time zone, and
 *  for years outside 1685 to 2255, whose microseconds a double cannot hold exactly. */
export function parseTimestamptz(text: string): number {
  const match = utcText.exec(text);
  if (match === null) throw new RangeError(`not a finite UTC timestamptz: ${text}`);
  const [, day, time, fraction] = match;
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  const milliseconds = Date.parse(`${String(day)}T${String(time)}Z`);
  return safe(milliseconds * 1000 + Number((fraction ?? "").padEnd(6, "0")), text);
}

/** The inverse of parseTimestamptz: ISO text in UTC, always with six digits of fraction. Throws a RangeError for what is
 *  no safe integer. */
export function formatTimestamptz(microseconds: number): string {
  safe(microseconds, String(microseconds));
  const seconds = Math.floor(microseconds / 1_000_000);
  const fraction = microseconds - seconds * 1_000_000;
  const [day, time] = new Date(seconds * 1000).toISOString().split("T") as [string, string];
  return `${day} ${time.slice(0, 8)}.${String(fraction).padStart(6, "0")}+00`;
}

function safe(value: number, text: string): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`beyond the exact integers of a double: ${text}`);
  return value;
}

const asText = (text: string): string => text;

const own: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [int8, (text) => safe(Number(text), text)],
  [timestamptz, parseTimestamptz],
  // As text: what the server prints is what is compared, byte for byte; a parsed number would lose digits.
  [json, asText],
  [jsonb, asText],
]);

/** The driver's conversions with ours in front. */
export const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    own.get(oid) ?? (pg.types.getTypeParser(oid, format) as (text: string) => unknown),
};
