import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { CampaignFailure } from "../properties/campaign.ts";
import { replayOf, type Subject, writeReplay } from "../reports/replay-file.ts";
import type { Origin } from "../schema/json/replay.ts";
import { BadInput } from "./faults.ts";
import { say } from "./output.ts";

/** A counterexample and where its replay file is; null where it could not be written. */
export interface KeptFailure extends CampaignFailure {
  readonly replay: string | null;
}

/** Writes a replay file for each counterexample. One that can't be written is said, and the others still are. */
export async function keepReplays(
  failures: readonly CampaignFailure[],
  subject: Subject,
  origin: Omit<Origin, "case">,
  folder: string,
): Promise<readonly KeptFailure[]> {
  const kept: KeptFailure[] = [];
  for (const failure of failures) {
    const replay = replayOf(failure, subject, { ...origin, case: failure.case });
    const path = await writeReplay(folder, replay).catch((error: unknown) => {
      say(`the replay file of "${failure.signature}" cannot be written: ${String(error)}`);
      return null;
    });
    kept.push({ ...failure, replay: path });
  }
  return kept;
}

/** Before an hour is spent: can the folder be written, or made? */
export async function checkFolder(folder: string): Promise<void> {
  let at = resolve(folder);
  for (;;) {
    const found = await stat(at).catch(() => null);
    if (found?.isDirectory() === false) throw new BadInput(`--out ${folder}: ${at} is no folder`);
    if (found !== null) break;
    at = dirname(at);
  }
  await access(at, constants.W_OK).catch(() => {
    throw new BadInput(`--out ${folder}: ${at} cannot be written`);
  });
}
