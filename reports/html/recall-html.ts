import type { MutantsResult } from "../../schema/json/mutants-result.ts";
import { recallRow } from "../recall/recall-rows.ts";
import { closingLines } from "../recall/recall-text.ts";
import { htmlPage } from "./page.ts";
import type { RecallData } from "./recall-data.ts";

/** Which planted bugs were found, how soon and how small, as a page for a browser. */
export function recallHtml(result: MutantsResult): string {
  const data: RecallData = {
    result,
    rows: result.bugs.map(({ id, knownSteps: steps, trials }) => recallRow({ bug: { id, steps }, trials })),
    closing: closingLines(result),
  };
  return htmlPage({ title: `Counterpoint: recall, ${result.verdict}`, client: "recall", data });
}
