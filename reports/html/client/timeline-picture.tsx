import type { Line } from "../../../schema/json/explanation.ts";
import { sessionName } from "../../../sim/session-name.ts";
import { sinceEpoch } from "../../text.ts";
import type { LaneState } from "../../terminal/lanes.ts";
import type { CaseData } from "../case-data.ts";
import { callBars } from "./call-bars.ts";
import { leaseColumns, type LeaseSpan } from "./lease-columns.ts";
import { lineTitle } from "./scrubber.tsx";

/** Of a line, in pixels, in the picture and in the list beside it. */
export const rowHeight = 56;
/** Above the first line stand the names of the lanes. */
export const headHeight = 30;
const laneWidth = 32;
const barWidth = 14;
/** With more columns of leases there is no room for the names of their rows. */
const mostWideColumns = 3;

interface Props {
  readonly data: CaseData;
  readonly at: number;
  readonly go: (line: number) => void;
}

const laneX = (session: number): number => session * laneWidth + laneWidth / 2;
/** Of a line's top. */
const rowY = (line: number): number => headHeight + line * rowHeight;
const middleY = (line: number): number => rowY(line) + rowHeight / 2;

/** Sessions as lanes, calls as bars, waits hatched, leases as spans beside them. The list beside it says the same in words. */
export function TimelinePicture({ data, at, go }: Props) {
  const { lines, sessions, leases } = data.explanation;
  const spans = leaseColumns(leases, lines.length);
  const columns = Math.max(0, ...spans.map(({ column }) => column + 1));
  const columnWidth = columns > mostWideColumns ? 48 : 76;
  const lanesWidth = sessions.length * laneWidth;
  const width = lanesWidth + columns * columnWidth + (columns === 0 ? 0 : 8);
  const height = rowY(lines.length);
  const wrong = lines.findIndex((line) => line.wrong);
  const lineAt = (event: MouseEvent & { readonly currentTarget: Element }) =>
    Math.floor((event.clientY - event.currentTarget.getBoundingClientRect().top - headHeight) / rowHeight);
  return (
    <svg
      class="picture"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label="Timeline: sessions as lanes, calls as bars, leases beside them. The list of steps says the same."
      onClick={(event) => go(Math.max(0, lineAt(event)))}
    >
      <Patterns />
      <rect class="current" x={0} y={rowY(at)} width={width} height={rowHeight} />
      {wrong < 0 ? null : <rect class="wrong-row" x={0} y={rowY(wrong)} width={width} height={rowHeight} />}
      {sessions.map((_, session) => (
        <Lane key={session} session={session} data={data} />
      ))}
      {lines.map((line, index) => (
        <LineMarks
          key={index}
          line={line}
          index={index}
          lines={lines}
          width={width}
          sessions={sessions.length}
        />
      ))}
      {columns === 0 ? null : (
        <text class="head" x={lanesWidth + 6} y={headHeight - 10}>
          leases
        </text>
      )}
      {spans.map((span, index) => (
        <LeaseBar
          key={index}
          span={span}
          x={lanesWidth + 6 + span.column * columnWidth}
          width={columnWidth - 6}
        />
      ))}
    </svg>
  );
}

function Patterns() {
  return (
    <defs>
      <pattern id="waits" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="hatch-ground" width="6" height="6" />
        <rect class="hatch-line" width="2.5" height="6" />
      </pattern>
      <pattern id="parked" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect class="hatch-ground" width="6" height="6" />
        <circle class="hatch-line" cx="3" cy="3" r="1.5" />
      </pattern>
      <pattern id="expired" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
        <rect class="lease-ground" width="6" height="6" />
        <rect class="lease-line" width="1.5" height="6" />
      </pattern>
    </defs>
  );
}

/** The session's name, its transactions as a line, and its calls on that. */
function Lane({ session, data }: { readonly session: number; readonly data: CaseData }) {
  const x = laneX(session);
  const { lines } = data.explanation;
  return (
    <g>
      <line class="lane" x1={x} y1={rowY(0)} x2={x} y2={rowY(lines.length)} />
      <text class="head" x={x} y={headHeight - 10} text-anchor="middle">
        {sessionName(session)}
      </text>
      {openRuns(data.lanes, session).map(([from, to]) => (
        <line key={from} class="transaction" x1={x} y1={middleY(from)} x2={x} y2={middleY(to)} />
      ))}
      {callBars(lines)
        .filter((bar) => bar.session === session)
        .map(({ from, to, state, answer }) => (
          <rect
            key={from}
            class={`bar ${state} ${answer ?? "unanswered"}`}
            x={x - barWidth / 2}
            y={rowY(from) + 5}
            width={barWidth}
            height={(to - from + 1) * rowHeight - 10 + (state === "runs" ? 0 : 10)}
            rx={3}
          >
            <title>{lineTitle(lines[from])}</title>
          </rect>
        ))}
    </g>
  );
}

/** From which line to which the session was in something, a transaction mostly. */
function openRuns(lanes: readonly (readonly LaneState[])[], session: number): readonly [number, number][] {
  const runs: [number, number][] = [];
  for (const [line, states] of lanes.entries()) {
    if (states[session] === "idle") continue;
    const last = runs.at(-1);
    if (last !== undefined && last[1] === line) last[1] = line + 1;
    else runs.push([line, Math.min(line + 1, lanes.length - 1)]);
  }
  return runs.map(([from, to]) => [from, Math.min(to, lanes.length - 1)]);
}

interface MarksProps {
  readonly line: Line;
  readonly index: number;
  readonly lines: readonly Line[];
  readonly width: number;
  readonly sessions: number;
}

/** What happens at a line: who waits for whom, who wakes whom, faults, the clock. */
function LineMarks({ line, index, lines, width, sessions }: MarksProps) {
  const { kind, session, wait, wokenBy } = line;
  const y = middleY(index);
  const waker = wokenBy === null ? null : (lines[wokenBy]?.session ?? null);
  if (kind === "clock") {
    return (
      <g class="clock">
        <line x1={0} y1={y} x2={width} y2={y} />
        <circle cx={8} cy={y} r={6} />
        <path d={`M 8 ${y - 3.5} V ${y} H 11`} />
      </g>
    );
  }
  if (kind === "fault" && session === null) return <line class="crash" x1={0} y1={y} x2={width} y2={y} />;
  if (kind === "fault" && session !== null) {
    const x = laneX(session);
    return <path class="fault" d={`M ${x - 6} ${y - 6} l 12 12 m 0 -12 l -12 12`} />;
  }
  if (kind === "rows") return <line class="rows-line" x1={0} y1={y} x2={sessions * laneWidth} y2={y} />;
  return (
    <>
      {(wait?.blockedBy ?? []).map((blocker) => (
        <Arrow key={blocker} className="waits-for" from={session} to={blocker} y={y} />
      ))}
      <Arrow className="wakes" from={waker} to={session} y={rowY(index)} />
    </>
  );
}

interface ArrowProps {
  readonly className: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly y: number;
}

function Arrow({ className, from, to, y }: ArrowProps) {
  if (from === null || to === null || from === to) return null;
  const towards = Math.sign(to - from);
  const [start, end] = [laneX(from) + towards * (barWidth / 2), laneX(to) - towards * (barWidth / 2 + 1)];
  return (
    <path
      class={`arrow ${className}`}
      d={`M ${start} ${y} H ${end} m ${-5 * towards} -4 l ${5 * towards} 4 l ${-5 * towards} 4`}
    />
  );
}

/** A lease from its grant to its end; past its deadline hatched. */
function LeaseBar({
  span,
  x,
  width,
}: {
  readonly span: LeaseSpan;
  readonly x: number;
  readonly width: number;
}) {
  const { lease, from, to } = span;
  const { row, token, worker, expired, expiresAt, how } = lease;
  const [top, bottom] = [rowY(from) + 4, rowY(to + 1) - 4];
  const deadline = expired === null || expired > to ? bottom : Math.max(top, middleY(expired));
  const label = width > 60 ? `${token} ${row}` : token;
  const room = Math.floor(width / 6.2);
  return (
    <g class="lease">
      <title>{`${token} of ${row} for ${worker ?? "nobody"}, until ${sinceEpoch(expiresAt)}${how === null ? "" : `, ${how}`}`}</title>
      <rect class="span" x={x} y={top} width={width} height={bottom - top} rx={3} />
      {deadline < bottom ? (
        <rect class="past" x={x} y={deadline} width={width} height={bottom - deadline} rx={3} />
      ) : null}
      {deadline < bottom ? <line class="deadline" x1={x} y1={deadline} x2={x + width} y2={deadline} /> : null}
      <text x={x + 4} y={top + 14}>
        {label.length > room ? `${label.slice(0, room - 1)}…` : label}
      </text>
    </g>
  );
}
