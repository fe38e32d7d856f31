import { InvalidArgumentError } from "commander";

/** A parser of whole numbers in a range, for an option. */
export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
  };
}

/** A share of a whole: 0 to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (/^(\d+\.?\d*|\.\d+)$/.test(text) && value <= 1) return value;
  throw new InvalidArgumentError("It must be a number from 0 to 1: 0.02 is one in fifty.");
}

/** Minutes, with a fraction or without. A day at most: the timer's own limit is 24 days. */
export function minutes(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= 1440) return value;
  throw new InvalidArgumentError("It must be a number above 0, 1440 at most.");
}

/** A shard's number, from 1, and how many there are. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** "2/3" */
export function shard(text: string): Shard {
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index !== undefined && count !== undefined && index >= 1 && index <= count) return { index, count };
  throw new InvalidArgumentError("It must be i/n, i from 1 to n: 1/2 and 2/2 are the halves of a campaign.");
}
