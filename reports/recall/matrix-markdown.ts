import type { MatrixRow, MatrixSummary } from "../../properties/planted/matrix.ts";
import { invariants } from "../../properties/invariants/index.ts";

/** How a matrix was measured. */
export interface MatrixOrigin {
  readonly seed: number;
  /** Cases of a bug at most, and those seen by an invariant after which no more were played. */
  readonly runs: number;
  readonly enough: number;
  readonly postgres: string;
}

/** The page docs/matrix.md. */
export function matrixMarkdown(
  rows: readonly MatrixRow[],
  { alone, neverAlone, notByModel, byModelAlone, unseen }: MatrixSummary,
  { seed, runs, enough, postgres }: MatrixOrigin,
): string {
  const seen = invariants.map(({ id }) => id).filter((id) => rows.some(({ seenBy }) => id in seenBy));
  return `# Which invariant sees which planted bug

Every oracle judges by itself. Of each bug up to ${runs} cases of seed ${seed} were played, until an invariant had seen something in
${enough} of them; a number is how many cases the invariant, or the model, saw something in. Where nothing is written, it saw
nothing. The bug's own invariant is bold. Made by \`npx counterpoint mutants --matrix docs/matrix.md\`, PostgreSQL ${postgres}.

${line(["planted bug", "cases", "model", ...seen.map((id) => id.slice("INV-".length))])}
${line(["---", "---:", "---:", ...seen.map(() => "---:")])}
${rows.map((row) => line(cellsOf(row, seen))).join("\n")}

## Seen by one invariant alone, among the invariants

${line(["invariant", "planted bugs that no other one saw anything of"])}
${line(["---", "---"])}
${Object.entries(alone)
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([id, bugs]) => line([id, bugs.map((bug) => `\`${bug}\``).join(", ")]))
  .join("\n")}

${neverAlone.length === 0 ? "Every invariant has at least one." : `None: ${neverAlone.join(", ")}.`}

## Seen by one side alone

- Only by invariants, not by the model: ${listed(notByModel)}.
- Only by the model: ${listed(byModelAlone)}.
- By nothing, in so few cases: ${listed(unseen)}.
`;
}

function listed(ids: readonly string[]): string {
  return ids.length === 0 ? "none" : ids.map((id) => `\`${id}\``).join(", ");
}

function cellsOf({ bug, cases, byModel, seenBy }: MatrixRow, seen: readonly string[]): readonly string[] {
  const counts = seen.map((id) => {
    const count = seenBy[id];
    if (count === undefined) return id === bug.invariant ? "**none**" : "";
    return id === bug.invariant ? `**${count}**` : String(count);
  });
  return [`\`${bug.id}\``, String(cases), byModel === 0 ? "" : String(byModel), ...counts];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
