import type { PartResult, PrivilegeReport } from "../../properties/privileges/check-privileges.ts";
import type { PrivilegeViolation } from "../../properties/privileges/violation.ts";
import type { CheckResult, Problem } from "../../sim/foundation/check.ts";
import { mendOf } from "./attack-mends.ts";

/** The parts of an attack on the privileges as checks of verify. A part in which nothing was tried, or that broke off
 *  before it found something, is unknown. */
export const attackChecks = ({ parts }: PrivilegeReport): readonly CheckResult[] => parts.map(checkOf);

function checkOf({ id, name, violations, attempts, broken }: PartResult): CheckResult {
  const reason = violations.length > 0 ? null : unknownBecause(attempts, broken);
  return {
    id,
    name,
    contract: "4",
    weak: false,
    status: violations.length > 0 ? "violated" : reason === null ? "ok" : "unknown",
    problems: problemsOf(violations),
    reason,
  };
}

function unknownBecause(attempts: number, broken: string | null): string | null {
  if (broken !== null) return `the server refused what the attack itself needs: ${broken}`;
  return attempts === 0 ? "nothing was tried" : null;
}

/** One hole lets many operations through, in two ways each: one problem for each object, attacker and rule. */
function problemsOf(violations: readonly PrivilegeViolation[]): readonly Problem[] {
  const groups = new Map<string, PrivilegeViolation[]>();
  for (const each of violations) {
    const key = JSON.stringify([...subjectOf(each), each.rule]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap((group): readonly Problem[] => {
    const [first] = group;
    return first === undefined ? [] : [{ what: whatOf(first, group), ...mendOf(first) }];
  });
}

/** Who did something, and with what. */
function subjectOf({ attack }: PrivilegeViolation): readonly string[] {
  const who = "who" in attack ? [attack.who] : [];
  return "object" in attack ? [...who, `${attack.object.kind} ${attack.object.name}`] : who;
}

function whatOf(first: PrivilegeViolation, group: readonly PrivilegeViolation[]): string {
  const { rule, expected, observed } = first;
  const seen = `expected ${expected.join(" or ")}, observed ${observed}`;
  return [`${subjectOf(first).join(", ")}: ${rule}`, ...operationsIn(group), ...disguiseOf(first), seen].join(
    "; ",
  );
}

const mostNamed = 4;

/** "call, call prepared and 7 more" */
function operationsIn(group: readonly PrivilegeViolation[]): readonly string[] {
  const names = [
    ...new Set(group.flatMap(({ attack }) => ("operation" in attack ? [attack.operation] : []))),
  ];
  if (names.length === 0) return [];
  const more = names.length - mostNamed;
  return [`tried: ${names.slice(0, mostNamed).join(", ")}${more > 0 ? ` and ${more} more` : ""}`];
}

function disguiseOf({ attack }: PrivilegeViolation): readonly string[] {
  if ("disguise" in attack) return [`disguise ${JSON.stringify(attack.disguise)}`];
  const preparations = "preparations" in attack ? attack.preparations : [];
  return preparations.length > 0 ? [`after ${JSON.stringify(preparations)}`] : [];
}
