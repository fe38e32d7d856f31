import type { Lease } from "../../../schema/json/explanation.ts";

/** A lease as it is drawn. */
export interface LeaseSpan {
  readonly lease: Lease;
  readonly column: number;
  readonly from: number;
  /** The line at which it ended or, if nobody ended it, the last one. */
  readonly to: number;
}

/** The leases in as few columns as they need: those of one column do not overlap. */
export function leaseColumns(leases: readonly Lease[], lines: number): readonly LeaseSpan[] {
  const ends: number[] = [];
  return leases.map((lease) => {
    const { granted: from, ended } = lease;
    const to = Math.max(from, ended ?? lines - 1);
    const free = ends.findIndex((end) => end < from);
    const column = free < 0 ? ends.length : free;
    ends[column] = to;
    return { lease, column, from, to };
  });
}
