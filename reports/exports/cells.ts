import { formatMicros } from "../../sim/clock/virtual-clock.ts";

/** A value of a history as PostgreSQL prints it, its time zone being UTC; null as nothing. */
export function cellOf(value: unknown): string {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "t" : "f";
  if (typeof value === "number" && value > leastMicros) return timeOf(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Times are microseconds since 1970; no other number of the outbox is as large. */
const leastMicros = 1e15;

function timeOf(micros: number): string {
  return `${formatMicros(micros)
    .replace("T", " ")
    .replace(/\.?0*Z$/, "")}+00`;
}

/** The cells of a row in the order of their texts, whatever its columns are called. The payload is left out: as JSON it can be
 *  written in several ways. */
export function cellsOf(row: object): readonly string[] {
  return Object.entries(row)
    .filter(([column]) => column !== "payload")
    .map(([, value]) => cellOf(value))
    .sort();
}
