import { realises } from "../model/errors.ts";
import { isolationLevels } from "../model/operation.ts";
import { answerOf, type Event, type History, type Told } from "../sim/history.ts";
import { type Answered, type Timeline, withoutClosing } from "./timeline.ts";
import { besideParked, faultsOnParked, preemptionKinds, preemptionsOf } from "./preemptions.ts";
import { leaseEvents } from "./lease-history.ts";
import { outcomeOf, outcomesOf } from "./outcome.ts";
import { wakeUpsOf } from "./wake-ups.ts";

/** What a campaign has reached: counts by group and name. Plain data, so that shards can be added up. */
export type Coverage = Readonly<Record<string, Readonly<Record<string, number>>>>;

const transactionKinds = ["autocommit", "autocommit failed", "committed", "rolled back"] as const;

/** Situations that are worth telling apart from the mere outcomes. */
export const landmarks = [
  "lock wait",
  "lock got after the lease's expiry",
  "lease expired and repaired",
  "zombie completion refused",
  "savepoint rolled back",
  "savepoint released",
  "went on after an error",
  "lock got from a savepoint rolled back",
  "notification",
  "wake-up lost while nobody listened",
  "wake-up heard by a listener that came back",
  "row ended by the closing phase",
  "lease ended by the closing phase",
  "closing phase omitted: bad ceiling",
  "clock advance",
  "skipped step",
] as const;

/** Where faults have hit: a lock timeout where a call gave up, a lost answer where the server had committed. */
const faultPlaces = [
  "terminate: idle",
  "terminate: in a transaction",
  "terminate: blocked",
  "cancel: blocked",
  "lock timeout",
  "lost answer: COMMIT",
  "lost answer: call",
] as const;
type FaultPlace = (typeof faultPlaces)[number];

/** Where sessions were when the server crashed. */
const crashPlaces = ["idle", "in a transaction", "blocked"] as const;

/** Every name that a campaign should reach, with nothing reached yet: one in which some cases have yields, or crashes. */
export function emptyCoverage(some = { yields: true, crashes: true }): Coverage {
  const groups = {
    ...outcomesOf,
    isolation: isolationLevels,
    transactions: transactionKinds,
    faults: faultPlaces,
    landmarks,
    ...(some.yields ? { preemptions: preemptionKinds } : {}),
    ...(some.crashes ? { "server crash": [...crashPlaces, ...(some.yields ? ["parked"] : [])] } : {}),
  };
  return Object.fromEntries(Object.entries(groups).map(([group, names]) => [group, zeros(names)]));
}

function zeros(names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, 0]));
}

export function addCoverage(a: Coverage, b: Coverage): Coverage {
  const total: Record<string, Record<string, number>> = {};
  for (const [group, counts] of [...Object.entries(a), ...Object.entries(b)]) {
    const into = (total[group] ??= {});
    for (const [name, number] of Object.entries(counts)) into[name] = (into[name] ?? 0) + number;
  }
  return total;
}

/** How many of its names count more than 0. */
export function reachedIn(coverage: Coverage): number {
  return Object.values(coverage).flatMap((counts) => Object.values(counts).filter((count) => count > 0))
    .length;
}

/** What one case has reached: by its own steps, whose `timeline` a caller may have already, and of its closing phase what
 *  that found to do. */
export function coverageOf(whole: Timeline, timeline = withoutClosing(whole)): Coverage {
  const reached: [group: string, name: string][] = [
    ...timeline.answered.map((each): [string, string] => [each.operation.kind, outcomeOf(timeline, each)]),
    ...timeline.answered.map((each): [string, string] => ["isolation", each.transaction.isolation]),
    ...transactionsOf(timeline).map((kind): [string, string] => ["transactions", kind]),
    ...faultPlacesOf(timeline).map((name): [string, string] => ["faults", name]),
    ...preemptionsOf(timeline.history).map((name): [string, string] => ["preemptions", name]),
    ...crashPlacesOf(timeline.history).map((name): [string, string] => ["server crash", name]),
    ...[...landmarksOf(timeline), ...closingLandmarks(whole, timeline)].map((name): [string, string] => [
      "landmarks",
      name,
    ]),
  ];
  const counts: Record<string, Record<string, number>> = {};
  for (const [group, name] of reached) {
    const into = (counts[group] ??= {});
    into[name] = (into[name] ?? 0) + 1;
  }
  return counts;
}

function transactionsOf({ history, fates }: Timeline): (typeof transactionKinds)[number][] {
  const explicit = new Set(history.calls.filter((call) => !call.autocommit).map((call) => call.transaction));
  return [...fates].map(([id, { committed }]) => {
    if (explicit.has(id)) return committed ? "committed" : "rolled back";
    return committed ? "autocommit" : "autocommit failed";
  });
}

/** Without those that hit a parked call: preemptions tells them. */
function faultPlacesOf({ history }: Timeline): readonly FaultPlace[] {
  const onParked = faultsOnParked(history);
  return history.events.filter((event) => !onParked.has(event)).flatMap(faultPlaceOf);
}

function faultPlaceOf(event: Event): readonly FaultPlace[] {
  if (event.kind === "respond") return toldPlaces(event.response);
  if (event.kind !== "fault") return [];
  switch (event.fault) {
    case "terminate":
      if (event.calls.length > 0) return ["terminate: blocked"];
      return event.ended.length > 0 ? ["terminate: in a transaction"] : ["terminate: idle"];
    case "cancel":
      return ["cancel: blocked"];
    case "lockTimeout":
    case "loseAcknowledgement":
      return [];
  }
}

function toldPlaces(told: Told): readonly FaultPlace[] {
  const answer = answerOf(told);
  if (answer.kind === "fail") return realises(answer.sqlstate, "lock timeout") ? ["lock timeout"] : [];
  if (told.kind !== "info") return [];
  if (answer.kind === "ok") return ["lost answer: call"];
  return answer.command === "COMMIT" ? ["lost answer: COMMIT"] : [];
}

/** Of each crash, every place where a session was; idle only where all were. */
function crashPlacesOf(history: History): readonly ((typeof crashPlaces)[number] | "parked")[] {
  return besideParked(history).flatMap(({ event, parked }) => {
    if (event.kind !== "crash") return [];
    const places = [
      ...event.ended.map(() => "in a transaction" as const),
      ...event.calls.map((call) => (parked.includes(call) ? "parked" : "blocked")),
    ];
    return places.length === 0 ? ["idle"] : [...new Set(places)];
  });
}

type Landmark = (typeof landmarks)[number];

function landmarksOf(timeline: Timeline): Landmark[] {
  const { answered, history, looks, waits } = timeline;
  const events = (kind: string) => history.events.filter((event) => event.kind === kind).length;
  const repaired = answered.filter(({ operation: { kind }, response }) => {
    return kind === "repair" && response.kind === "ok" && response.rows.length > 0;
  });
  return [
    ...times(waits.length, "lock wait"),
    ...times(
      answered.filter((each) => gotLockAfterExpiry(timeline, each)).length,
      "lock got after the lease's expiry",
    ),
    ...times(repaired.length, "lease expired and repaired"),
    ...times(answered.filter((each) => isZombie(timeline, each)).length, "zombie completion refused"),
    ...savepointLandmarks(history),
    ...times(looks.flatMap((look) => look.notifications).length, "notification"),
    ...listenerLandmarks(timeline),
    ...times(events("advance"), "clock advance"),
    ...times(events("skip"), "skipped step"),
  ];
}

function listenerLandmarks(timeline: Timeline): Landmark[] {
  const dropped = timeline.history.events.findIndex(({ kind }) => kind === "listener");
  if (dropped < 0) return [];
  return wakeUpsOf(timeline)
    .filter(({ committedAt }) => committedAt > dropped)
    .map(({ heard }) =>
      heard ? "wake-up heard by a listener that came back" : "wake-up lost while nobody listened",
    );
}

function savepointLandmarks({ calls, events }: History): Landmark[] {
  const failed = new Set<number>();
  return events.flatMap((event, index): Landmark[] => {
    const call = event.kind === "respond" ? calls[event.call] : undefined;
    if (event.kind !== "respond" || call === undefined) return [];
    if (event.response.kind === "fail") failed.add(call.transaction);
    if (event.response.kind !== "ended") return [];
    if (call.action.kind === "release") return ["savepoint released"];
    if (call.action.kind !== "rollbackTo") return [];
    const goesOn = times(failed.delete(call.transaction) ? 1 : 0, "went on after an error");
    // Whom a step wakes is settled before the next step begins.
    const wakes = times(
      events[index + 1]?.kind === "respond" ? 1 : 0,
      "lock got from a savepoint rolled back",
    );
    return ["savepoint rolled back", ...goesOn, ...wakes];
  });
}

function closingLandmarks({ history }: Timeline, { looks }: Timeline): Landmark[] {
  const closing = history.events.find((event) => event.kind === "closing");
  const left = looks.at(-1)?.observation.pending ?? [];
  if (closing === undefined || left.length === 0) return [];
  if (closing.omitted !== null) return [`closing phase omitted: ${closing.omitted}`];
  return [
    ...times(left.length, "row ended by the closing phase"),
    ...times(
      left.filter(({ leaseExpiresAt }) => leaseExpiresAt !== null).length,
      "lease ended by the closing phase",
    ),
  ];
}

function times(count: number, landmark: Landmark): Landmark[] {
  return Array.from({ length: count }, () => landmark);
}

/** A completion refused although its token was once granted on this row. */
function isZombie(timeline: Timeline, { operation, response }: Answered): boolean {
  if (operation.kind !== "complete" || response.kind !== "fail" || response.sqlstate !== "P7002")
    return false;
  return leaseEvents(timeline, operation.outboxId ?? "").some(
    (event) => event.kind === "granted" && event.token === operation.leaseToken,
  );
}

/** A completion that began while its lease was live, waited, and was answered when the clock was past its end. */
function gotLockAfterExpiry(timeline: Timeline, answered: Answered): boolean {
  const { operation, transaction, invokedAt, respondedAt } = answered;
  if (operation.kind !== "complete") return false;
  const waited = timeline.waits.some(({ event }) => event > invokedAt && event < respondedAt);
  const lease = leaseEvents(timeline, operation.outboxId ?? "").find(
    (event) => event.kind === "granted" && event.token === operation.leaseToken,
  );
  if (!waited || lease?.kind !== "granted" || transaction.now >= lease.expiresAt) return false;
  const advanced = timeline.history.events.slice(invokedAt, respondedAt);
  return advanced.some((event) => event.kind === "advance" && event.now >= lease.expiresAt);
}
