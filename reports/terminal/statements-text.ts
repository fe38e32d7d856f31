import type { StatementCoverage } from "../../properties/statement-coverage.ts";
import { hanging, type Style } from "./layout.ts";
import { printable } from "./printable.ts";

/** Which statements of the functions were reached, and which functions have no yield points. */
export function statementsText(coverage: StatementCoverage, style: Style): string {
  const { passed, statements, missed, refused } = coverage;
  const reached = statements - missed.length;
  const unexplained = missed.filter(({ unreachable }) => unreachable === null);
  const names = [...new Set(unexplained.map((point) => point.function))];
  return [
    `${reached} of ${statements} statements of the functions were reached, ${passed.toLocaleString("en-US")} yield points passed`,
    ...names.flatMap((name) => {
      const lines = unexplained.filter((point) => point.function === name).map(({ line }) => line);
      return marked("not reached", `${name}, line ${lines.join(", ")}`, style);
    }),
    ...missed.flatMap(({ function: name, line, unreachable }) =>
      unreachable === null
        ? []
        : hanging("  cannot be reached: ", printable(`${name}, line ${line}: ${unreachable}`)).map((text) =>
            style.dim(text),
          ),
    ),
    ...refused.flatMap(({ function: name, reason }) =>
      marked("no yield points", `${name}: ${reason}`, style),
    ),
    ...hanging(
      "  ",
      "There is none before an ELSIF, a loop's next round, an initial value in DECLARE, and inside EXECUTE.",
    ).map((line) => style.dim(line)),
    "",
  ].join("\n");
}

function marked(what: string, text: string, style: Style): readonly string[] {
  return hanging(`  ${what}: `, printable(text)).map((line) => style.yellow(line));
}
