import type { Check, VerifyResult } from "../../schema/json/verify-result.ts";
import { hanging, type Style } from "../terminal/layout.ts";
import { printable } from "../terminal/printable.ts";

/** A line for each check, below it what is wrong and how to mend it, what was tried, and a closing count. */
export function verifyText({ checks, counts, attack }: VerifyResult, style: Style): string {
  const width = Math.max(...checks.map(({ id }) => id.length));
  const closing = [
    `${counts.ok} ok`,
    `${counts.violated} violated`,
    ...(counts.unknown > 0 ? [`${counts.unknown} unknown`] : []),
  ].join(", ");
  const tried =
    attack === null
      ? []
      : [`attack: ${attack.operations} operations, ${attack.attempts} attempts, seed ${attack.seed}`];
  return [...checks.flatMap((check) => checkLines(check, width, style)), ...tried, closing].join("\n");
}

function checkLines(
  { id, name, weak, status, problems, reason }: Check,
  width: number,
  style: Style,
): string[] {
  const colour = { ok: style.green, violated: style.red, unknown: style.yellow }[status];
  const word = status === "ok" ? "ok      " : status.padEnd(8);
  const note = weak ? " (by its text only)" : "";
  return [
    `${colour(word)}  ${id.padEnd(width)}  ${name}${note}`,
    ...(reason === null ? [] : hanging("            why: ", printable(reason))),
    ...problems.flatMap(({ what, sql, advice }) => [
      ...hanging("          wrong: ", printable(what)),
      // In one piece, to be pasted.
      ...(sql === null ? [] : [`           mend: ${printable(sql)}`]),
      ...(advice === null
        ? []
        : hanging(sql === null ? "           mend: " : "                 ", printable(advice))),
    ]),
  ];
}
