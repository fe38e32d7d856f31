/** JSON text with sorted keys and no white space, so that two jsonb values are equal exactly if their texts are, as far as a
 *  double tells their numbers apart. Text that is no JSON stays as it is, and equals none. */
export function canonicalJson(text: string): string {
  const value = parsed(text);
  return value === undefined ? text : JSON.stringify(sorted(value));
}

/** Is the text a JSON object (contract 3, enqueue: "a payload that is null or no object" is bad)? */
export function isJsonObject(text: string): boolean {
  const value = parsed(text);
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Undefined for text that is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
