import { readFile } from "node:fs/promises";
import { outcomeOf } from "../reports/formats/findings.ts";
import { mergeResults, NotMergeable, type ShardResult } from "../reports/merge-results.ts";
import { fuzzResultFaults } from "../reports/schema.ts";
import type { FuzzResult } from "../schema/json/fuzz-result.ts";
import { exitCodes } from "./exit-codes.ts";
import { BadInput } from "./faults.ts";
import { say } from "./output.ts";
import { outputsOf, type ReporterOptions } from "./reporter-options.ts";
import { endWith, prepareOutputs, writeOutputs } from "./write-outputs.ts";

/** Merges the shards' documents and reports the whole. Resolves to the exit code: that of a campaign played by one. */
export async function mergeReports(paths: readonly string[], options: ReporterOptions): Promise<number> {
  const outputs = outputsOf(options);
  const read = await Promise.all(paths.map(readResult));
  const [first, ...others] = read.filter((each) => each !== null);
  if (first === undefined) throw new BadInput("there is nothing to merge");
  const result = merged([first, ...others]);
  await prepareOutputs(outputs);
  return endWith(exitCodes[outcomeOf(result)], writeOutputs(result, outputs));
}

function merged(shards: Parameters<typeof mergeResults>[0]): FuzzResult {
  try {
    return mergeResults(shards);
  } catch (error) {
    throw error instanceof NotMergeable ? new BadInput(error.message) : error;
  }
}

/** Null where a run that did not come to its end has left an empty file: its shard is missing then. */
async function readResult(path: string): Promise<ShardResult | null> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new BadInput(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  });
  if (text === "") {
    say(`${path} is empty: its run did not come to its end`);
    return null;
  }
  const value = parsed(path, text);
  const faults = fuzzResultFaults(value);
  if (faults.length > 0)
    throw new BadInput(`${path} is no document of fuzz --json: ${faults.slice(0, 3).join("; ")}`);
  return { path, result: value as FuzzResult };
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadInput(`${path} is no JSON: ${(error as Error).message}`);
  }
}
