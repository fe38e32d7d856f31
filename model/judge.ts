import { judgeCeiling } from "./ceiling.ts";
import { judgeClaim } from "./claim.ts";
import { judgeComplete } from "./complete.ts";
import { judgeEnqueue } from "./enqueue.ts";
import type { Circumstances, Judgement } from "./judgement.ts";
import type { Operation } from "./operation.ts";
import { judgeAttest, judgeRevoke, judgeTamper } from "./ledger.ts";
import { judgeDemotePolicy, judgeInsertPolicy, judgeSetPolicy } from "./policy.ts";
import { judgeRepair } from "./repair.ts";
import type { Response } from "./response.ts";
import type { OutboxState } from "./state.ts";

/** Is the response allowed in this state, and with which effects? Total and pure: the whole outbox (contract 3) is behind this line. */
export function judge(
  view: OutboxState,
  op: Operation,
  response: Response,
  circumstances: Circumstances,
): Judgement {
  switch (op.kind) {
    case "enqueue":
      return judgeEnqueue(view, op, response, circumstances);
    case "claim":
      return judgeClaim(view, op, response, circumstances);
    case "complete":
      return judgeComplete(view, op, response, circumstances);
    case "repair":
      return judgeRepair(view, op, response, circumstances);
    case "ceiling":
      return judgeCeiling(response, circumstances);
    case "insertPolicy":
      return judgeInsertPolicy(op, response, circumstances);
    case "setPolicy":
      return judgeSetPolicy(view, op, response, circumstances);
    case "demotePolicy":
      return judgeDemotePolicy(view, op, response, circumstances);
    case "attest":
      return judgeAttest(op, response, circumstances);
    case "revoke":
      return judgeRevoke(op, response, circumstances);
    case "tamper":
      return judgeTamper(op, response);
  }
}
