import fc from "fast-check";
import { type Grantee, grantees } from "../../../model/privilege-table.ts";
import type { Scene } from "../scene.ts";
import type { PrivilegeViolation } from "../violation.ts";
import { disguiseArbitrary } from "./arbitrary.ts";
import { everyWay } from "./groups.ts";
import { judgeOn } from "./judge.ts";
import { plainestViolations } from "./shrink.ts";

/** The role that may call most. */
const caller: Grantee = "symphony_control";

/** Each way round, by the role that may call most. */
export async function* everyWayViolations(scene: Scene): AsyncGenerator<PrivilegeViolation> {
  const judge = judgeOn(scene);
  for (const disguise of everyWay) yield* await plainestViolations(disguise, (each) => judge(caller, each));
}

/** Random ways round together, by every role. Ends with the first that shows something. */
export async function* randomWaysViolations(
  scene: Scene,
  options: { readonly seed: number; readonly runs: number },
): AsyncGenerator<PrivilegeViolation> {
  const judge = judgeOn(scene);
  const property = fc.asyncProperty(
    fc.constantFrom(...grantees),
    disguiseArbitrary,
    async (who, disguise) => (await judge(who, disguise)).length === 0,
  );
  const { counterexample } = await fc.check(property, {
    seed: options.seed,
    numRuns: options.runs,
    // The shrinker here knows what a disguise is made of and needs a fraction of the plays.
    endOnFailure: true,
  });
  if (counterexample === null) return;
  const [who, disguise] = counterexample;
  yield* await plainestViolations(disguise, (each) => judge(who, each));
}
