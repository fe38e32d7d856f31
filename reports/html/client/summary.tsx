import { sessionName } from "../../../sim/session-name.ts";
import { shortPairs } from "../../text.ts";
import type { CaseData } from "../case-data.ts";
import { Command } from "./command.tsx";

interface Props {
  readonly data: CaseData;
  readonly wrong: number;
  readonly go: (line: number) => void;
}

/** What is wrong, in words; who takes part; how to see it again. */
export function CaseSummary({ data: { explanation, replayCommand }, wrong, go }: Props) {
  const { oracle, rule, statement, expected, observed, others, lines } = explanation;
  // Where two plays differ, neither is what the contract asks for.
  const [one, other] =
    oracle === "determinism oracle" ? ["First play", "Second play"] : ["Expected", "Observed"];
  return (
    <section aria-label="What is wrong">
      <p class="oracle">{oracle}</p>
      <h1>{rule}</h1>
      {statement === null ? null : <p class="contract">The contract: {statement}.</p>}
      <dl class="verdict">
        <div class="expected">
          <dt>{one}</dt>
          {expected.map((text, index) => (
            <dd key={index}>{index === 0 ? text : `or ${text}`}</dd>
          ))}
        </div>
        <div class="observed">
          <dt>
            {other}
            {wrong < 0 ? null : (
              <button type="button" onClick={() => go(wrong)}>
                {stepTitle(lines[wrong]?.step ?? null)}
              </button>
            )}
          </dt>
          <dd>{observed}</dd>
        </div>
      </dl>
      {others.length === 0 ? null : <p class="others">Also seen: {others.join("; ")}</p>}
      {replayCommand === null ? null : <Command text={replayCommand} />}
      <Cast explanation={explanation} />
    </section>
  );
}

/** "step 3"; what has no number belongs to the end. */
export function stepTitle(step: number | null): string {
  return step === null ? "at the end" : `step ${step + 1}`;
}

function Cast({ explanation }: { readonly explanation: CaseData["explanation"] }) {
  const { sessions, retryCeiling, settings, yields } = explanation;
  return (
    <ul class="cast">
      {sessions.map(({ role, isolation, prepared }, index) => (
        <li key={index}>
          <b>{sessionName(index)}</b> {role}, {isolation}
          {prepared ? ", calls prepared" : ""}
        </li>
      ))}
      {retryCeiling === null ? null : <li>retry ceiling set to {JSON.stringify(retryCeiling)}</li>}
      {Object.keys(settings).length === 0 ? null : <li>every session sets {shortPairs(settings)}</li>}
      {yields ? <li>played with yield points in the functions</li> : null}
    </ul>
  );
}
