/** A value of JSON. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** As to_jsonb writes a timestamptz, whatever DateStyle says. */
const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$/;

/** Rows up to ids and times (INV-17 asks no more): a time is told by its distance from the transaction's start, a uuid by
 *  its version and where it came first. The order of rows is of no meaning. */
export function normaliser(startMs: number): (rows: readonly string[]) => readonly string[] {
  const seen = new Map<string, number>();
  const number = (value: string): number => {
    const known = seen.get(value) ?? seen.size + 1;
    seen.set(value, known);
    return known;
  };
  return (rows) =>
    rows
      .map((row) => JSON.parse(row) as Json)
      .map((row) => ({ row, order: JSON.stringify(mapTexts(row, (text) => plain(text, startMs))) }))
      .sort((a, b) => (a.order < b.order ? -1 : 1))
      .map(({ row }) =>
        JSON.stringify(
          mapTexts(row, (text) =>
            uuid.test(text) ? `${plain(text, startMs)} ${String(number(text))}` : plain(text, startMs),
          ),
        ),
      );
}

function plain(text: string, startMs: number): string {
  const version = uuid.exec(text)?.[1];
  if (version !== undefined) return `uuid ${version}`;
  return timestamp.test(text) ? `start + ${String(Date.parse(text) - startMs)} ms` : text;
}

function mapTexts(value: Json, map: (text: string) => string): Json {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => mapTexts(each, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, map)]));
}
