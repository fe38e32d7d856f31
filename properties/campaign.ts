import { laneKindOf, type LaneSlot, type OpenLane, withLaneSlot } from "../sim/lane-slot.ts";
import { hasCrashes, type Schedule } from "../sim/schedule.ts";
import { ceilingOf } from "../model/ceiling.ts";
import { auditCase, isAudited } from "./audit.ts";
import {
  asFound,
  type Counterexample,
  counterexampleOf,
  shrinkCounterexample,
  type Shrinking,
} from "./counterexample.ts";
import { addCoverage, type Coverage, coverageOf, emptyCoverage, reachedIn } from "./coverage.ts";
import { underReadCommitted } from "./generate/read-committed.ts";
import type { ScheduleSize } from "./generate/schedules.ts";
import type { Mode } from "./generate/mode.ts";
import { strategies } from "./generate/strategies.ts";
import type { StrategyName } from "./generate/strategy-name.ts";
import type { Strategy } from "./generate/strategy.ts";
import type { Oracles } from "./judge-case.ts";
import type { SearchEffort } from "./oracle-model.ts";
import { Rounds } from "./rounds.ts";
import { type CaseResult, isServerFault, runCase } from "./run-case.ts";
import { type EffortSummary, effortSummary } from "./search-effort.ts";
import { type CampaignFailure, type Found, shrinkFailures, unshrunk } from "./shrink-failures.ts";
import { addYields } from "./statement-coverage.ts";
import { type Timeline, timelineOf, withoutClosing } from "./timeline.ts";
import { transitionsOf } from "./transitions.ts";

export interface CampaignOptions {
  readonly seed: number;
  readonly size: ScheduleSize;
  /** Where cases come from: swarm when left out. */
  readonly strategy?: StrategyName;
  /** Which cases are played with yield points in the functions: none when left out. */
  readonly yields?: Mode;
  /** Every transaction is READ COMMITTED (underReadCommitted): where left out, each as it was generated. */
  readonly readCommitted?: boolean;
  /** Which cases crash the server: none when left out. */
  readonly crashes?: Mode;
  /** The server can't be crashed: the cases that do are left out, and counted. */
  readonly leaveOutCrashes?: boolean;
  /** Cases of all shards together; null for as many as there is time for. */
  readonly runs: number | null;
  /** This shard plays the cases whose index is `index` modulo `count`. */
  readonly shard: { readonly index: number; readonly count: number };
  readonly lanes: number;
  /** Share of the cases that are played a second time, 0 to 1: none when left out. */
  readonly audit?: number;
  /** All of them when left out. */
  readonly oracles?: Oracles;
  /** Stop at the first counterexample. */
  readonly bail: boolean;
  /** Aborted when the time is up, or by the user: no further case is begun. */
  readonly stop: AbortSignal;
  /** Aborted when shrinking should be cut short too. */
  readonly quit: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Called with a failure as it was found, at the latest before anything is shrunk, and again with what takes its place:
   *  one of an earlier case, the shrunk one. The signature tells which that is. */
  readonly onFailure: (failure: CampaignFailure) => void;
}

export interface Progress {
  readonly runs: number;
  readonly steps: number;
  readonly failing: number;
  readonly unknown: number;
  /** How many names of the coverage were reached. */
  readonly reached: number;
  /** Signature of what is being shrunk, when the playing is over. */
  readonly shrinking: string | null;
}

export interface CampaignResult {
  readonly verdict: "ok" | "violated" | "unknown";
  readonly runs: number;
  readonly steps: number;
  /** Cases that were not played, since they crash the server. */
  readonly leftOut: number;
  readonly coverage: Coverage;
  /** How often sessions came to each yield point, by its number. */
  readonly yields: Readonly<Record<string, number>>;
  /** How often each transition of the model was reached (transitions.ts). */
  readonly transitions: ReadonlyMap<string, number>;
  readonly audited: Audited;
  readonly effort: EffortSummary;
  /** One for each signature, the plainest first. */
  readonly failures: readonly CampaignFailure[];
  readonly unknown: readonly { readonly case: number; readonly reason: string }[];
}

/** Cases that were played a second time, and those of them that played differently. */
export interface Audited {
  readonly cases: number;
  readonly different: number;
}

/** Plays cases on parallel lanes, then shrinks the first counterexample of each signature, and what is met meanwhile.
 *  Which lane plays which case depends on timing; no case depends on its lane. */
export async function runCampaign(openLane: OpenLane, options: CampaignOptions): Promise<CampaignResult> {
  const campaign = new Campaign(openLane, options);
  await Promise.all(
    Array.from({ length: options.lanes }, () => withLaneSlot(openLane, (slot) => campaign.playOn(slot))),
  );
  const { onFailure, onProgress } = options;
  const failures = await shrinkFailures(campaign.found(), {
    onFailure,
    shrink: (found, known) => {
      onProgress(campaign.progress(found.counterexample.signature));
      return campaign.shrink(found, known);
    },
  });
  return campaign.result(failures);
}

class Campaign {
  private nextCase: number;
  private readonly cases: Strategy;
  private readonly rounds: Rounds;
  private runs = 0;
  private steps = 0;
  private leftOut = 0;
  private failing = 0;
  private answered = 0;
  private coverage: Coverage;
  private yields: CampaignResult["yields"] = {};
  private readonly transitions = new Map<string, number>();
  private readonly efforts: SearchEffort[] = [];
  private audited: Audited = { cases: 0, different: 0 };
  /** No lane can be opened any more: the server is gone. */
  private halted = false;
  private readonly bySignature = new Map<string, Found>();
  private readonly unknown: { case: number; reason: string }[] = [];

  constructor(
    private readonly openLane: OpenLane,
    private readonly options: CampaignOptions,
  ) {
    this.nextCase = options.shard.index;
    const { seed, size, strategy = "swarm" } = options;
    const { yields = "never", crashes = "never", leaveOutCrashes = false } = options;
    this.cases = strategies[strategy]({ seed, size, yields, crashes });
    this.rounds = new Rounds(this.cases);
    this.coverage = emptyCoverage({
      yields: yields !== "never",
      crashes: crashes !== "never" && !leaveOutCrashes,
    });
  }

  async playOn(slot: LaneSlot): Promise<void> {
    for (;;) {
      const index = await this.take();
      if (index === null) return;
      let timeline: Timeline | null = null;
      try {
        timeline = await this.playNext(slot, index);
      } finally {
        // Whatever came of it: other lanes wait for the end of the round.
        this.rounds.end({ index, timeline });
      }
      this.options.onProgress(this.progress(null));
    }
  }

  private async playNext(slot: LaneSlot, index: number): Promise<Timeline | null> {
    const { leaveOutCrashes, readCommitted = false } = this.options;
    const generated = this.cases.caseAt(index);
    const schedule = readCommitted ? underReadCommitted(generated) : generated;
    if (leaveOutCrashes === true && hasCrashes(schedule)) this.leftOut += 1;
    else if (await this.hasLane(slot, index, schedule)) return await this.playCase(slot, index, schedule);
    return null;
  }

  private async hasLane(slot: LaneSlot, index: number, schedule: Schedule): Promise<boolean> {
    try {
      await slot.get(laneKindOf(schedule));
      return true;
    } catch (error) {
      this.halt(index, `no lane to play on: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** As it was found where the server is gone. */
  async shrink({ case: index, counterexample }: Found, known: ReadonlySet<string>): Promise<Shrinking> {
    const { quit, oracles } = this.options;
    const unshrunk = { shrunk: asFound(counterexample), met: null };
    if (this.halted) return unshrunk;
    try {
      return await shrinkCounterexample(counterexample, known, this.openLane, quit, oracles);
    } catch (error) {
      if (!isServerFault(error)) throw error;
      this.halt(index, `no lane to shrink on: ${error.message}`);
      return unshrunk;
    }
  }

  private halt(index: number, reason: string): void {
    this.halted = true;
    this.unknown.push({ case: index, reason });
  }

  found(): readonly Found[] {
    const sorted = [...this.bySignature.values()].sort((a, b) => a.case - b.case);
    return this.options.bail ? sorted.slice(0, 1) : sorted;
  }

  progress(shrinking: string | null): Progress {
    const { runs, steps, failing, unknown } = this;
    return { runs, steps, failing, unknown: unknown.length, reached: reachedIn(this.coverage), shrinking };
  }

  result(failures: readonly CampaignFailure[]): CampaignResult {
    const { runs, steps, leftOut, coverage, yields, transitions, audited, unknown } = this;
    const effort = effortSummary(this.efforts);
    const verdict = this.verdict();
    return {
      verdict,
      runs,
      steps,
      leftOut,
      coverage,
      yields,
      transitions,
      audited,
      effort,
      failures,
      unknown,
    };
  }

  /** A campaign in which no operation was answered has shown nothing. */
  private verdict(): CampaignResult["verdict"] {
    if (this.failing > 0) return "violated";
    return this.unknown.length > 0 || this.answered === 0 ? "unknown" : "ok";
  }

  /** The next case of this shard. Cases are begun in order, so with `bail` every case before the first failing one is
   *  played, whatever the lanes. Where the strategy learns, it comes when its round is opened. */
  private async take(): Promise<number | null> {
    const { stop, runs, bail, shard } = this.options;
    for (;;) {
      const index = this.nextCase;
      if (stop.aborted || this.halted || (runs !== null && index >= runs) || (bail && this.failing > 0))
        return null;
      if (this.rounds.begin()) {
        this.nextCase += shard.count;
        return index;
      }
      await this.rounds.opened();
    }
  }

  private async playCase(slot: LaneSlot, index: number, schedule: Schedule): Promise<Timeline | null> {
    const result = await runCase(slot, schedule, this.options.oracles);
    this.runs += 1;
    this.steps += schedule.steps.length;
    if (result.verdict.kind === "unknown") this.unknown.push({ case: index, reason: result.verdict.reason });
    if (result.effort !== null) this.efforts.push(result.effort);
    if (result.history === null) return null;
    const timeline = timelineOf(result.history, ceilingOf(schedule.setup.retryCeiling));
    this.answered += timeline.answered.length;
    const ownSteps = withoutClosing(timeline);
    this.coverage = addCoverage(this.coverage, coverageOf(timeline, ownSteps));
    this.yields = addYields(this.yields, result.history.yields ?? {});
    for (const name of transitionsOf(ownSteps))
      this.transitions.set(name, (this.transitions.get(name) ?? 0) + 1);
    const found = [counterexampleOf(schedule, result), await this.audit(index, schedule, result)];
    const counterexamples = found.filter((each) => each !== null);
    if (counterexamples.length > 0) this.failing += 1;
    for (const counterexample of counterexamples) this.note(index, counterexample);
    return timeline;
  }

  /** Plays the case again, if it is one of those; what differs is a failure of its own. */
  private async audit(index: number, schedule: Schedule, result: CaseResult): Promise<Counterexample | null> {
    const { seed, audit: share = 0, oracles } = this.options;
    if (!isAudited(seed, index, share)) return null;
    try {
      const { counterexample, unknown } = await auditCase(result, schedule, this.openLane, oracles);
      const { cases, different } = this.audited;
      if (unknown === null)
        this.audited = { cases: cases + 1, different: different + (counterexample === null ? 0 : 1) };
      else this.unknown.push({ case: index, reason: `played again: ${unknown}` });
      return counterexample;
    } catch (error) {
      if (!isServerFault(error)) throw error;
      this.halt(index, `no lane to play again on: ${error.message}`);
      return null;
    }
  }

  private note(index: number, counterexample: Counterexample): void {
    const { signature } = counterexample;
    const known = this.bySignature.get(signature);
    const count = (known?.count ?? 0) + 1;
    const isFirst = known === undefined || index < known.case;
    const first = { ...(isFirst ? { case: index, counterexample } : known), count, metWhileShrinking: null };
    this.bySignature.set(signature, first);
    // With `bail` only the first of all counts, which is known when every lane has come to its end.
    if (isFirst && !this.options.bail) this.options.onFailure(unshrunk(first));
  }
}
