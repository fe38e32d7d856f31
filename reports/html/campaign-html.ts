import { outcomesOf } from "../../properties/outcome.ts";
import type { FuzzResult } from "../../schema/json/fuzz-result.ts";
import type { Migration } from "../../sim/database/migrations.ts";
import { loadParser } from "../../sim/database/sql-text.ts";
import type { CampaignData, FunctionText } from "./campaign-data.ts";
import { functionTexts } from "./function-texts.ts";
import { htmlPage } from "./page.ts";

/** What is not in the document. */
export interface CampaignOccasion {
  /** Pasted into a shell, plays the same cases again. */
  readonly againCommand: string;
  /** Pasted into a shell, plays the replay file of this path again. */
  readonly replayCommand: (path: string) => string;
  /** What was played, or what is there instead; null where nothing is. Shown only where it is the same. */
  readonly migrations: readonly Migration[] | null;
}

/** Cases that could not be judged are named up to so many. */
const mostUnknown = 1_000;

/** A campaign as a page for a browser: verdict, coverage, statements, and each failure with its replay file. */
export async function campaignHtml(
  result: FuzzResult,
  { againCommand, replayCommand, migrations }: CampaignOccasion,
): Promise<string> {
  await loadParser();
  const { coverage, failures, seed, verdict } = result;
  const data: CampaignData = {
    result: { ...result, unknown: result.unknown.slice(0, mostUnknown) },
    unknown: result.unknown.length,
    operations: Object.keys(coverage).filter((group) => Object.hasOwn(outcomesOf, group)),
    againCommand,
    replayCommands: failures.map(({ replay }) => replay && replayCommand(replay)),
    functions: migrations && coveredFunctions(result, migrations),
  };
  return htmlPage({ title: `Counterpoint: seed ${seed}, ${verdict}`, client: "campaign", data });
}

/** Null where the migrations are other ones: their lines would be wrong. */
function coveredFunctions(
  { statements, migrations }: FuzzResult,
  current: readonly Migration[],
): readonly FunctionText[] | null {
  const checksums = (each: readonly { readonly checksum: string }[]) =>
    each.map(({ checksum }) => checksum).join();
  if (checksums(migrations) !== checksums(current)) return null;
  const points = [...(statements?.reached ?? []), ...(statements?.missed ?? [])];
  return functionTexts(current, new Set(points.map((point) => point.function)));
}
