import type { Explanation, Sql } from "../../schema/json/explanation.ts";
import { loadParser } from "../../sim/database/sql-text.ts";
import { orderTexts } from "../terminal/context-text.ts";
import { laneStates } from "../terminal/lanes.ts";
import type { CaseData, SqlShown } from "./case-data.ts";
import { htmlPage } from "./page.ts";
import { sqlParts } from "./sql-parts.ts";

/** What is not in the explanation. */
export interface CaseOccasion {
  /** Pasted into a shell, plays the case again; null where it is in no file. */
  readonly replayCommand: string | null;
}

/** A counterexample as a page for a browser: the timeline, and for each step its SQL, its answer, and the rows of database and
 *  model. */
export async function caseHtml(
  explanation: Explanation,
  { replayCommand }: CaseOccasion = { replayCommand: null },
): Promise<string> {
  await loadParser();
  const data: CaseData = {
    explanation,
    sql: explanation.lines.map(({ sql }) => sql && sqlShown(sql)),
    lanes: laneStates(explanation),
    order: orderTexts(explanation),
    replayCommand,
  };
  return htmlPage({ title: `Counterpoint: ${explanation.signature}`, client: "case", data });
}

function sqlShown({ text, statement }: Sql): SqlShown {
  const at = Math.max(0, text.indexOf(statement));
  return {
    before: sqlParts(text.slice(0, at)),
    statement: sqlParts(statement),
    after: sqlParts(text.slice(at + statement.length)),
  };
}
