import fc from "fast-check";
import { type Grantee, grantees } from "../../../model/privilege-table.ts";
import type { Connection } from "../../../sim/database/connection.ts";
import { isAllowed } from "../attack.ts";
import { type Attempt, attempts } from "../attempt.ts";
import { attackOf, type Cell } from "../matrix.ts";
import { connectAsMember } from "../members.ts";
import type { Scene } from "../scene.ts";
import { denied } from "../target.ts";
import { violation, type PrivilegeViolation } from "../violation.ts";
import { preparationsArbitrary } from "./arbitrary.ts";
import type { Preparation } from "./disguise.ts";
import { prepare, surroundingsOf } from "./prepare.ts";
import { fewestPreparations } from "./shrink.ts";

/** Random attacks of the matrix after random preparations: who may not, still may not. */
export async function* disguisedMatrixViolations(
  scene: Scene,
  cells: readonly Cell[],
  options: { readonly seed: number; readonly runs: number },
): AsyncGenerator<PrivilegeViolation> {
  const sessions = new Map<Grantee, Session>();
  try {
    for (const who of grantees) {
      const connection = await connectAsMember(scene.target, scene.members, who);
      sessions.set(who, { connection, attempt: attempts(connection, scene.tally) });
    }
    const attack = async (who: Grantee, preparations: readonly Preparation[], cell: Cell) => {
      const session = sessions.get(who);
      return session === undefined ? [] : attackOn(session, scene, who, preparations, cell);
    };
    const property = fc.asyncProperty(
      fc.constantFrom(...grantees),
      preparationsArbitrary,
      fc.constantFrom(...cells.filter(canBeDisguised)),
      async (who, preparations, cell) => (await attack(who, preparations, cell)).length === 0,
    );
    const { counterexample } = await fc.check(property, {
      seed: options.seed,
      numRuns: options.runs,
      endOnFailure: true,
    });
    if (counterexample === null) return;
    const [who, preparations, cell] = counterexample;
    const fewest = await fewestPreparations(
      preparations,
      async (candidate) => (await attack(who, candidate, cell)).length > 0,
    );
    yield* await attack(who, fewest, cell);
  } finally {
    for (const { connection } of sessions.values()) await connection.close();
  }
}

/** A member's connection. */
interface Session {
  readonly connection: Connection;
  readonly attempt: Attempt;
}

/** What needs a privilege: definitions of the owner's are for the owner, whatever else there is. */
const canBeDisguised = ({ operation }: Cell): boolean =>
  "privileges" in operation.needs && !operation.outsideTransaction;

async function attackOn(
  { connection, attempt }: Session,
  scene: Scene,
  who: Grantee,
  preparations: readonly Preparation[],
  cell: Cell,
): Promise<readonly PrivilegeViolation[]> {
  const outcome = await attempt(cell.operation, "", () =>
    prepare(connection, surroundingsOf(scene, who), { preparations, argument: "plain" }),
  );
  const allowed = isAllowed(who, cell.subject.object, cell.operation.needs);
  if (allowed !== (outcome === denied)) return [];
  const attack = { ...attackOf(cell, who, "login"), preparations };
  return [violation(attack, "preparations change rights", [allowed ? "not 42501" : denied], outcome)];
}
