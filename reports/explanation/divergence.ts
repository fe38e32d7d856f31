import type { Observation } from "../../model/observation.ts";
import type { Counterexample } from "../../properties/counterexample.ts";
import type { Violation } from "../../properties/verdict.ts";
import type { Event, History } from "../../sim/history.ts";
import { describeAction } from "./describe-action.ts";
import { describeResponse } from "./describe-response.ts";
import { sessionName } from "../../sim/session-name.ts";
import { shortPairs } from "../text.ts";
import { type Difference, differenceOf } from "./difference.ts";

/** What was expected and what was observed; where two plays of the schedule differ, what the one did and the other. */
export function differenceIn({
  violations: [violation],
  history,
  second,
}: Pick<Counterexample, "violations" | "history" | "second">): Difference {
  return second === undefined
    ? differenceOf(violation, history.events[violation.event])
    : divergenceOf(violation, history, second);
}

/** What each of two plays of one schedule did at the event at which they part, short enough to be read. Where no event tells
 *  them apart, as the oracle says it. */
function divergenceOf(violation: Violation, first: History, second: History): Difference {
  const [one, other] = [first.events[violation.event], second.events[violation.event]];
  if (one?.kind === "observe" && other?.kind === "observe") {
    return {
      expected: [rowsOnlyIn(one.observation, other.observation) ?? wakeups(one)],
      observed: rowsOnlyIn(other.observation, one.observation) ?? wakeups(other),
    };
  }
  const [expected, observed] = [eventText(first, one), eventText(second, other)];
  if (expected === observed) return { expected: violation.expected, observed: violation.observed };
  return { expected: [expected], observed };
}

function eventText({ calls, transactions }: History, event: Event | undefined): string {
  if (event === undefined) return "nothing more";
  const call = "call" in event ? calls[event.call] : undefined;
  if (call === undefined) return event.kind;
  const who = `${sessionName(call.session)} ${call.action.kind}`;
  switch (event.kind) {
    case "invoke":
      return describeAction(call.action, transactions[call.transaction]?.isolation ?? "READ COMMITTED");
    case "wait":
      return `${who} waits for ${event.blockedBy.map(sessionName).join(", ") || "a lock"} (${event.lock})`;
    case "park":
      return `${who} parked in ${event.at.function}, line ${event.at.line}`;
    case "respond":
      return `${who}: ${describeResponse(call.action, event.response).join("; ")}`;
    default:
      return `${who} ${event.kind}s`;
  }
}

/** Null where there are none. */
function rowsOnlyIn(one: Observation, other: Observation): string | null {
  const known = new Set(rowsOf(other).map((row) => JSON.stringify(row)));
  const own = rowsOf(one).filter((row) => !known.has(JSON.stringify(row)));
  return own.length === 0 ? null : own.map((row) => shortPairs(row)).join("; ");
}

function rowsOf(observation: Observation): readonly Readonly<Record<string, unknown>>[] {
  return Object.values(observation).flat() as Readonly<Record<string, unknown>>[];
}

function wakeups({ notifications }: Extract<Event, { kind: "observe" }>): string {
  const senders = notifications.map(({ session }) => (session === null ? "?" : sessionName(session)));
  return senders.length === 0 ? "no other rows, no notification" : `notification from ${senders.join(", ")}`;
}
