import type { Step } from "../../sim/schedule.ts";

/** What a step touches. The moment: a call by itself, and a transaction's begin, take their time from where they stand
 *  among the others, and rows are ordered by it. */
type Touched = "moment" | "all rows" | `row ${string}` | `participant ${string}`;

/** A program's steps with what each touches: a commit or a rollback, all that its transaction has touched. */
export interface TouchingStep {
  readonly step: Step;
  readonly touches: readonly Touched[];
}

export function touching(program: readonly Step[]): readonly TouchingStep[] {
  let open: Touched[] | null = null;
  let latest: readonly Touched[] = [];
  return program.map((step) => {
    if (step.kind === "begin") {
      open = [];
      return { step, touches: ["moment"] };
    }
    if (step.kind === "call") {
      latest = touchedBy(step.call);
      open?.push(...latest);
      return { step, touches: open === null ? ["moment", ...latest] : latest };
    }
    if (step.kind === "resume") return { step, touches: latest };
    const touches: readonly Touched[] =
      step.kind === "commit" || step.kind === "rollback" ? (open ?? []) : all;
    open = null;
    return { step, touches };
  });
}

const all: readonly Touched[] = ["moment", "all rows"];

function touchedBy(call: Extract<Step, { kind: "call" }>["call"]): readonly Touched[] {
  switch (call.op) {
    case "enqueue":
      return [rowNamed(call), `participant ${call.participant ?? ""}`];
    case "complete":
      return call.lease === "other" || call.row === null ? ["all rows"] : [rowNamed(call.row)];
    case "ceiling":
      return [];
    default:
      return ["all rows"];
  }
}

function rowNamed({
  instruction,
  key,
}: {
  readonly instruction: string | null;
  readonly key: string | null;
}) {
  return `row ${JSON.stringify([instruction, key])}` as const;
}

/** Does it make no difference which of two steps of different programs comes first? Where it is not certain, it does. */
export function commute({ touches: some }: TouchingStep, { touches: others }: TouchingStep): boolean {
  return !some.some((one) => others.some((other) => meets(one, other)));
}

function meets(one: Touched, other: Touched): boolean {
  if (one === other) return true;
  return isAllRows(one, other) || isAllRows(other, one);
}

function isAllRows(one: Touched, other: Touched): boolean {
  return one === "all rows" && other.startsWith("row ");
}
