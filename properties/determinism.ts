import type { Event, History } from "../sim/history.ts";
import { signatureOf, type Verdict, type Violation } from "./verdict.ts";

interface Played {
  readonly history: History;
  readonly verdict: Verdict;
}

/** Where two plays of one schedule part, as a violation whose `expected` is what the first did; null where they are equal.
 *  `exact`: the histories must be, event by event; else, on a server that wakes sessions in an order of its own, only what
 *  they are judged to be. */
export function differenceBetween(first: Played, second: Played, exact: boolean): Violation | null {
  return exact ? firstDifference(first.history, second.history) : otherVerdict(first, second);
}

function firstDifference(first: History, second: History): Violation | null {
  const [one, other] = [first, second].map(eventTexts) as [readonly string[], readonly string[]];
  const length = Math.max(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const [expected, observed] = [one[index], other[index]];
    if (expected === observed) continue;
    const rule = ruleOf(first.events[index], second.events[index]);
    const event = Math.min(index, one.length - 1);
    return violation(rule, event, expected ?? "nothing more", observed ?? "nothing more");
  }
  const [passed, passedThen] = [first, second].map(({ yields }) => JSON.stringify(yields ?? {}));
  if (passed === passedThen) return null;
  return violation("other statements are passed", length - 1, passed ?? "", passedThen ?? "");
}

function otherVerdict(first: Played, second: Played): Violation | null {
  const [expected, observed] = [verdictText(first.verdict), verdictText(second.verdict)];
  if (expected === observed) return null;
  return violation("another verdict", first.history.events.length - 1, expected, observed);
}

function violation(rule: string, event: number, expected: string, observed: string): Violation {
  return { oracle: "determinism", invariant: null, rule, event, expected: [expected], observed };
}

/** Each event with what it only names: its call, and the transaction of that. */
function eventTexts({ events, calls, transactions }: History): readonly string[] {
  return events.map((event) => {
    if (event.kind !== "invoke") return JSON.stringify(event);
    const call = calls[event.call];
    return JSON.stringify({ ...event, ...call, transaction: transactions[call?.transaction ?? -1] });
  });
}

const rules: Record<Event["kind"], string> = {
  invoke: "another call",
  wait: "another lock wait",
  park: "another statement is parked at",
  resume: "another call goes on",
  respond: "another answer",
  advance: "another time",
  skip: "a step is skipped for another reason",
  fault: "a fault hits something else",
  crash: "a crash hits something else",
  listener: "the listener is dropped or back elsewhere",
  observe: "other rows or notifications",
  closing: "another closing phase",
};

/** Without values: part of the signature. */
function ruleOf(first: Event | undefined, second: Event | undefined): string {
  if (first === undefined || second === undefined) return "one play goes on where the other ends";
  return first.kind === second.kind ? rules[first.kind] : `${first.kind} or ${second.kind}`;
}

function verdictText(verdict: Verdict): string {
  return verdict.kind === "violated" ? signatureOf(verdict.violations[0]) : verdict.kind;
}
