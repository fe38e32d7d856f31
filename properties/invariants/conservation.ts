import { isTerminal } from "../../model/attempt.ts";
import { committedBefore, type Look, rowsOf, type Timeline } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const conservation: Invariant = {
  id: "INV-01",
  name: "conservation",
  statement:
    "every committed key is in exactly one place: pending, or ended by one terminal attempt; nothing is lost, nothing appears unasked",
  check: (timeline) => firstFault(timeline.looks, (look) => checkLook(timeline, look)),
};

function checkLook(timeline: Timeline, { event, observation }: Look): Fault | null {
  const asked = new Set(
    timeline.answered
      .filter((answered) => committedBefore(timeline, answered, event))
      .flatMap((answered) => rowsOf(answered, "enqueue").map((row) => row.outboxId)),
  );
  const pending = new Set(observation.pending.map((row) => row.outboxId));
  const ended = observation.attempts.filter((row) => isTerminal(row.state)).map((row) => row.outboxId);
  for (const id of asked) {
    const terminal = ended.filter((other) => other === id).length;
    const places = (pending.has(id) ? 1 : 0) + terminal;
    const expected = `${id} is pending, or has ended by one terminal attempt`;
    const observed = `${id} is ${pending.has(id) ? "" : "not "}pending, and has ${terminal} terminal attempts`;
    if (places === 0) return { event, rule: "a committed key is lost", expected, observed };
    if (places > 1) return { event, rule: "a committed key is in two places", expected, observed };
  }
  const stranger = [...pending, ...observation.attempts.map((row) => row.outboxId)].find(
    (id) => !asked.has(id),
  );
  if (stranger === undefined) return null;
  return { event, rule: "a row appears unasked", expected: "no such row", observed: stranger };
}
