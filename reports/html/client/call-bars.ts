import type { Line } from "../../../schema/json/explanation.ts";

/** Part of a call, from one line to another, both of them included. */
export interface CallBar {
  readonly call: number;
  readonly session: number;
  readonly from: number;
  readonly to: number;
  /** What the session did from that line on. */
  readonly state: "runs" | "waits" | "parked";
  readonly answer: "ok" | "fail" | "info" | null;
}

/** Each call from its start to its answer, cut where it begins to wait, is parked, or goes on. One that is never answered
 *  lasts to the end. */
export function callBars(lines: readonly Line[]): readonly CallBar[] {
  const calls = new Map<number, number[]>();
  for (const [index, { call }] of lines.entries()) {
    if (call !== null) calls.set(call, [...(calls.get(call) ?? []), index]);
  }
  return [...calls].flatMap(([call, own]) => barsOf(call, own, lines));
}

function barsOf(call: number, own: readonly number[], lines: readonly Line[]): readonly CallBar[] {
  const answered = own.map((index) => lines[index]?.answer).find((each) => each != null) ?? null;
  const answer = answered === null ? null : answered.kind === "ended" ? "ok" : answered.kind;
  return own.flatMap((from, place): CallBar[] => {
    const line = lines[from];
    if (line?.session == null) return [];
    const isStopped = line.answer === null && (line.wait !== null || line.parkedAt !== null);
    const next = own[place + 1] ?? (line.answer === null ? lines.length : from + 1);
    const bar = { call, session: line.session, answer };
    if (!isStopped) return [{ ...bar, from, to: from, state: "runs" }];
    const state = line.parkedAt === null ? "waits" : "parked";
    return [{ ...bar, from, to: Math.max(from, next - 1), state }];
  });
}
