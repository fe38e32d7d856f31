import type { Line } from "../../../schema/json/explanation.ts";
import { sessionName } from "../../../sim/session-name.ts";
import { sinceEpoch } from "../../text.ts";
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
  const asked = lines.findIndex(({ call }) => call !== null && call === line.call);
  const sql = data.sql[at] ?? data.sql[asked] ?? null;
  return (
    <div class="details">
      <h3 aria-live="polite" class={line.wrong ? "wrong" : ""}>
        {lineTitle(line)}
      </h3>
      <p class="clock-time">
        clock {sinceEpoch(line.clock)}
        {line.time === null ? "" : `, its transaction's now ${sinceEpoch(line.time)}`}
      </p>
      {asked < 0 || asked === at ? null : <p class="lead">It was sent with {lineTitle(lines[asked])}</p>}
      {sql === null ? null : <Sql sql={sql} />}
      <Answers line={line} />
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

/** The answers that the model allows beside the one that was given. What the oracle says stands at the page's top. */
function Answers({ line: { allowed, observed } }: { readonly line: Line }) {
  return (
    <dl class="answers">
      <Texts
        name="The model allows"
        texts={(allowed ?? []).map((text, index) => (index === 0 ? text : `or ${text}`))}
      />
      <Texts name="Observed" texts={observed} />
    </dl>
  );
}

function Texts({ name, texts }: { readonly name: string; readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <div>
      <dt>{name}</dt>
      {texts.map((text, index) => (
        <dd key={index}>{text}</dd>
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
