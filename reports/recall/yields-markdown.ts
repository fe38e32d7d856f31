import type { Hunt } from "../../properties/planted/hunt.ts";
import type { YieldComparison } from "../../properties/planted/yield-comparison.ts";
import type { Occasion } from "./recall-markdown.ts";

/** How two ways were compared. */
export interface ComparisonOrigin extends Occasion {
  readonly seed: number;
  /** Schedules until a bug was given up. */
  readonly runs: number;
  readonly sessions: number;
  readonly steps: number;
  readonly lanes: number;
  readonly postgres: string;
}

/** The page docs/yields.md. */
export function yieldsMarkdown(rows: readonly YieldComparison[], origin: ComparisonOrigin): string {
  const { seed, runs, sessions, steps, lanes, postgres, date, machine } = origin;
  return `# Yield points: what is found between two statements of a function

PostgreSQL runs a function to its end, or to a lock. A session that does something between two of its statements comes by
chance, and rarely. So each function and trigger in PL/pgSQL is given yield points, before every statement, in the
throw-away copy that is played on: a call stops there, others go on, and it is told to go on later. The schedule says
where, like everything else, so a counterexample replays.

Below, each bug was looked for in schedules of seed ${seed} with at most ${sessions} sessions and ${steps} steps, every
transaction under READ COMMITTED: first with yield points in every schedule, until it was found or ${runs} schedules were
played; then without any, in as many schedules and for at least as many seconds as it had taken with them. Schedules and
seconds are of playing until the bug was found, or given up; nothing is shrunk.

Made by \`npx counterpoint mutants --compare-yields docs/yields.md --seed ${seed} --runs ${runs} --sessions ${sessions} --steps ${steps} --lanes ${lanes}\`
on ${date}, ${machine}, PostgreSQL ${postgres}.

| planted bug | what is wrong | with yield points | without |
| --- | --- | --- | --- |
${rows.map(lineOf).join("\n")}
`;
}

function lineOf({ bug, withYields, withoutYields }: YieldComparison): string {
  const [id, what] = bug === null ? ["none", "our own migrations"] : [`\`${bug.id}\``, bug.description];
  return `| ${[id, what, told(withYields), told(withoutYields)].join(" | ")} |`;
}

function told({ signature, schedules, seconds, unknown }: Hunt): string {
  const effort = `${schedules} schedules, ${seconds.toFixed(1)} s`;
  const doubt = unknown === 0 ? "" : `, ${unknown} of them unknown`;
  return signature === null
    ? `not found in ${effort}${doubt}`
    : `found after ${effort}${doubt}: ${signature.replaceAll("|", "\\|")}`;
}
