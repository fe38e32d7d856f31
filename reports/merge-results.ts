import { canonicalJson } from "../model/canonical-json.ts";
import { addCoverage } from "../properties/coverage.ts";
import { sumOfEfforts } from "../properties/search-effort.ts";
import { mergedTransitions } from "../properties/transition-coverage.ts";
import { unreached } from "../properties/unreached.ts";
import type { Failure, FuzzResult } from "../schema/json/fuzz-result.ts";

/** The documents are not those of one campaign's shards, each once. The message says which is not, and why. */
export class NotMergeable extends Error {
  override readonly name = "NotMergeable";
}

export interface ShardResult {
  /** Of its file. */
  readonly path: string;
  readonly result: FuzzResult;
}

type Shards = readonly [ShardResult, ...ShardResult[]];

/** The campaign that its shards played, as one document. Counts are sums; of a signature the plainest counterexample is
 *  kept. A missing shard makes it unknown. Throws NotMergeable. */
export function mergeResults(shards: Shards): FuzzResult {
  refuseOthers(shards);
  const results = shards.map(({ result }) => result).toSorted((a, b) => a.shard.index - b.shard.index);
  const [{ result: first }] = shards;
  // How one shard went on is not how the campaign did.
  const { series, ...shared } = first;
  const { count } = first.shard;
  const coverage = results.map((each) => each.coverage).reduce(addCoverage);
  const statements = mergedStatements(results);
  const merged = {
    ...shared,
    startedAt: results.map(({ startedAt }) => startedAt).reduce((a, b) => (a < b ? a : b)),
    runs: sum(results, ({ runs }) => runs),
    steps: sum(results, ({ steps }) => steps),
    leftOut: sum(results, ({ leftOut }) => leftOut),
    seconds: Math.round(1000 * sum(results, ({ seconds }) => seconds)) / 1000,
    interrupted: results.find(({ interrupted }) => interrupted !== null)?.interrupted ?? null,
    coverage,
    transitions: mergedTransitions(results.map(({ transitions }) => transitions)),
    statements,
    unreached: unreached(coverage, statements),
    search: sumOfEfforts(results.map(({ search }) => search)),
    audited: {
      cases: sum(results, ({ audited }) => audited.cases),
      different: sum(results, ({ audited }) => audited.different),
    },
    failures: mergedFailures(results.flatMap(({ failures }) => failures)),
    unknown: results.flatMap(({ unknown }) => unknown).toSorted((a, b) => a.case - b.case),
    shard: { index: 1, count: 1 },
    merged: { count, missing: missingOf(results, count) },
  };
  return { ...merged, verdict: verdictOf(merged, results) };
}

/** What must be alike for cases to be those of one campaign. */
const alike = [
  ["harnessVersion", "the harness's version differs"],
  ["seed", "the seed differs"],
  ["settings", "the settings differ"],
  ["migrations", "the migrations differ"],
  ["postgres", "the server differs"],
] as const;

function refuseOthers([first, ...others]: Shards): void {
  const seen = new Map<number, string>();
  for (const { path, result } of [first, ...others]) {
    if (result.merged !== null)
      throw new NotMergeable(`${path} is merged already: give its shards' documents`);
    const different = alike.find(([key]) => !isEqual(result[key], first.result[key]));
    if (different !== undefined)
      throw new NotMergeable(`${path} is of another campaign than ${first.path}: ${different[1]}`);
    const { index, count } = result.shard;
    if (count !== first.result.shard.count)
      throw new NotMergeable(
        `${path} is shard ${index} of ${count}, and ${first.path} is one of ${first.result.shard.count}`,
      );
    const before = seen.get(index);
    if (before !== undefined) throw new NotMergeable(`${path} is shard ${index}/${count}, as ${before} is`);
    seen.set(index, path);
  }
}

function isEqual(a: unknown, b: unknown): boolean {
  return canonicalJson(JSON.stringify(a)) === canonicalJson(JSON.stringify(b));
}

/** Missed is what all shards have missed. */
function mergedStatements(results: readonly FuzzResult[]): FuzzResult["statements"] {
  const all = results.flatMap(({ statements }) => (statements === null ? [] : [statements]));
  const [first, ...others] = all;
  if (first === undefined) return null;
  const missed = first.missed.filter(({ number }) =>
    others.every((each) => each.missed.some((point) => point.number === number)),
  );
  return { ...first, passed: sum(all, ({ passed }) => passed), reached: mergedReached(all), missed };
}

type Statements = NonNullable<FuzzResult["statements"]>;

function mergedReached(all: readonly Statements[]): Statements["reached"] {
  const byNumber = new Map<number, Statements["reached"][number]>();
  for (const point of all.flatMap(({ reached }) => reached)) {
    const times = (byNumber.get(point.number)?.times ?? 0) + point.times;
    byNumber.set(point.number, { ...point, times });
  }
  return [...byNumber.values()].toSorted((a, b) => a.number - b.number);
}

/** One of each signature, the plainest first. */
function mergedFailures(failures: readonly Failure[]): readonly Failure[] {
  const bySignature = new Map<string, Failure>();
  for (const failure of failures) {
    const known = bySignature.get(failure.signature);
    const plainest = known === undefined || comparePlainness(failure, known) < 0 ? failure : known;
    bySignature.set(failure.signature, { ...plainest, count: (known?.count ?? 0) + failure.count });
  }
  return [...bySignature.values()].toSorted(comparePlainness);
}

/** One that was shown again before one that was not; then by steps. */
function comparePlainness(a: Failure, b: Failure): number {
  return Number(b.reproduced) - Number(a.reproduced) || a.steps - b.steps || a.case - b.case;
}

function missingOf(results: readonly FuzzResult[], count: number): readonly number[] {
  const indexes = new Set(results.map(({ shard }) => shard.index));
  return Array.from({ length: count }, (_, at) => at + 1).filter((index) => !indexes.has(index));
}

/** Violated before unknown before ok. */
function verdictOf(
  { merged, settings, unreached: missing }: FuzzResult,
  results: readonly FuzzResult[],
): FuzzResult["verdict"] {
  if (results.some(({ verdict }) => verdict === "violated")) return "violated";
  const isIncomplete = merged !== null && merged.missing.length > 0;
  const isUnreached = settings.reachAll && missing.length > 0;
  return isIncomplete || isUnreached || results.some(isUnknown) ? "unknown" : "ok";
}

/** But for what it alone has not reached: that is asked of all shards together. */
function isUnknown({ verdict, unknown, settings, unreached: missing }: FuzzResult): boolean {
  const isOnlyUnreached = settings.reachAll && missing.length > 0 && unknown.length === 0;
  return verdict === "unknown" && !isOnlyUnreached;
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
