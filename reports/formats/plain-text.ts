import { printable } from "../terminal/printable.ts";

/** What no reader of XML, and few of JSON, take: halves of surrogate pairs and non-characters. */
const noCharacter = /[\p{Surrogate}\p{Noncharacter_Code_Point}]/gu;

/** A text of the subject's own, or of a file, for a format: line breaks stay, other control characters are escaped, what is
 *  no character is replaced. The format's own marks are the format's business. */
export function plainText(text: string): string {
  return text.split("\n").map(printable).join("\n").replace(noCharacter, "\ufffd");
}

/** The same in one line. */
export function plainLine(text: string): string {
  return plainText(text).replaceAll("\n", " ");
}

/** Its first characters, and how many are missing: no longer than `most` where that is above 40. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - 40).replace(/[\uD800-\uDBFF]$/, "");
  return `${kept}... (${text.length - kept.length} more characters)`;
}
