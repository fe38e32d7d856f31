import type { Explanation, Sql } from "../../schema/json/explanation.ts";
import { functionPlaces } from "../../sim/database/function-places.ts";
import type { Migration } from "../../sim/database/migrations.ts";
import { loadParser } from "../../sim/database/sql-text.ts";
import { orderTexts } from "../terminal/context-text.ts";
import { laneStates } from "../terminal/lanes.ts";
import type { CaseData, ShownFunction, SqlShown } from "./case-data.ts";
import { functionTexts } from "./function-texts.ts";
import { htmlPage } from "./page.ts";
import { sqlParts } from "./sql-parts.ts";

/** What is not in the explanation. */
export interface CaseOccasion {
  /** Pasted into a shell, plays the case again; null where it is in no file. */
  readonly replayCommand: string | null;
  /** That were played, if they are at hand. */
  readonly migrations: readonly Migration[];
}

/** A counterexample as a page for a browser: the timeline, and for each step its SQL, its answer, and the rows of database and
 *  model. */
export async function caseHtml(
  explanation: Explanation,
  { replayCommand, migrations }: CaseOccasion = { replayCommand: null, migrations: [] },
): Promise<string> {
  await loadParser();
  const data: CaseData = {
    explanation,
    sql: explanation.lines.map(({ sql }) => sql && sqlShown(sql)),
    lanes: laneStates(explanation),
    order: orderTexts(explanation),
    functions: shownFunctions(explanation, migrations),
    replayCommand,
  };
  return htmlPage({ title: `Counterpoint: ${explanation.signature}`, client: "case", data });
}

function shownFunctions(
  { concerns, lines }: Explanation,
  migrations: readonly Migration[],
): readonly ShownFunction[] {
  const stood = lines.flatMap(({ parkedAt }) => (parkedAt === null ? [] : [parkedAt.function]));
  const places = functionPlaces(migrations);
  const names = new Set([...(concerns === null ? [] : [concerns.function]), ...stood]);
  const texts = functionTexts(migrations, names);
  return [...names].flatMap((name): ShownFunction[] => {
    const [text, place] = [texts.find((each) => each.name === name), places.get(name)];
    if (text === undefined || place === undefined || place.bodyLine === null) return [];
    return [{ ...text, file: place.file, definedAt: place.line, bodyAt: place.bodyLine }];
  });
}

function sqlShown({ text, statement }: Sql): SqlShown {
  const at = Math.max(0, text.indexOf(statement));
  return {
    before: sqlParts(text.slice(0, at)),
    statement: sqlParts(statement),
    after: sqlParts(text.slice(at + statement.length)),
  };
}
