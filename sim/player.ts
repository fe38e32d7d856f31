import type { Action } from "./history.ts";
import type { Call } from "./schedule.ts";
import type { Session } from "./session.ts";
import type { Wait } from "./waits.ts";

/** A session's part of the performance. */
export interface Player {
  readonly index: number;
  readonly session: Session;
  /** Index of its open explicit transaction, null outside one. */
  transaction: number | null;
  /** Of that transaction, the innermost last. */
  savepoints: readonly string[];
  /** Its call in flight. */
  call: InFlight | null;
  /** Its next call waits for no lock. */
  impatient: boolean;
  /** The answer to its next COMMIT, or call that is a transaction of its own, is lost. */
  deaf: boolean;
}

export interface InFlight {
  readonly id: number;
  readonly action: Action;
  /** The call as the schedule names it, for the references that its answer brings. */
  readonly symbolic: Call | null;
  readonly transaction: number;
  readonly autocommit: boolean;
  /** Which of the results answers it, from the end. */
  readonly answerAt: number;
  /** Its answer is lost. */
  readonly unheard: boolean;
  /** May it wait for a lock? Not where it gives up, or is cancelled. */
  patient: boolean;
  /** The lock wait that it was last seen in. */
  wait: Wait | null;
  /** It stands at a yield point. */
  parked: boolean;
}
