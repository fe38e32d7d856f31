import { type Grantee, mayHave } from "../../../model/privilege-table.ts";
import type { Scene } from "../scene.ts";
import { denied } from "../target.ts";
import { violation, type PrivilegeViolation } from "../violation.ts";
import { type Disguise, undisguised } from "./disguise.ts";
import { play, type Played } from "./play.ts";
import { script } from "./script.ts";

/** Judges what a member's calls do in a disguise: the same as without one (INV-17). */
export type Judge = (who: Grantee, disguise: Disguise) => Promise<readonly PrivilegeViolation[]>;

export function judgeOn(scene: Scene): Judge {
  const plain = new Map<Grantee, Promise<Played>>();
  const playPlainly = (who: Grantee): Promise<Played> => {
    const known = plain.get(who) ?? play(scene, who, undisguised);
    plain.set(who, known);
    return known;
  };
  return async (who, disguise) => {
    const played = await play(scene, who, disguise);
    const attack = { who, disguise };
    return [
      ...played.ranAs.map((user) =>
        violation(attack, "a caller's code runs with another's rights", [`as ${who}`], `as ${user}`),
      ),
      ...wrongRights(who, played).map(([call, expected, observed]) =>
        violation(attack, "a disguise changes rights", [`${call}: ${expected}`], observed),
      ),
      ...differences(await playPlainly(who), played).map(([what, expected, observed]) =>
        violation(attack, `a disguise changes ${what}`, [expected], observed),
      ),
    ];
  };
}

type Difference = readonly [what: string, expected: string, observed: string];

/** By the table of the model, with or without a disguise. */
function wrongRights(who: Grantee, { calls }: Played): readonly Difference[] {
  return script.flatMap(({ name, object, privilege }, index): readonly Difference[] => {
    const outcome = calls[index]?.outcome ?? "not called";
    const allowed = mayHave(who, privilege, object);
    if (allowed !== (outcome === denied)) return [];
    return [[name, allowed ? "not 42501" : denied, outcome]];
  });
}

function differences(plain: Played, disguised: Played): readonly Difference[] {
  const found = plain.calls.flatMap((call, index): readonly Difference[] => {
    const other = disguised.calls[index];
    if (other?.outcome !== call.outcome)
      return [["an outcome", `${call.name}: ${call.outcome}`, String(other?.outcome)]];
    if (other.answer === null || JSON.stringify(other.answer) === JSON.stringify(call.answer)) return [];
    return [["an answer", `${call.name}: ${JSON.stringify(call.answer)}`, JSON.stringify(other.answer)]];
  });
  if (JSON.stringify(plain.rows) === JSON.stringify(disguised.rows)) return found;
  const missing = plain.rows.filter((row) => !disguised.rows.includes(row));
  const extra = disguised.rows.filter((row) => !plain.rows.includes(row));
  return [...found, ["what is written", missing.join("\n"), extra.join("\n")]];
}
