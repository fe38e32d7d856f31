import type { ComponentChildren } from "preact";
import type { CaseData } from "../case-data.ts";

/** What the marks of the timeline mean: of those that are in it. */
export function Legend({ data: { explanation, lanes } }: { readonly data: CaseData }) {
  const { lines, leases } = explanation;
  const states = new Set(lanes.flat());
  return (
    <ul class="legend picture-legend" aria-label="Marks of the timeline">
      <Mark name="a call that is answered">
        <rect class="bar ok" x={4} y={2} width={10} height={12} rx={2} />
      </Mark>
      <Mark name="that fails" isUsed={lines.some(({ answer }) => answer?.kind === "fail")}>
        <rect class="bar fail" x={4} y={2} width={10} height={12} rx={2} />
      </Mark>
      <Mark name="whose answer is lost" isUsed={lines.some(({ answer }) => answer?.kind === "info")}>
        <rect class="bar info" x={4} y={2} width={10} height={12} rx={2} />
      </Mark>
      <Mark name="waits for a lock" isUsed={states.has("waits")}>
        <rect class="bar ok waits" x={4} y={2} width={10} height={12} rx={2} />
      </Mark>
      <Mark name="stopped inside a function" isUsed={states.has("parked")}>
        <rect class="bar ok parked" x={4} y={2} width={10} height={12} rx={2} />
      </Mark>
      <Mark name="in a transaction" isUsed={states.has("in a transaction")}>
        <line class="transaction" x1={9} y1={1} x2={9} y2={15} />
      </Mark>
      <Mark name="a lease, hatched past its deadline" isUsed={leases.length > 0}>
        <g class="lease">
          <rect class="span" x={3} y={2} width={12} height={7} />
          <rect class="past" x={3} y={9} width={12} height={5} />
        </g>
      </Mark>
      <Mark name="a fault" isUsed={lines.some(({ kind, session }) => kind === "fault" && session !== null)}>
        <path class="fault" d="M 4 3 l 10 10 m 0 -10 l -10 10" />
      </Mark>
      <Mark
        name="the server crashes"
        isUsed={lines.some(({ kind, session }) => kind === "fault" && session === null)}
      >
        <path class="crash" d="M 1 8 H 17" />
      </Mark>
      <Mark name="after the last step" isUsed={lines.some(({ step }) => step === null)}>
        <text x={5} y={12}>
          –
        </text>
      </Mark>
    </ul>
  );
}

interface MarkProps {
  readonly name: string;
  readonly isUsed?: boolean;
  readonly children: ComponentChildren;
}

function Mark({ name, isUsed = true, children }: MarkProps) {
  return isUsed ? (
    <li>
      <svg class="picture" width={18} height={16} aria-hidden="true">
        {children}
      </svg>
      {name}
    </li>
  ) : null;
}
