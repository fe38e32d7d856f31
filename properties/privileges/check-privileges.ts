import { SqlError } from "../../sim/database/connection.ts";
import { definitionViolations } from "./definitions.ts";
import { type Cell, cellsOf, matrixViolations, ownersViolations } from "./matrix.ts";
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

/** What a part of the check found. */
export interface PartResult {
  /** Stable: other programs refer to it. */
  readonly id: string;
  /** What holds where nothing is found. */
  readonly name: string;
  readonly violations: readonly PrivilegeViolation[];
  /** How many operations and calls were really made. */
  readonly attempts: number;
  /** Why the part ended before it was through; null where it was. */
  readonly broken: string | null;
}

export interface PrivilegeReport {
  readonly seed: number;
  /** Different operations on single objects. */
  readonly operations: number;
  /** All that was really tried, each operation by its owner first. */
  readonly attempts: number;
  readonly parts: readonly PartResult[];
}

interface Part extends Pick<PartResult, "id" | "name"> {
  readonly violations: (
    scene: Scene,
    cells: readonly Cell[],
    check: PrivilegeCheck,
  ) => AsyncGenerator<PrivilegeViolation>;
}

const parts: readonly Part[] = [
  {
    id: "attack.append-only",
    name: "the append-only tables refuse changes to their owner too, triggers switched off or not",
    violations: ownersViolations,
  },
  {
    id: "attack.matrix",
    name: "each role can do to each object what the table of roles lists, and no more",
    violations: matrixViolations,
  },
  {
    id: "attack.disguises",
    name: "no temporary object, search_path, setting or form of a call changes what a function does",
    violations: async function* (scene) {
      yield* definitionViolations(scene);
      yield* everyWayViolations(scene);
    },
  },
  {
    id: "attack.random",
    name: "nor do random ones together, by every role",
    violations: async function* (scene, cells, check) {
      yield* randomWaysViolations(scene, check);
      yield* disguisedMatrixViolations(scene, cells, check);
    },
  },
];

/** INV-17 on a migrated database of the harness's own: everything that section 4 lists and does not list, really done as
 *  every role, then the ways round. Nothing found is no proof. Adds objects, a schema and, for its time, LOGIN roles: for
 *  a throw-away database on a cluster of our own. What the server refuses to the harness itself breaks a part off. */
export async function checkPrivileges(
  target: PrivilegeTarget,
  check: PrivilegeCheck,
): Promise<PrivilegeReport> {
  const { seed } = check;
  const whole = await orBroken(() => withScene(target, (scene) => attackAll(scene, check)));
  if (typeof whole !== "string") return { seed, ...whole };
  const unplayed = { violations: [], attempts: 0, broken: whole };
  return { seed, operations: 0, attempts: 0, parts: parts.map((part) => ({ ...named(part), ...unplayed })) };
}

async function attackAll(scene: Scene, check: PrivilegeCheck): Promise<Omit<PrivilegeReport, "seed">> {
  const cells = await cellsOf(scene);
  const results: PartResult[] = [];
  for (const part of parts) {
    const before = scene.tally.attempts;
    const violations: PrivilegeViolation[] = [];
    const broken = await orBroken(async () => {
      for await (const each of part.violations(scene, cells, check)) violations.push(each);
      return null;
    });
    results.push({ ...named(part), violations, attempts: scene.tally.attempts - before, broken });
  }
  return { operations: cells.length, attempts: scene.tally.attempts, parts: results };
}

const named = ({ id, name }: Part): Pick<PartResult, "id" | "name"> => ({ id, name });

/** The result, or what the server refused. */
async function orBroken<T>(action: () => Promise<T>): Promise<T | string> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof SqlError) return `${error.message} (SQLSTATE ${error.sqlstate})`;
    throw error;
  }
}
