import type { Look } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const sequence: Invariant = {
  id: "INV-03",
  name: "sequence",
  statement: "a participant's sequence numbers are 1..n without gap or repeat",
  check: (timeline) => firstFault(timeline.looks, checkLook),
};

function checkLook({ event, observation }: Look): Fault | null {
  const numbers = new Map<string, Map<string, number>>();
  for (const { participantId, outboxId, sequenceId } of [...observation.pending, ...observation.attempts]) {
    const ofParticipant = numbers.get(participantId) ?? new Map<string, number>();
    numbers.set(participantId, ofParticipant.set(outboxId, sequenceId));
  }
  const next = new Map(observation.sequences.map((row) => [row.participantId, row.next]));
  for (const participant of next.keys()) if (!numbers.has(participant)) numbers.set(participant, new Map());
  return firstFault(numbers, ([participant, byRow]) => {
    const sorted = [...byRow.values()].sort((a, b) => a - b);
    const observed = `${participant}: ${sorted.join(", ")}; next ${next.get(participant) ?? "none"}`;
    const expected = `1..${sorted.length}; next ${sorted.length + 1}`;
    if (sorted.some((number, index) => number !== index + 1)) {
      return { event, rule: "a participant's numbers have a gap or a repeat", expected, observed };
    }
    if (next.get(participant) === sorted.length + 1) return null;
    return { event, rule: "a participant's counter is not its last number + 1", expected, observed };
  });
}
