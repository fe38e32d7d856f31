import type { Line } from "../../../schema/json/explanation.ts";
import { sessionName, sinceEpoch } from "../../text.ts";
import type { CaseData, SqlShown } from "../case-data.ts";
import { RowTables } from "./row-tables.tsx";
import { lineTitle } from "./scrubber.tsx";
import { SessionTable } from "./session-table.tsx";
import { SqlParts } from "./sql-parts.tsx";
import { tablesAt } from "./tables-at.ts";

interface Props {
  readonly data: CaseData;
  readonly at: number;
}

/** The step that the scrubber stands at: what was sent and answered, the rows after it, and where the sessions stand. */
export function StepDetails({ data, at }: Props) {
  const { lines } = data.explanation;
  const line = lines[at];
  if (line === undefined) return null;
  const sql = data.sql[at] ?? null;
  return (
    <div class="details">
      <h3 aria-live="polite" class={line.wrong ? "wrong" : ""}>
        {lineTitle(line)}
      </h3>
      <p class="clock-time">
        clock {sinceEpoch(line.clock)}
        {line.time === null ? "" : `, its transaction's now ${sinceEpoch(line.time)}`}
      </p>
      {sql === null ? null : <Sql sql={sql} />}
      <Answers line={line} explanation={data.explanation} />
      <h4>{line.lookedAt === null ? "Rows, as they were last looked at" : "Rows after it"}</h4>
      <RowTables tables={tablesAt(lines, at)} />
      {line.model === null ? (
        <p class="nothing">The model does not come this far: no order is left.</p>
      ) : null}
      <Held line={line} />
      <h4>Sessions</h4>
      <SessionTable data={data} at={at} />
    </div>
  );
}

function Sql({ sql: { before, statement, after } }: { readonly sql: SqlShown }) {
  return (
    <pre class="sql" tabIndex={0} aria-label="SQL">
      <code>
        <span class="around">
          <SqlParts parts={before} />
        </span>
        {before.length === 0 ? null : "\n"}
        <SqlParts parts={statement} />
        <span class="around">
          <SqlParts parts={after} />
        </span>
      </code>
    </pre>
  );
}

/** The answers that the model allows beside the one that was given; at the wrong step what the oracle says too. */
function Answers({
  line,
  explanation,
}: {
  readonly line: Line;
  readonly explanation: CaseData["explanation"];
}) {
  const { allowed, observed, wrong } = line;
  if (allowed === null && observed.length === 0 && !wrong) return null;
  return (
    <dl class="answers">
      {allowed === null ? null : <Texts name="The model allows" texts={allowed} joiner="or " />}
      <Texts name="Observed" texts={observed} joiner="" />
      {wrong ? (
        <Texts name="Expected" texts={explanation.expected} joiner="or " className="expected" />
      ) : null}
      {wrong ? <Texts name="But" texts={[explanation.observed]} joiner="" className="observed" /> : null}
    </dl>
  );
}

interface TextsProps {
  readonly name: string;
  readonly texts: readonly string[];
  readonly joiner: string;
  readonly className?: string;
}

function Texts({ name, texts, joiner, className = "" }: TextsProps) {
  if (texts.length === 0) return null;
  return (
    <div class={className}>
      <dt>{name}</dt>
      {texts.map((text, index) => (
        <dd key={index}>{index === 0 ? text : `${joiner}${text}`}</dd>
      ))}
    </div>
  );
}

function Held({ line: { model } }: { readonly line: Line }) {
  if (model === null || model.held.length === 0) return null;
  return (
    <p class="held">
      {model.held
        .map(({ session, resources }) => `${sessionName(session)} holds ${resources.join(", ")}`)
        .join("; ")}
    </p>
  );
}
