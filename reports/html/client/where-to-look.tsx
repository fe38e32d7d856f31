import type { Line } from "../../../schema/json/explanation.ts";
import { sessionName } from "../../../sim/session-name.ts";
import type { CaseData, ShownFunction } from "../case-data.ts";
import { FunctionLines, type LineMark } from "./function-text.tsx";
import { stepTitle } from "./summary.tsx";

/** The functions that the case has to do with, at the lines of their migrations; marked where a call was stopped. */
export function WhereToLook({ data: { explanation, functions } }: { readonly data: CaseData }) {
  if (functions.length === 0) return null;
  return (
    <section aria-labelledby="look" class="look">
      <h2 id="look">Where to look</h2>
      {functions.map((shown) => (
        <div key={shown.name}>
          <h3>
            {shown.name}{" "}
            <span class="file">
              {shown.file}:{shown.definedAt}
            </span>
          </h3>
          <FunctionLines
            text={shown}
            from={shown.bodyAt}
            marksOf={(index) => standMarks(explanation.lines, shown, index + 1)}
          />
        </div>
      ))}
    </section>
  );
}

/** Who stood before the statement that begins at the line of the body, and when. */
function standMarks(lines: readonly Line[], { name }: ShownFunction, bodyLine: number): readonly LineMark[] {
  return lines.flatMap(({ parkedAt, session, step }): LineMark[] => {
    if (session === null || parkedAt?.function !== name || parkedAt.line !== bodyLine) return [];
    return [{ kind: "stood", text: `← ${sessionName(session)} stood before this, ${stepTitle(step)}` }];
  });
}
