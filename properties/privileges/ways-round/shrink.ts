import { ddmin } from "../../shrink/ddmin.ts";
import type { PrivilegeViolation } from "../violation.ts";
import { type Disguise, type Preparation, undisguised } from "./disguise.ts";

/** The preparations without which the same rule would not be broken. */
export async function fewestPreparations(
  preparations: readonly Preparation[],
  fails: (candidate: readonly Preparation[]) => Promise<boolean>,
): Promise<readonly Preparation[]> {
  return (await fails([])) ? [] : ddmin(preparations, fails);
}

/** The plainest disguise that still breaks the rule of the first violation, with what it breaks then. */
export async function plainestViolations(
  disguise: Disguise,
  judge: (disguise: Disguise) => Promise<readonly PrivilegeViolation[]>,
): Promise<readonly PrivilegeViolation[]> {
  const [first] = await judge(disguise);
  if (first === undefined) return [];
  const fails = async (candidate: Disguise): Promise<boolean> =>
    (await judge(candidate)).some(({ rule }) => rule === first.rule);
  const { argument, calling } = undisguised;
  const saidPlainly = { ...disguise, argument };
  const said = (await fails(saidPlainly)) ? saidPlainly : disguise;
  const calledPlainly = { ...said, calling };
  const called = (await fails(calledPlainly)) ? calledPlainly : said;
  const preparations = await fewestPreparations(disguise.preparations, (candidate) =>
    fails({ ...called, preparations: candidate }),
  );
  return judge({ ...called, preparations });
}
