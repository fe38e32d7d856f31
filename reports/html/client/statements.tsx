import type { CampaignData, FunctionText } from "../campaign-data.ts";
import { FunctionLines } from "./function-text.tsx";
import { grouped } from "./numbers.ts";

type Coverage = NonNullable<CampaignData["result"]["statements"]>;
type Missed = Coverage["missed"][number];

/** Which statements of the functions no session came to, in the functions' text where that is at hand. */
export function Statements({ data: { result, functions } }: { readonly data: CampaignData }) {
  const { statements } = result;
  if (statements === null) return null;
  const { missed, passed, refused } = statements;
  return (
    <section aria-labelledby="statements">
      <h2 id="statements">Statements of the functions</h2>
      <p class="lead">
        {grouped(statements.statements - missed.length)} of {grouped(statements.statements)} were reached;{" "}
        {grouped(passed)} yield points were passed.
      </p>
      {[...new Set(missed.map((each) => each.function))].map((name) => {
        const own = missed.filter((each) => each.function === name);
        const text = functions?.find((each) => each.name === name);
        return text === undefined ? (
          <MissedList key={name} name={name} missed={own} />
        ) : (
          <FunctionBody key={name} text={text} missed={own} />
        );
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

function FunctionBody({ text, missed }: { readonly text: FunctionText; readonly missed: readonly Missed[] }) {
  return (
    <details open>
      <summary>
        {text.name}: {missed.map(({ line }) => `line ${line}`).join(", ")}
      </summary>
      <FunctionLines
        text={text}
        from={1}
        marksOf={(index) =>
          missed
            .filter(({ line }) => line === index + 1)
            .map((each) => ({
              text: markOf(each),
              kind: each.unreachable === null ? "missed" : "unreachable",
            }))
        }
      />
    </details>
  );
}

function markOf({ unreachable }: Missed): string {
  return unreachable === null ? "never reached" : `cannot be reached: ${unreachable}`;
}
