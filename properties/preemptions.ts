import type { Event, History } from "../sim/history.ts";

/** What a campaign with yield points should have done to calls that stand inside a function. */
export const preemptionKinds = [
  "parked",
  "call beside a parked one",
  "lock wait beside a parked call",
  "terminate: parked",
  "cancel: parked",
] as const;
export type PreemptionKind = (typeof preemptionKinds)[number];

export function preemptionsOf(history: History): readonly PreemptionKind[] {
  return besideParked(history).flatMap(({ event, parked }): PreemptionKind[] => {
    switch (event.kind) {
      case "park":
        return ["parked"];
      case "respond":
        return parked.some((call) => call !== event.call) ? ["call beside a parked one"] : [];
      case "wait":
        return parked.length > 0 ? ["lock wait beside a parked call"] : [];
      case "fault":
        if (event.fault !== "terminate" && event.fault !== "cancel") return [];
        return hits(event, parked) ? [`${event.fault}: parked`] : [];
      default:
        return [];
    }
  });
}

/** The faults that hit a call where it was parked. */
export function faultsOnParked(history: History): ReadonlySet<Event> {
  const found = besideParked(history).filter(
    ({ event, parked }) => event.kind === "fault" && hits(event, parked),
  );
  return new Set(found.map(({ event }) => event));
}

/** Each event with the calls that are parked when it comes. */
export function besideParked({ events }: History): readonly { event: Event; parked: readonly number[] }[] {
  const parked = new Set<number>();
  return events.map((event) => {
    const before = [...parked];
    if (event.kind === "park") parked.add(event.call);
    if (event.kind === "resume" || event.kind === "respond") parked.delete(event.call);
    return { event, parked: before };
  });
}

function hits({ calls }: Extract<Event, { kind: "fault" }>, parked: readonly number[]): boolean {
  return calls.some((call) => parked.includes(call));
}
