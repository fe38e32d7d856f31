import type { CampaignData, FunctionText } from "../campaign-data.ts";
import { FunctionLines, type LineMark } from "./function-text.tsx";
import { grouped } from "./numbers.ts";

type Coverage = NonNullable<CampaignData["result"]["statements"]>;
type Missed = Coverage["missed"][number];
type Reached = Coverage["reached"][number];

/** How often sessions came to each statement of the functions, and to which never: in the functions' text where that is at
 *  hand. */
export function Statements({ data: { result, functions } }: { readonly data: CampaignData }) {
  const { statements } = result;
  if (statements === null) return null;
  const { missed, reached, passed, refused } = statements;
  return (
    <section aria-labelledby="statements">
      <h2 id="statements">Statements of the functions</h2>
      <p class="lead">
        {grouped(statements.statements - missed.length)} of {grouped(statements.statements)} were reached;{" "}
        {grouped(passed)} yield points were passed.
      </p>
      {[...new Set([...missed, ...reached].map((each) => each.function))].map((name) => {
        const never = missed.filter((each) => each.function === name);
        const often = reached.filter((each) => each.function === name);
        const text = functions?.find((each) => each.name === name);
        if (text !== undefined) return <FunctionBody key={name} text={text} missed={never} reached={often} />;
        return never.length === 0 ? null : <MissedList key={name} name={name} missed={never} />;
      })}
      {refused.map((each) => (
        <p key={each.function} class="warning">
          {each.function} has no yield points: {each.reason}
        </p>
      ))}
    </section>
  );
}

function MissedList({ name, missed }: { readonly name: string; readonly missed: readonly Missed[] }) {
  return (
    <>
      <h3>{name}</h3>
      <ul>
        {missed.map((each) => (
          <li key={each.number}>
            line {each.line}: <code>{each.statement}</code> {markOf(each)}
          </li>
        ))}
      </ul>
    </>
  );
}

interface BodyProps {
  readonly text: FunctionText;
  readonly missed: readonly Missed[];
  readonly reached: readonly Reached[];
}

/** Open where something is missed that need not be. */
function FunctionBody({ text, missed, reached }: BodyProps) {
  const all = missed.length + reached.length;
  return (
    <details open={missed.some(({ unreachable }) => unreachable === null)}>
      <summary>
        {text.name}: {reached.length} of {all} statements reached
        {missed.length === 0 ? "" : `, not: ${missed.map(({ line }) => `line ${line}`).join(", ")}`}
      </summary>
      <FunctionLines
        text={text}
        from={1}
        marksOf={(index) => [
          ...missed
            .filter(({ line }) => line === index + 1)
            .map((each): LineMark => {
              return { text: markOf(each), kind: each.unreachable === null ? "missed" : "unreachable" };
            }),
          ...reached
            .filter(({ line }) => line === index + 1)
            .map(({ times }): LineMark => ({ text: `${grouped(times)} ×`, kind: "reached" })),
        ]}
      />
    </details>
  );
}

function markOf({ unreachable }: Missed): string {
  return unreachable === null ? "never reached" : `cannot be reached: ${unreachable}`;
}
