import type { Explanation, Line } from "../../schema/json/explanation.ts";

/** What a session is in: drawn in its column until that changes. */
export type LaneState = "idle" | "in a transaction" | "waits" | "parked";

/** How each is drawn. */
export const laneMarks: Record<LaneState, string> = {
  idle: " ",
  "in a transaction": "│",
  waits: "░",
  parked: "┊",
};

/** The state of every session after each line. */
export function laneStates({
  lines,
  sessions,
}: Pick<Explanation, "lines" | "sessions">): readonly LaneState[][] {
  const open = new Set<number>();
  const kinds = new Map<number, unknown>();
  let states: LaneState[] = sessions.map(() => "idle");
  return lines.map((line) => {
    const { session, call, operation } = line;
    if (call !== null && operation !== null) kinds.set(call, operation["kind"]);
    if (isCrash(line)) {
      open.clear();
      states = sessions.map(() => "idle");
    } else if (session !== null) {
      noteTransaction(open, session, line, call === null ? operation?.["kind"] : kinds.get(call));
      states = states.with(session, stateOf(line, open.has(session), states[session] ?? "idle"));
    }
    return states;
  });
}

/** A fault that hits no single session. What was in flight answers in lines of its own. */
function isCrash({ kind, session }: Line): boolean {
  return kind === "fault" && session === null;
}

function noteTransaction(open: Set<number>, session: number, { answer, call }: Line, kind: unknown): void {
  if (kind === "terminate") open.delete(session);
  if (call === null || answer === null) return;
  if (kind === "begin" && answer.kind === "ended") open.add(session);
  if (kind === "commit" || kind === "rollback") open.delete(session);
}

function stateOf(
  { kind, call, wait, parkedAt, answer }: Line,
  isOpen: boolean,
  before: LaneState,
): LaneState {
  const rest = isOpen ? "in a transaction" : "idle";
  if (kind === "skip") return before;
  if (call === null) return before === "waits" || before === "parked" ? before : rest;
  if (answer !== null) return rest;
  if (parkedAt !== null) return "parked";
  return wait === null ? rest : "waits";
}
