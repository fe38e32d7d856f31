import type { ComponentChildren } from "preact";

/** What the marks of the timeline mean. */
export function Legend() {
  return (
    <ul class="legend picture-legend" aria-label="Marks of the timeline">
      <Mark name="a call that is answered">
        <rect class="bar ok" x={4} y={2} width={10} height={12} rx={2} />
      </Mark>
      <Mark name="that fails">
        <rect class="bar fail" x={4} y={2} width={10} height={12} rx={2} />
      </Mark>
      <Mark name="waits for a lock">
        <rect class="bar ok waits" x={4} y={2} width={10} height={12} rx={2} />
      </Mark>
      <Mark name="stopped inside a function">
        <rect class="bar ok parked" x={4} y={2} width={10} height={12} rx={2} />
      </Mark>
      <Mark name="in a transaction">
        <line class="transaction" x1={9} y1={1} x2={9} y2={15} />
      </Mark>
      <Mark name="a lease, hatched past its deadline">
        <g class="lease">
          <rect class="span" x={3} y={2} width={12} height={7} />
          <rect class="past" x={3} y={9} width={12} height={5} />
        </g>
      </Mark>
      <Mark name="a fault">
        <path class="fault" d="M 4 3 l 10 10 m 0 -10 l -10 10" />
      </Mark>
    </ul>
  );
}

function Mark({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <li>
      <svg class="picture" width={18} height={16} aria-hidden="true">
        {children}
      </svg>
      {name}
    </li>
  );
}
