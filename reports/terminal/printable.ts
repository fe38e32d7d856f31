/** Control characters, those of C1, line and paragraph separators, zero-width and bidirectional marks: what a terminal
 *  would obey, or a reader would not see. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** The text with such characters written as escapes: a value of the subject can't move the cursor or forge a line. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
