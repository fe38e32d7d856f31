import { type ErrorKind, realises, sqlstatesOf } from "./errors.ts";
import type { Micros } from "./operation.ts";
import type { Fail, Response } from "./response.ts";
import type { OutboxState } from "./state.ts";
import type { Write } from "./write.ts";

/** What an operation needs to know besides the state that it reads. */
export interface Circumstances {
  /** The calling transaction's now. */
  readonly now: Micros;
  /** The retry ceiling, null when the database's setting is bad (contract 3, outbox_retry_ceiling). */
  readonly ceiling: number | null;
  /** Does another open transaction hold the pending row's lock? Only then may claim and repair pass over it. */
  readonly lockedByAnother: (outboxId: string) => boolean;
  /** The rows as the statement's own snapshot has them, with its transaction's writes. */
  readonly statement: OutboxState;
  /** The latest committed rows with the transaction's own writes: what a unique index sees, whatever the snapshot. */
  readonly latest: OutboxState;
  /** Was the token never returned by any claim before? */
  readonly freshToken: (token: string) => boolean;
}

/** Why a response is not allowed. `rule` is part of a counterexample's signature, so it never holds values. */
export interface Refusal {
  readonly allowed: false;
  readonly rule: string;
  /** What the contract would have allowed, each in a line. */
  readonly expected: readonly string[];
}

/** The model is result-directed: it is shown the response, and says which effects would allow it. */
export type Judgement = { readonly allowed: true; readonly writes: readonly Write[] } | Refusal;

export function accept(writes: readonly Write[] = []): Judgement {
  return { allowed: true, writes };
}

export function refuse(rule: string, ...expected: readonly string[]): Refusal {
  return { allowed: false, rule, expected };
}

/** "fail P7002 (LEASE_LOST)" */
export function describeError(kind: ErrorKind): string {
  return `fail ${sqlstatesOf[kind].join("|")} (${kind})`;
}

/** Judges a response where the errors apply: where several do, any of them is right (contract 3, "Bad argument"). */
export function mustFail(operation: string, errors: readonly ErrorKind[], response: Response): Judgement {
  if (response.kind === "fail" && errors.some((kind) => realises(response.sqlstate, kind))) return accept();
  return refuse(`${operation}: must fail with ${errors.join(" or ")}`, ...errors.map(describeError));
}

/** Judges a failure where no error applies. */
export function mustNotFail(operation: string, fail: Fail): Refusal {
  return refuse(`${operation}: must not fail, failed with ${fail.sqlstate}`, "ok");
}
