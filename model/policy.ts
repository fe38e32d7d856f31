import type { ErrorKind } from "./errors.ts";
import { accept, type Circumstances, type Judgement, mustFail, mustNotFail, refuse } from "./judgement.ts";
import {
  type DemotePolicy,
  type InsertPolicy,
  type Micros,
  type PolicyStatus,
  type SetPolicy,
  microsPerSecond,
} from "./operation.ts";
import type { PolicyRow, Response } from "./response.ts";
import { activeSlot, type OutboxState, type PolicyVersion } from "./state.ts";
import type { Write } from "./write.ts";

/** Model of INSERT INTO policy_versions (contract 2). What is unique is judged on the latest committed rows, whatever the
 *  snapshot: an ACTIVE row beside another one, and a version that exists, are 23505. */
export function judgeInsertPolicy(
  op: InsertPolicy,
  response: Response,
  { now, latest }: Circumstances,
): Judgement {
  const errors: ErrorKind[] = [];
  if (isMalformed(op.status, op.graceSeconds) || op.checksum === null || op.checksum === "") {
    errors.push("bad argument");
  }
  if (latest.policies.has(op.version) || (op.status === "ACTIVE" && activeVersion(latest) !== null)) {
    errors.push("not unique");
  }
  if (errors.length > 0) return mustFail("insert policy", errors, response);
  if (response.kind === "fail") return mustNotFail("insert policy", response);
  if (response.rows.length > 0) return refuse("insert policy: returns no row", "no rows");
  const row: PolicyVersion = {
    version: op.version,
    status: op.status,
    activatedAt: now,
    graceExpiresAt: graceEnd(op.graceSeconds, now),
    checksum: op.checksum ?? "",
    createdAt: now,
    isActive: op.status === "ACTIVE",
  };
  return accept(policyWrites(undefined, row));
}

/** Model of UPDATE policy_versions ... WHERE version = the given one, which must be in the statement's snapshot. */
export function judgeSetPolicy(
  view: OutboxState,
  op: SetPolicy,
  response: Response,
  circumstances: Circumstances,
): Judgement {
  const seen = circumstances.statement.policies.has(op.version);
  return judgeUpdate("set policy", seen ? [view.policies.get(op.version)] : [], op, response, circumstances);
}

/** Model of UPDATE policy_versions ... WHERE status = 'ACTIVE': a row that was ACTIVE in the statement's snapshot, and still
 *  is once it is locked. One that became ACTIVE meanwhile is not seen. */
export function judgeDemotePolicy(
  view: OutboxState,
  op: DemotePolicy,
  response: Response,
  circumstances: Circumstances,
): Judgement {
  const wasActive = activeVersion(circumstances.statement);
  const row = wasActive === null ? undefined : view.policies.get(wasActive);
  return judgeUpdate("demote policy", row?.isActive === true ? [row] : [], op, response, circumstances);
}

function judgeUpdate(
  name: string,
  rows: readonly (PolicyVersion | undefined)[],
  { status, graceSeconds }: { readonly status: PolicyStatus; readonly graceSeconds: number | null },
  response: Response,
  { now, latest }: Circumstances,
): Judgement {
  const [before] = rows;
  const errors: ErrorKind[] = [];
  if (before !== undefined && isMalformed(status, graceSeconds)) errors.push("bad argument");
  const active = activeVersion(latest);
  if (before !== undefined && status === "ACTIVE" && active !== null && active !== before.version) {
    errors.push("not unique");
  }
  if (errors.length > 0) return mustFail(name, errors, response);
  if (response.kind === "fail") return mustNotFail(name, response);
  const changed = (response.rows as readonly PolicyRow[]).map((row) => row.version).join();
  const expected = before?.version ?? "";
  if (changed !== expected)
    return refuse(`${name}: changes the rows it should`, `the versions [${expected}]`);
  if (before === undefined) return accept();
  const after: PolicyVersion = {
    ...before,
    status,
    isActive: status === "ACTIVE",
    activatedAt: status === "ACTIVE" ? now : before.activatedAt,
    graceExpiresAt: graceEnd(graceSeconds, now),
  };
  return accept(policyWrites(before, after));
}

/** "GRACE needs grace_expires_at, ACTIVE must not have one" (contract 2). */
function isMalformed(status: PolicyStatus, graceSeconds: number | null): boolean {
  return (status === "GRACE" && graceSeconds === null) || (status === "ACTIVE" && graceSeconds !== null);
}

function graceEnd(graceSeconds: number | null, now: Micros): Micros | null {
  return graceSeconds === null ? null : now + graceSeconds * microsPerSecond;
}

function activeVersion(state: OutboxState): string | null {
  return state.activePolicy.get(activeSlot) ?? null;
}

/** The row, and the one place for an ACTIVE row if it is taken or given up: whoever wants that place must wait. */
function policyWrites(before: PolicyVersion | undefined, row: PolicyVersion): readonly Write[] {
  const write: Write = { table: "policies", id: row.version, row };
  if (before?.isActive !== true && !row.isActive) return [write];
  return [write, { table: "activePolicy", id: activeSlot, version: row.isActive ? row.version : null }];
}
