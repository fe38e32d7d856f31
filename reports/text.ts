import type { Micros } from "../model/operation.ts";
import { epoch } from "../sim/clock/virtual-clock.ts";

/** A time of the virtual clock since its epoch: "+1.000001s". */
export function sinceEpoch(micros: Micros): string {
  const elapsed = micros - epoch;
  const size = Math.abs(elapsed);
  const seconds = Math.floor(size / 1_000_000);
  return `${elapsed < 0 ? "-" : "+"}${seconds}.${String(size % 1_000_000).padStart(6, "0")}s`;
}

/** Texts of the oracles hold times as microseconds since 1970: 16 digits, which nothing else has. */
export function withReadableTimes(text: string): string {
  return text.replace(/\b\d{16}\b/g, (digits) => sinceEpoch(Number(digits)));
}

const longest = 24;

/** A value as a reader sees it: bare where it is plain, quoted otherwise, cut where it is long, NULL for null. */
export function shortValue(value: unknown): string {
  if (value === null) return "NULL";
  if (value === undefined) return "missing";
  if (typeof value === "number" && Number.isSafeInteger(value)) return withReadableTimes(String(value));
  if (typeof value !== "string") return JSON.stringify(value);
  if (value.length > longest)
    return `${JSON.stringify(value.slice(0, longest))}... (${new TextEncoder().encode(value).length} bytes)`;
  return /^[\w.+/-]+$|^\{\}$/.test(value) ? value : JSON.stringify(value);
}

/** "a=1 b=x" */
export function shortPairs(pairs: Readonly<Record<string, unknown>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}=${shortValue(value)}`)
    .join(" ");
}

/** Those that have a value. */
export function withoutNulls(pairs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(pairs).filter(([, value]) => value !== null));
}
