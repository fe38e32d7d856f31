import { accept, type Circumstances, type Judgement, mustFail, mustNotFail, refuse } from "./judgement.ts";
import type { CeilingRow, Response } from "./response.ts";

/** contract 3, outbox_retry_ceiling: "default 20" */
const defaultCeiling = 20;

/** The ceiling that a setting's text stands for (null: not set), or null if the text is bad (contract 3, outbox_retry_ceiling). */
export function ceilingOf(setting: string | null): number | null {
  if (setting === null) return defaultCeiling;
  if (!/^[0-9]{1,4}$/.test(setting)) return null;
  const ceiling = Number(setting);
  return ceiling >= 1 && ceiling <= 1000 ? ceiling : null;
}

/** Model of outbox_retry_ceiling (contract 3). */
export function judgeCeiling(response: Response, { ceiling }: Circumstances): Judgement {
  if (ceiling === null) return mustFail("ceiling", ["bad ceiling"], response);
  if (response.kind === "fail") return mustNotFail("ceiling", response);
  const row = response.rows[0] as CeilingRow | undefined;
  if (response.rows.length === 1 && row?.ceiling === ceiling) return accept();
  return refuse("ceiling: is the database's setting", `ok ${ceiling}`);
}
