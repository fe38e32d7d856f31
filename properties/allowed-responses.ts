import { sqlstatesOf } from "../model/errors.ts";
import type { Fail, Response } from "../model/response.ts";
import type { TransactionPoint } from "../model/transaction-point.ts";
import { transactionModel } from "../model/transactions.ts";
import type { World } from "../model/world.ts";
import type { ModelTrace } from "./model-trace.ts";
import type { HistoryPoint } from "./points.ts";

type Model = ReturnType<typeof transactionModel>;
type Asked = ReturnType<Model["next"]>;

/** What the model would have allowed as the answer that came at an event, each in a line: at every place between the call's
 *  two events that the linearization leaves it. Empty where the model is asked nothing there, null where the search gave
 *  up or had ended before. The model predicts nothing: it is asked about an answer that is never right, whose refusal says
 *  what would be, and about each SQLSTATE. */
export function allowedResponses(trace: ModelTrace, event: number): readonly string[] | null {
  const { search, points, stoppedAt } = trace;
  if (search.verdict === "unknown" || (stoppedAt !== null && event > stoppedAt)) return null;
  const asked = points.filter(({ point, respondedAt }) => respondedAt === event && isAnswered(point));
  const [first] = asked;
  if (first === undefined) return [];
  const model = transactionModel(trace.ceiling);
  const lines = worldsBefore(trace, first, model).flatMap((world) => allowedIn(world, first.point, model));
  return [...new Set(lines)];
}

function isAnswered({ kind }: TransactionPoint): boolean {
  return kind === "call" || kind === "commit";
}

/** The states in which the point may have happened. */
function worldsBefore(trace: ModelTrace, target: HistoryPoint, model: Model): readonly World[] {
  const { placed, points, initial } = trace;
  const targetAt = placed.findIndex(({ index }) => points[index] === target);
  const invoked = placed.findLastIndex(({ event }) => event < target.invokedAt);
  const from = Math.max(invoked, lastPlacedBefore(trace, target));
  const worlds = [initial, ...placed.map(({ world }) => world)];
  return worlds
    .slice(from + 1, (targetAt < 0 ? placed.length : targetAt) + 1)
    .flatMap((world) => afterUnplaced(trace, target, world, model));
}

/** The place of the last point before it in its own program; -1 for none. */
function lastPlacedBefore(trace: ModelTrace, { after }: HistoryPoint): number {
  const places = after.map((index) => {
    const place = trace.placed.findIndex((each) => each.index === index);
    const point = trace.points[index];
    return place >= 0 || point === undefined ? place : lastPlacedBefore(trace, point);
  });
  return Math.max(-1, ...places);
}

/** Of what no linearization reaches, the points that come just before may not be placed either: a snapshot, a lock. */
function afterUnplaced(
  trace: ModelTrace,
  target: HistoryPoint,
  world: World,
  model: Model,
): readonly World[] {
  const unplaced = target.after.filter((index) => !trace.placed.some((each) => each.index === index));
  return unplaced.reduce<readonly World[]>(
    (worlds, index) => {
      const point = trace.points[index];
      if (point === undefined) return worlds;
      return worlds
        .flatMap((each) => afterUnplaced(trace, point, each, model))
        .flatMap((each) => {
          const next = model.next(each, point.point);
          return "states" in next ? [...next.states] : [];
        });
    },
    [world],
  );
}

const impossible: Response = { kind: "ok", rows: [{} as never] };

function allowedIn(world: World, point: TransactionPoint, model: Model): readonly string[] {
  switch (point.kind) {
    case "call": {
      const answered = (response: Response) => model.next(world, { ...point, response });
      const expected = expectedIn(answered(point.response), answered(impossible), point.response);
      return [...expected, ...errorsBeside(expected, (fail) => "states" in answered(fail))];
    }
    case "commit": {
      const told = (outcome: typeof point.outcome) => "states" in model.next(world, { ...point, outcome });
      const ended = [...(told("committed") ? ["COMMIT"] : []), ...(told("rolled back") ? ["ROLLBACK"] : [])];
      return [...ended, ...errorsBeside(ended, told)];
    }
    default:
      return [];
  }
}

/** What was answered may be refused for more than its content: another transaction holds a row. An error's refusal says only
 *  that it is none. */
function expectedIn(given: Asked, never: Asked, { kind }: Response): readonly string[] {
  if (kind === "ok" && "refusal" in given) return given.refusal.expected;
  return "refusal" in never ? never.refusal.expected : ["ok"];
}

/** The errors that are allowed and not named yet: "fail 40001 (serialization failure)". */
function errorsBeside(named: readonly string[], isAllowed: (fail: Fail) => boolean): readonly string[] {
  const known = new Set(named.flatMap((line) => /^fail ([\w|]+)/.exec(line)?.[1]?.split("|") ?? []));
  return Object.entries(sqlstatesOf).flatMap(([kind, sqlstates]) => {
    const allowed = sqlstates.filter((sqlstate) => {
      return !known.has(sqlstate) && isAllowed({ kind: "fail", sqlstate, message: "", cycle: [] });
    });
    for (const sqlstate of allowed) known.add(sqlstate);
    return allowed.length === 0 ? [] : [`fail ${allowed.join("|")} (${kind})`];
  });
}
