import type { Timeline } from "../timeline.ts";

/** Where and how an invariant is broken. */
export interface Fault {
  /** Index of the history's event at which it shows. */
  readonly event: number;
  /** The rule, without values. */
  readonly rule: string;
  readonly expected: string;
  readonly observed: string;
}

/** A statement of contract 5, checked on the history alone, independently of the model. */
export interface Invariant {
  readonly id: `INV-${number}`;
  readonly name: string;
  readonly statement: string;
  /** The first fault, or null. */
  readonly check: (timeline: Timeline) => Fault | null;
}

/** The first fault that any of the items shows, in their order. */
export function firstFault<T>(items: Iterable<T>, faultOf: (item: T) => Fault | null): Fault | null {
  for (const item of items) {
    const fault = faultOf(item);
    if (fault !== null) return fault;
  }
  return null;
}
