import type { Line } from "../../../schema/json/explanation.ts";
import { sessionName } from "../../../sim/session-name.ts";
import type { CaseData } from "../case-data.ts";
import { ColumnHeads } from "./column-heads.tsx";

/** What each session is doing after a line and, where it is stopped, in which statement or for whom. */
export function SessionTable({ data, at }: { readonly data: CaseData; readonly at: number }) {
  const { sessions, lines } = data.explanation;
  return (
    <table class="data sessions">
      <ColumnHeads names={["session", "is", "where"]} />
      <tbody>
        {sessions.map((_, session) => {
          const state = data.lanes[at]?.[session] ?? "idle";
          return (
            <tr key={session}>
              <th scope="row">{sessionName(session)}</th>
              <td>{state === "parked" ? "stopped inside a function" : state}</td>
              <td>{state === "idle" ? "" : placeOf(lines.slice(0, at + 1), session)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function placeOf(lines: readonly Line[], session: number): string {
  const last = lines.findLast((line) => line.session === session && line.call !== null);
  if (last === undefined) return "";
  if (last.parkedAt !== null && last.answer === null) {
    const { function: name, line, statement } = last.parkedAt;
    return `${name}, line ${line}, before: ${statement}`;
  }
  if (last.wait !== null && last.answer === null) {
    const others = last.wait.blockedBy.map(sessionName).join(", ");
    return `for ${others === "" ? "a lock" : others} (${last.wait.lock}): ${last.action}`;
  }
  return `after: ${last.action}`;
}
