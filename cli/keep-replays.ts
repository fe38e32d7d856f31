import { constants, existsSync, rmSync } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { CampaignFailure } from "../properties/shrink-failures.ts";
import { replayFileName, replayOf, type Subject, writeReplay } from "../reports/replay-file.ts";
import { printable } from "../reports/terminal/printable.ts";
import type { Origin } from "../schema/json/replay.ts";
import { BadInput } from "./faults.ts";
import { say } from "./output.ts";

/** A counterexample and where its replay file is; null where it could not be written. */
export interface KeptFailure extends CampaignFailure {
  readonly replay: string | null;
}

/** Keeps one replay file for each signature, from the moment at which it is found. */
export class ReplayKeeper {
  private readonly paths = new Map<string, string | null>();
  /** Files that were there before this run are not its own to remove. */
  private readonly own = new Set<string>();

  constructor(
    private readonly subject: Subject,
    private readonly origin: Omit<Origin, "case">,
    private readonly folder: string,
  ) {}

  /** Writes the failure's file, then removes the one that it takes the place of. Says where a signature's first one is, and
   *  which one can't be written: the campaign goes on. */
  keep(failure: CampaignFailure): void {
    const { signature, case: index, metWhileShrinking } = failure;
    const before = this.paths.get(signature);
    const path = this.write(failure);
    const where = metWhileShrinking === null ? `case ${index}` : `while shrinking case ${index}`;
    if (before === undefined && path !== null) say(`${where}: ${printable(signature)}, kept in ${path}`);
    if (path === null && before != null) return;
    this.paths.set(signature, path);
    if (before != null && before !== path && this.own.has(before)) rmSync(before, { force: true });
  }

  pathOf({ signature }: CampaignFailure): string | null {
    return this.paths.get(signature) ?? null;
  }

  private write(failure: CampaignFailure): string | null {
    const replay = replayOf(failure, this.subject, { ...this.origin, case: failure.case });
    const isNew = !existsSync(join(this.folder, replayFileName(replay)));
    try {
      const path = writeReplay(this.folder, replay);
      if (isNew) this.own.add(path);
      return path;
    } catch (error) {
      say(`the replay file of "${printable(failure.signature)}" cannot be written: ${String(error)}`);
      return null;
    }
  }
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
