import { useEffect, useRef } from "preact/hooks";
import type { Line } from "../../../schema/json/explanation.ts";
import { sessionName } from "../../../sim/session-name.ts";
import { sinceEpoch } from "../../text.ts";
import type { CaseData } from "../case-data.ts";
import { Legend } from "./legend.tsx";
import { headHeight, rowHeight, TimelinePicture } from "./timeline-picture.tsx";

interface Props {
  readonly data: CaseData;
  readonly at: number;
  readonly go: (line: number) => void;
}

/** The lines, time downwards: as a picture with a lane a session, and as the list of what was asked. */
export function Timeline({ data, at, go }: Props) {
  const rows = useRef<HTMLOListElement>(null);
  useEffect(() => {
    scrollInside(rows.current?.closest(".timeline"), at);
  }, [at]);
  return (
    <div>
      <div class="timeline scrolls">
        <TimelinePicture data={data} at={at} go={go} />
        <ol class="rows" ref={rows} aria-label="Steps">
          {data.explanation.lines.map((line, index) => (
            <Row key={index} line={line} isCurrent={index === at} go={() => go(index)} />
          ))}
        </ol>
      </div>
      <Legend data={data} />
    </div>
  );
}

function Row({ line, isCurrent, go }: { readonly line: Line; readonly isCurrent: boolean; go: () => void }) {
  const { step, session, action, observed, time, wrong, kind } = line;
  return (
    <li class={`${kind === "skip" ? "skipped" : ""} ${wrong ? "wrong" : ""}`}>
      <button type="button" aria-current={isCurrent ? "step" : undefined} onClick={go}>
        <span class="number">
          {step === null ? "–" : step + 1}
          <span class="time">{time === null ? "" : sinceEpoch(time)}</span>
        </span>
        <span class="who">{session === null ? "" : sessionName(session)}</span>
        <span class="what">
          <span class="action">
            {wrong ? <b class="flag">wrong </b> : null}
            {action}
          </span>
          {observed.length === 0 ? null : <span class="came">→ {observed.join("; ")}</span>}
        </span>
      </button>
    </li>
  );
}

/** Moves the timeline alone: the page stays where the reader has it. */
function scrollInside(box: Element | null | undefined, at: number): void {
  if (box == null) return;
  const top = headHeight + at * rowHeight;
  const isSeen = top >= box.scrollTop && top + rowHeight <= box.scrollTop + box.clientHeight;
  if (!isSeen) box.scrollTop = top - box.clientHeight / 2;
}
