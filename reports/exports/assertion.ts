import type { Counterexample } from "../../properties/counterexample.ts";
import type { Answer } from "../../schema/json/explanation.ts";
import type { Observation } from "../../model/observation.ts";
import { sessionName } from "../../sim/session-name.ts";
import { cellsOf } from "./cells.ts";
import { NotExportable, type Script } from "./script.ts";

/** What a play must show where the violation was, for the contract to hold. */
export type Assertion =
  | { readonly kind: "no wait"; readonly step: string }
  | { readonly kind: "no deadlock" }
  | { readonly kind: "fails with"; readonly step: string; readonly sqlstates: readonly string[] }
  /** Anything else than what was wrong. */
  | { readonly kind: "differs"; readonly step: string; readonly from: object };

/** Throws NotExportable for what shows in no single play. */
export function assertionOf({ violations, history }: Counterexample, script: Script): Assertion {
  const [violation] = violations;
  if (violation.oracle === "determinism") throw new NotExportable("it does not play the same way each time");
  const event = history.events[violation.event];
  const line = script.explanation.lines.find(({ wrong }) => wrong);
  const step = script.steps.findLast(({ line: index, session }) => {
    const played = script.explanation.lines[index];
    return line?.call == null ? played === line : played?.call === line.call && session !== "control";
  })?.name;
  if (event === undefined || step === undefined) throw new NotExportable("no step shows it");
  switch (event.kind) {
    case "wait":
      return { kind: "no wait", step };
    case "observe":
      return {
        kind: "differs",
        step,
        from: lookAt(event.observation, notifiersUntil(violation.event, history)),
      };
    case "respond": {
      if (line?.answer == null) break;
      if (line.answer.sqlstate === "40P01") return { kind: "no deadlock" };
      const sqlstates = sqlstatesIn(line.allowed ?? []);
      if (sqlstates !== null) return { kind: "fails with", step, sqlstates };
      return { kind: "differs", step, from: answerOf(line.answer) };
    }
  }
  throw new NotExportable(`it shows at no step's answer, but as ${violation.rule}`);
}

/** "fail P7002|P7003 (...)" in every line; else null. */
function sqlstatesIn(allowed: readonly string[]): readonly string[] | null {
  const lists = allowed.map((text) => /^fail ([\w|]+)/.exec(text)?.[1]?.split("|"));
  return lists.length === 0 || lists.includes(undefined) ? null : lists.flatMap((list) => list ?? []);
}

function answerOf({ kind, sqlstate, rows }: Answer): object {
  return kind === "fail" ? { error: sqlstate } : { rows: rows.map(cellsOf) };
}

function lookAt(observation: Observation, notifiers: readonly (string | null)[]): object {
  const { pending, attempts, sequences, policies, attestations, revokedCerts, revokedTokens } = observation;
  const tables: readonly (readonly object[])[] = [
    ...[pending, attempts, sequences, policies],
    ...[attestations, revokedCerts, revokedTokens],
  ];
  return { tables: tables.map((rows) => rows.map(cellsOf)), notifiers };
}

function notifiersUntil(last: number, { events }: Counterexample["history"]): readonly (string | null)[] {
  return events
    .slice(0, last + 1)
    .flatMap((event) => (event.kind === "observe" ? event.notifications : []))
    .map(({ session }) => (session === null ? null : sessionName(session)));
}
