import type { Call, Deadline, RowRef, Step } from "../../sim/schedule.ts";
import { rowName, rowOf, withRow } from "../row-of-step.ts";
import { crowdRefs } from "./calls.ts";
import { Guess, isAmong, type Standing } from "./guess.ts";
import { furthestPark } from "./steps.ts";

type CallStep = Extract<Step, { kind: "call" }>;

/** What decides about one step. */
export interface Draw {
  readonly number: number;
  /** What may come in its place. */
  readonly enqueue: Step;
  readonly claim: Step;
  readonly jump: Extract<Step, { kind: "advanceTo" }>;
}

/** Which steps may come in place of others. */
export type Usable = Readonly<Record<"claim" | "advanceTo", boolean>>;

/** Those that a completion may speak of; a row of an odd key is none. */
const usualRows = new Set(crowdRefs.map(rowName));

/** Of four steps that speak of a row without what they need, how many are turned to another row. */
const turned = 3;

/** Of four calls that would find nothing to do, how many make place for one that changes that. */
const led = 3;

/** Steps drawn one by one mostly hit nothing: a completion needs a row that is leased, a repair one whose lease has run out. So
 *  most of them are turned to a row that probably is; where there is none, most make place for a step towards it.
 *
 *  @param draws one for each step
 *  @param keys those of the case */
export function aim(
  steps: readonly Step[],
  draws: readonly Draw[],
  usable: Usable,
  keys: readonly RowRef[],
): readonly Step[] {
  const aiming = new Aiming(usable, keys);
  return steps.map((step, at) => {
    const draw = draws[at];
    return draw === undefined ? step : aiming.next(step, draw);
  });
}

class Aiming {
  private readonly guess = new Guess();
  /** Steps of one row stay steps of one row until the next claim, so that those who were to meet still do. */
  private readonly turns = new Map<string, RowRef>();
  /** A row that has ended, and one that has taken its place. */
  private readonly successors = new Map<string, RowRef>();

  constructor(
    private readonly usable: Usable,
    private readonly keys: readonly RowRef[],
  ) {}

  next(step: Step, draw: Draw): Step {
    const better = this.turn(this.succeed(this.lead(step, draw), draw.number), draw.number);
    if (isCall(better, "claim")) this.turns.clear();
    this.guess.see(better);
    return better;
  }

  /** Something to do comes before a call that would find nothing. */
  private lead(step: Step, draw: Draw): Step {
    if (step.kind !== "call" || draw.number % 4 >= led) return step;
    const found: Partial<Record<Call["op"], readonly RowRef[]>> = {
      claim: this.guess.of("pending"),
      complete: this.guess.of("live", "expired"),
      repair: this.guess.of("expired"),
    };
    return found[step.call.op]?.length === 0 ? (this.towards(step.call.op, step, draw) ?? step) : step;
  }

  private towards(op: Call["op"], step: CallStep, draw: Draw): Step | null {
    const live = this.targets("live");
    const waiting = this.targets("waiting");
    if (op === "repair" && live.length > 0) return this.jump("lease", live, draw);
    if (op !== "claim" && this.guess.of("pending").length > 0)
      return this.usable.claim ? inPlaceOf(step, draw.claim) : null;
    if (waiting.length > 0) return this.jump("due", waiting, draw);
    return inPlaceOf(step, draw.enqueue);
  }

  private jump(deadline: Deadline, rows: readonly RowRef[], { jump, number }: Draw): Step | null {
    const row = rows[Math.floor(number / 4) % rows.length];
    return this.usable.advanceTo && row !== undefined ? { ...jump, row, deadline } : null;
  }

  /** What speaks of a row that has ended speaks of another one, once that was enqueued in its place. */
  private succeed(step: Step, number: number): Step {
    const row = rowOf(step);
    if (row === null) return step;
    const current = this.successor(row);
    const next = this.keys.find((each) => !this.guess.isKnown(each));
    const isNext = isCall(step, "enqueue") && this.guess.isOver(current) && number % 4 < turned;
    if (next === undefined || !isNext) return withRow(step, current);
    this.successors.set(rowName(row), next);
    return withRow(step, next);
  }

  private successor(row: RowRef): RowRef {
    return this.successors.get(rowName(row)) ?? row;
  }

  /** To a row for which it does something. */
  private turn(step: Step, number: number): Step {
    const row = rowOf(step);
    const targets = this.targetsOf(step);
    return row === null || targets === null ? step : withRow(step, this.rowFor(row, targets, number));
  }

  /** Rows for which the step does something; null where it does not matter how its row stands. */
  private targetsOf(step: Step): readonly RowRef[] | null {
    if (step.kind === "advanceTo") return this.targets(step.deadline === "lease" ? "live" : "waiting");
    return isCall(step, "complete") ? this.targets("live", "expired") : null;
  }

  private targets(...standings: readonly Standing[]): readonly RowRef[] {
    return this.guess.of(...standings).filter((row) => usualRows.has(rowName(row)));
  }

  private rowFor(row: RowRef, targets: readonly RowRef[], number: number): RowRef {
    if (isAmong(targets, row)) return row;
    const before = this.turns.get(rowName(row));
    if (before !== undefined) return before;
    const target = number % 4 < turned ? targets[Math.floor(number / 4) % targets.length] : undefined;
    if (target !== undefined) this.turns.set(rowName(row), target);
    return target ?? row;
  }
}

function isCall<Op extends Call["op"]>(
  step: Step,
  op: Op,
): step is CallStep & { readonly call: Extract<Call, { op: Op }> } {
  return step.kind === "call" && step.call.op === op;
}

/** By the same session, parked where that would, or at the last point where it can. */
function inPlaceOf(step: CallStep, other: Step): Step {
  if (other.kind !== "call") return step;
  const { call } = other;
  if (step.parkAt === undefined) return { ...step, call };
  return { ...step, call, parkAt: Math.min(step.parkAt, furthestPark(call.op)) };
}
