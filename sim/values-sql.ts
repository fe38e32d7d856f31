import { quoteLiteral } from "./database/quote.ts";

/** A value as SQL of its type, quoted by the driver. */
export function typed(value: string | null, type: string): string {
  return `${value === null ? "NULL" : quoteLiteral(value)}::${type}`;
}

export function text(value: string | null): string {
  return typed(value, "text");
}

export function int(value: number | null): string {
  return value === null ? "NULL::int" : `${value < 0 ? `(${value})` : String(value)}::int`;
}

/** So many seconds after the transaction's now; null for no time. */
export function secondsFromNow(seconds: number | null): string {
  return seconds === null ? "NULL::timestamptz" : `now() + make_interval(secs => ${int(seconds)})`;
}
