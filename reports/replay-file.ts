import { createHash } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "../model/canonical-json.ts";
import type { Counterexample } from "../properties/counterexample.ts";
import type { Origin, Replay } from "../schema/json/replay.ts";
import type { History } from "../sim/history.ts";
import type { Schedule } from "../sim/schedule.ts";
import { BadReplay } from "./bad-replay.ts";
import { differenceIn } from "./explanation/divergence.ts";
import { linesOf } from "./explanation/lines.ts";
import { harnessVersion } from "./harness-version.ts";
import { replayFaults } from "./schema.ts";

export { BadReplay };

export const formatVersion = 1;

/** On what a counterexample was found. */
export type Subject = Pick<Replay, "postgres" | "migrations">;

export interface ReplaySource extends Counterexample {
  readonly original: Schedule;
  readonly reproduced: boolean;
}

/** The counterexample with all that is needed to play it again. Keys in the file's order. */
export function replayOf(found: ReplaySource, subject: Subject, origin: Origin | null): Replay {
  const [{ event }] = found.violations;
  const { expected } = differenceIn(found);
  const lines = linesOf(found.schedule, found.history, event);
  const replay: Omit<Replay, "checksum"> = {
    formatVersion,
    harnessVersion,
    signature: found.signature,
    violations: found.violations,
    origin,
    postgres: subject.postgres,
    migrations: subject.migrations.map(({ version, checksum }) => ({ version, checksum })),
    reproduced: found.reproduced,
    steps: lines.map(({ step, session, action, observed, wrong }) => {
      return { step, session, action, observed, expected: wrong ? expected : [] };
    }),
    schedule: found.schedule,
    original: found.original,
    history: found.history as Replay["history"],
    ...(found.second === undefined ? {} : { second: found.second as Replay["history"] }),
  };
  return { ...replay, checksum: checksumOf(replay) };
}

/** The counterexample that the file has recorded. */
export function recordedIn({ signature, violations, schedule, history, second }: Replay): Counterexample {
  const found = { signature, violations, schedule, history: history as History };
  return second === undefined ? found : { ...found, second: second as History };
}

export function replayText(replay: Replay): string {
  return `${JSON.stringify(replay, null, 2)}\n`;
}

/** "inv-05-completed-with-another-token-1a2b3c4d.json": the same for the same minimal schedule. */
export function replayFileName({ signature, schedule }: Replay): string {
  const slug = signature
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 80);
  return `${slug}-${sha256(JSON.stringify(schedule)).slice(0, 8)}.json`;
}

/** Writes the file into the folder, which it makes if it is missing. Returns its path. Synchronous, and under its name only
 *  when it is whole: the process may end at any time, and the file must not be lost or cut. */
export function writeReplay(folder: string, replay: Replay): string {
  const path = join(folder, replayFileName(replay));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.part`, replayText(replay));
  renameSync(`${path}.part`, path);
  return path;
}

/** Reads a replay file's text. Throws BadReplay. */
export function parseReplay(text: string): Replay {
  const value = parseJson(text);
  const version = (value as { readonly formatVersion?: unknown } | null)?.formatVersion;
  if (version === undefined) throw new BadReplay("is no replay file: it has no formatVersion");
  if (version !== formatVersion) {
    const known = `this Counterpoint (${harnessVersion}) reads version ${formatVersion}`;
    throw new BadReplay(`has format version ${JSON.stringify(version)}; ${known}`);
  }
  const faults = replayFaults(value);
  if (faults.length > 0) throw new BadReplay(`is damaged: ${faults.slice(0, 3).join("; ")}`);
  const { checksum, ...rest } = value as Replay;
  if (checksumOf(rest) !== checksum)
    throw new BadReplay("is damaged or was edited: its checksum is not that of its content");
  return value as Replay;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadReplay(`is no JSON: ${(error as Error).message}`);
  }
}

function checksumOf(replay: Omit<Replay, "checksum">): string {
  return sha256(canonicalJson(JSON.stringify(replay)));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
