import { printable } from "../terminal/printable.ts";

/** Characters of a text that a page shows: a hostile value may be a megabyte. */
const longestText = 10_000;

/** The value as a page may hold it: in all its texts, names included, characters that a reader would not see or that turn
 *  the text around are written as escapes, and what is far too long is cut. */
export function embeddable(value: unknown): unknown {
  if (typeof value === "string") return printable(cut(value));
  if (Array.isArray(value)) return value.map(embeddable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [printable(cut(name)), embeddable(each)]),
  );
}

function cut(text: string): string {
  return text.length <= longestText
    ? text
    : `${text.slice(0, longestText)}... (${Buffer.byteLength(text)} bytes)`;
}
