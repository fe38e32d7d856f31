import { definitionViolations } from "./definitions.ts";
import { cellsOf, matrixViolations, ownersViolations } from "./matrix.ts";
import { type Scene, withScene } from "./scene.ts";
import type { PrivilegeTarget } from "./target.ts";
import type { PrivilegeViolation } from "./violation.ts";
import { everyWayViolations, randomWaysViolations } from "./ways-round/check.ts";
import { disguisedMatrixViolations } from "./ways-round/disguised-matrix.ts";

export interface PrivilegeCheck {
  readonly seed: number;
  /** Random ways round, and as many random attacks of the matrix in disguise. */
  readonly runs: number;
}

/** INV-17 on a migrated database of the harness's own: everything that section 4 lists and does not list, really done as
 *  every role, then the ways round. Nothing found is no proof. Adds objects, a schema and, for its time, LOGIN roles: for
 *  a throw-away database on a cluster of our own. */
export async function checkPrivileges(
  target: PrivilegeTarget,
  check: PrivilegeCheck,
): Promise<readonly PrivilegeViolation[]> {
  return withScene(target, async (scene) => {
    const found: PrivilegeViolation[] = [];
    for await (const each of privilegeViolations(scene, check)) found.push(each);
    return found;
  });
}

/** All parts of the check, one after another: who needs no more than one violation stops early. */
export async function* privilegeViolations(
  scene: Scene,
  check: PrivilegeCheck,
): AsyncGenerator<PrivilegeViolation> {
  yield* definitionViolations(scene);
  const cells = await cellsOf(scene);
  yield* ownersViolations(scene.connection, cells);
  yield* matrixViolations(scene, cells);
  yield* everyWayViolations(scene);
  yield* randomWaysViolations(scene, check);
  yield* disguisedMatrixViolations(scene, cells, check);
}
