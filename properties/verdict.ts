/** A difference between what happened and what the contract allows. Data first: text is made from it in reports. */
export interface Violation {
  /** Which oracle saw it: an invariant by name, the response or the state by the model, or the audit of determinism. */
  readonly oracle: "invariant" | "response" | "state" | "determinism";
  /** INV-01 ... INV-20, when an invariant saw it. */
  readonly invariant: string | null;
  /** The rule broken, without values: part of the signature. */
  readonly rule: string;
  /** Index of the history's event at which it shows. */
  readonly event: number;
  /** What would have been allowed, each in a line. */
  readonly expected: readonly string[];
  readonly observed: string;
}

export type Verdict =
  | { readonly kind: "ok" }
  /** The first is the one that names the counterexample. */
  | { readonly kind: "violated"; readonly violations: readonly [Violation, ...Violation[]] }
  | { readonly kind: "unknown"; readonly reason: string };

/** What makes two counterexamples the same bug. */
export function signatureOf(violation: Violation): string {
  return `${violation.invariant ?? violation.oracle}: ${violation.rule}`;
}
