import { type Grantee, grantees, sameObject, tables } from "../../model/privilege-table.ts";
import { attempts } from "./attempt.ts";
import { type Attack, type Attacker, isAllowed, type Through } from "./attack.ts";
import { connectAsMember } from "./members.ts";
import { operationsOn } from "./operations/index.ts";
import type { Operation } from "./operations/operation.ts";
import type { Scene } from "./scene.ts";
import { denied } from "./target.ts";
import type { Subject } from "./subject.ts";
import { violation, type PrivilegeViolation } from "./violation.ts";

/** One cell: an object and something tried with it, with what the owner gets for it. */
export interface Cell {
  readonly subject: Subject;
  readonly operation: Operation;
  readonly forOwner: string;
}

/** Every operation on every object, done by the owner, a superuser. Throws where that fails for another reason than the
 *  database's state: then the operation would prove nothing when it is refused to somebody else. */
export async function cellsOf(scene: Scene): Promise<readonly Cell[]> {
  const attempt = attempts(scene.connection, scene.tally);
  const cells: Cell[] = [];
  for (const subject of scene.subjects) {
    for (const operation of operationsOn(subject, scene)) {
      const forOwner = await attempt(operation, "");
      // Class 42: syntax error or access rule violation.
      if (forOwner.startsWith("42"))
        throw new Error(`${operation.id} on ${subject.object.name} is no operation: ${forOwner}`);
      cells.push({ subject, operation, forOwner });
    }
  }
  return cells;
}

const appendOnly = [tables.attempts, tables.attestations, tables.revokedCertificates, tables.revokedTokens];
const guarded = "P0001";

/** The append-only tables are so for their owner too, superuser or not, triggers switched off or not (contract 2). */
export async function* ownersViolations(
  { connection, tally }: Scene,
  cells: readonly Cell[],
): AsyncGenerator<PrivilegeViolation> {
  const attempt = attempts(connection, tally);
  for (const cell of cells.filter(isGuarded)) {
    const asReplica = await attempt(cell.operation, "SET LOCAL session_replication_role = replica;");
    for (const outcome of [cell.forOwner, asReplica].filter((each) => each !== guarded)) {
      const attack = attackOf(cell, "owner", "login");
      yield violation(attack, "an append-only table can be changed by its owner", [guarded], outcome);
    }
  }
}

const isGuarded = ({ subject, operation }: Cell): boolean =>
  operation.mutates && appendOnly.some((table) => sameObject(table, subject.object));

/** Every cell as every grantee, in both ways, each really done. */
export async function* matrixViolations(
  scene: Scene,
  cells: readonly Cell[],
): AsyncGenerator<PrivilegeViolation> {
  for (const who of grantees) {
    const connection = await connectAsMember(scene.target, scene.members, who);
    try {
      const attempt = attempts(connection, scene.tally);
      for (const through of waysOf(who)) {
        for (const cell of cells) {
          const outcome = await attempt(cell.operation, startOf(who, through));
          yield* judge(attackOf(cell, who, through), cell, outcome);
        }
      }
    } finally {
      await connection.close();
    }
  }
}

/** PUBLIC is no role that one could SET. */
const waysOf = (who: Grantee): readonly Through[] => (who === "PUBLIC" ? ["login"] : ["login", "set role"]);

const startOf = (who: Grantee, through: Through): string =>
  through === "set role" ? `SET LOCAL ROLE ${who};` : "";

export const attackOf = ({ subject, operation }: Cell, who: Attacker, through: Through): Attack => ({
  who,
  through,
  object: subject.object,
  operation: operation.id,
  needs: operation.needs,
});

/** Who may, gets what the owner gets; who may not, is refused for that reason and no other. */
function judge(attack: Attack, cell: Cell, outcome: string): readonly PrivilegeViolation[] {
  const allowed = isAllowed(attack.who, attack.object, cell.operation.needs);
  const expected = allowed ? cell.forOwner : denied;
  if (outcome === expected) return [];
  const rule = allowed ? "is refused what section 4 lists" : "can do what section 4 does not list";
  return [violation(attack, rule, [expected], outcome)];
}
