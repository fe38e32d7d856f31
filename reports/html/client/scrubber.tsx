import type { Line } from "../../../schema/json/explanation.ts";
import { sessionName } from "../../../sim/session-name.ts";
import { stepTitle } from "./summary.tsx";

interface Props {
  readonly lines: readonly Line[];
  readonly at: number;
  readonly wrong: number;
  readonly go: (line: number) => void;
}

/** Goes through the lines: buttons, a slider, and the arrow keys of the whole page. */
export function Scrubber({ lines, at, wrong, go }: Props) {
  const last = lines.length - 1;
  return (
    <div class="scrubber" role="group" aria-label="Go through the steps">
      <button type="button" disabled={at === 0} onClick={() => go(0)}>
        First
      </button>
      <button type="button" disabled={at === 0} onClick={() => go(at - 1)}>
        ← Previous
      </button>
      <input
        type="range"
        min={0}
        max={last}
        value={at}
        aria-label="Step"
        aria-valuetext={lineTitle(lines[at])}
        onInput={(event) => go(event.currentTarget.valueAsNumber)}
      />
      <button type="button" disabled={at === last} onClick={() => go(at + 1)}>
        Next →
      </button>
      <button type="button" disabled={at === last} onClick={() => go(last)}>
        Last
      </button>
      {wrong < 0 ? null : (
        <button type="button" class="to-wrong" disabled={at === wrong} onClick={() => go(wrong)}>
          To the wrong step
        </button>
      )}
      <span class="place">
        {at + 1} of {lines.length}
      </span>
    </div>
  );
}

/** "step 3, A: claim batch=1" */
export function lineTitle(line: Line | undefined): string {
  if (line === undefined) return "";
  const { step, session, action } = line;
  return `${stepTitle(step)}${session === null ? "" : `, ${sessionName(session)}`}: ${action}`;
}
