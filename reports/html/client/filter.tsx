import { grouped } from "./numbers.ts";

interface Props {
  readonly typed: string;
  readonly onType: (text: string) => void;
  readonly shown: number;
  readonly all: number;
  /** "signatures" */
  readonly what: string;
}

/** A field for words, and how many have them all. */
export function Filter({ typed, onType, shown, all, what }: Props) {
  return (
    <p class="filter">
      <label>
        Filter <input type="search" value={typed} onInput={(event) => onType(event.currentTarget.value)} />
      </label>
      <span role="status">
        {grouped(shown)} of {grouped(all)} {what}
      </span>
    </p>
  );
}

/** Has the text all words that were typed? */
export function matches(text: string, typed: string): boolean {
  const lower = text.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
