import type { Explanation, Lease, Line, Placed, Standing, Varied } from "../../schema/json/explanation.ts";
import { sessionName } from "../../sim/session-name.ts";
import { shortValue, sinceEpoch } from "../text.ts";
import { hanging, type Style } from "./layout.ts";
import { printable } from "./printable.ts";

/** What stood around the steps: leases, sessions, the model's order, and what of the case matters. */
export function contextLines(explanation: Explanation, style: Style): readonly string[] {
  const { leases, standing, lines, varied } = explanation;
  return [
    ...section(
      "Leases",
      leases.map((lease) => leaseText(lease, lines)),
      style,
    ),
    ...section("Where each session stood", standing.map(standingText), style),
    ...section("The model's order", orderTexts(explanation), style),
    ...(varied === null ? [] : section("What matters", variedTexts(varied, lines), style)),
  ];
}

function section(title: string, texts: readonly string[], style: Style): readonly string[] {
  if (texts.length === 0) return [];
  return ["", style.bold(title), ...texts.flatMap((text) => hangingItem(text))];
}

function hangingItem(text: string): readonly string[] {
  const [first = "", ...rest] = hanging("    ", printable(text));
  return [`  ${first.slice(4)}`, ...rest];
}

function leaseText(
  { row, token, worker, session, granted, expiresAt, ...end }: Lease,
  lines: readonly Line[],
) {
  const expired = end.expired === null ? "" : `, past it at ${stepName(lines, end.expired)}`;
  const how = end.how === null ? "" : `, ${end.how}`;
  const ended = end.ended === null ? "" : ` at ${stepName(lines, end.ended)}`;
  const holder = `${shortValue(worker)} of ${sessionName(session)}`;
  return `${row} ${token} for ${holder}: from ${stepName(lines, granted)} until ${sinceEpoch(expiresAt)}${expired}${how}${ended}`;
}

function standingText({ session, doing, action, at, blockedBy }: Standing): string {
  const name = sessionName(session);
  switch (doing) {
    case "idle":
    case "in a transaction":
      return `${name} ${doing === "idle" ? "idle" : "between two calls of a transaction"}`;
    case "parked":
      return `${name} in ${at?.function ?? "?"}, line ${at?.line ?? "?"}, before: ${at?.statement ?? "?"} (${action ?? ""})`;
    case "waits":
      return `${name} waits for ${blockedBy.map(sessionName).join(", ") || "a lock"}: ${action ?? ""}`;
  }
}

/** The longest linearization, a line for each of its points that is an answer, and where it ends. */
export function orderTexts({ linearization, lines }: Explanation): readonly string[] {
  const { verdict, reason, order, stoppedAt, rule, expected } = linearization;
  if (verdict === "unknown") return [`not known: ${reason ?? ""}`];
  const placed = order
    .filter(({ kind, line, text }) => line !== null && isOwnAnswer(kind, text, lines[line]))
    .map(({ session, text, line }) => {
      return `${line === null ? "" : stepName(lines, line)}: ${session === null ? "" : sessionName(session)} ${text}`;
    });
  if (stoppedAt === null) return [...placed, "explains every answer: the model sees nothing wrong"];
  return [
    ...placed,
    `no order goes past ${stepName(lines, stoppedAt)}: ${rule ?? ""}`,
    ...expected.map((text) => `allowed there: ${text}`),
  ];
}

/** A call has the points of its snapshot and its locks too, and of its commit where it is a transaction of its own. */
function isOwnAnswer(kind: Placed["kind"], text: string, line: Line | undefined): boolean {
  if (["observe", "snapshot", "statement", "lock"].includes(kind)) return false;
  return line?.action.split(" ")[0] === text.split(" ")[0];
}

/** For each step, whether the failure needs it, and which of its choices could be others. */
function variedTexts(varied: readonly Varied[], lines: readonly Line[]): readonly string[] {
  const steps = [...new Set(varied.map(({ step }) => step))];
  return steps.flatMap((step) => {
    const own = varied.filter((each) => each.step === step);
    const action = lines.find((line) => line.step === step)?.action;
    const head = step === null ? "the setting" : `step ${step + 1}, ${action ?? "not shown"}`;
    const of = (outcome: Varied["outcome"]) => own.filter((each) => each.outcome === outcome);
    const list = (name: string, found: readonly Varied[]) =>
      found.length === 0 ? [] : [`  ${name}: ${found.map(({ change }) => change).join("; ")}`];
    return [
      head,
      ...list("needed, gone with", of("ok")),
      ...list("no matter, still fails with", of("same")),
      ...list("fails in another way with", of("other")),
      ...list("not known with", of("unknown")),
    ];
  });
}

/** "step 3", or what the end of the steps did. */
function stepName(lines: readonly Line[], index: number): string {
  const line = lines[index];
  if (line === undefined) return "?";
  return line.step === null ? `the end (${line.action})` : `step ${line.step + 1}`;
}
