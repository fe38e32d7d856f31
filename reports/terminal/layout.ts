import type pico from "picocolors";

/** How text is styled: picocolors' functions, which do nothing where colours are off. */
export type Style = ReturnType<typeof pico.createColors>;

/** Width of a page, in columns: what any terminal has. */
export const pageWidth = 80;

/** Breaks a text at blanks into lines of at most `width`; a word that is longer is cut. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((long) => cut(long, width))) {
    if (line === "") line = word;
    else if (line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function cut(word: string, width: number): readonly string[] {
  const parts = [word.slice(0, width)];
  for (let at = width; at < word.length; at += width) parts.push(word.slice(at, at + width));
  return parts;
}

/** A text behind a lead, its further lines below its first. */
export function hanging(lead: string, text: string): readonly string[] {
  const blank = " ".repeat(lead.length);
  return wrap(text, pageWidth - lead.length).map((line, index) => `${index === 0 ? lead : blank}${line}`);
}
