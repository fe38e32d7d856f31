import { ceilingOf } from "../../model/ceiling.ts";
import { allowedResponses } from "../../properties/allowed-responses.ts";
import type { Counterexample } from "../../properties/counterexample.ts";
import { invariants } from "../../properties/invariants/index.ts";
import { type ModelTrace, traceByModel } from "../../properties/model-trace.ts";
import { timelineOf } from "../../properties/timeline.ts";
import type { Varied } from "../../properties/vary-case.ts";
import { signatureOf } from "../../properties/verdict.ts";
import type { Explanation, Line, Session } from "../../schema/json/explanation.ts";
import type { FunctionPlace } from "../../sim/database/function-places.ts";
import type { Event, History } from "../../sim/history.ts";
import { hasYields, type Schedule } from "../../sim/schedule.ts";
import { sentMessages } from "../../sim/sent-messages.ts";
import { harnessVersion } from "../harness-version.ts";
import { sessionName } from "../../sim/session-name.ts";
import { concernedPlace } from "./concerned-place.ts";
import { differenceIn } from "./divergence.ts";
import { leasesOf } from "./leases.ts";
import { plain } from "./difference.ts";
import { linearizationOf } from "./linearization.ts";
import { linesOf, type StoryLine } from "./lines.ts";
import { standingOf } from "./standing.ts";
import { statesOf } from "./states.ts";

/** What is not in the counterexample itself. */
interface Occasion {
  readonly source?: Explanation["source"];
  /** What became of the case with one thing changed, if that was asked for. */
  readonly varied?: readonly Varied[] | null;
  /** Of the functions of the migrations that were played (functionPlaces), if those are at hand. */
  readonly places?: ReadonlyMap<string, FunctionPlace>;
}

/** A counterexample as a reader follows it: data, from which every renderer makes its page
 *  (schema/json/explanation.schema.json). Searches for a linearization once more: made for who reads, not in a campaign. */
export function explain(
  counterexample: Counterexample,
  { source = "played", varied = null, places = new Map() }: Occasion = {},
): Explanation {
  const { signature, violations, schedule, history } = counterexample;
  const [violation, ...rest] = violations;
  const invariant = invariants.find(({ id }) => id === violation.invariant);
  const trace = traceByModel(schedule, history);
  const story = linesOf(schedule, history, violation.event);
  const lines = fullLines(story, schedule, history, trace);
  return {
    formatVersion: 1,
    harnessVersion,
    source,
    signature,
    oracle: invariant === undefined ? `${violation.oracle} oracle` : `${invariant.id} ${invariant.name}`,
    statement: invariant?.statement ?? null,
    rule: violation.rule,
    ...differenceIn(counterexample),
    others: [...new Set(rest.map(signatureOf))].filter((other) => other !== signature),
    concerns: concernedPlace({ lines }, places),
    retryCeiling: schedule.setup.retryCeiling,
    yields: hasYields(schedule),
    settings: schedule.setup.settings ?? {},
    sessions: sessionsOf(schedule),
    lines,
    leases: leasesOf(timelineOf(history, ceilingOf(schedule.setup.retryCeiling)), story),
    standing: standingOf(story, history, schedule.sessions.length),
    linearization: linearizationOf(trace, story),
    varied,
  };
}

function sessionsOf({ sessions }: Schedule): readonly Session[] {
  return sessions.map(({ role, isolation, prepared }, index) => {
    return { name: sessionName(index), role, isolation, prepared: prepared === true };
  });
}

function fullLines(
  story: readonly StoryLine[],
  schedule: Schedule,
  history: History,
  trace: ModelTrace,
): readonly Line[] {
  const messages = sentMessages(schedule, history);
  const states = statesOf(story, history, trace);
  return story.map((line, index) => {
    const sql = line.kind === "call" && line.call !== null ? messages[line.call] : undefined;
    const answeredAt = answerEvent(line, history.events);
    return {
      ...line,
      operation: operationOf(line, history),
      sql: sql === undefined ? null : { ...sql },
      allowed: answeredAt === null ? null : readable(allowedResponses(trace, answeredAt)),
      database: null,
      model: null,
      differences: null,
      ...states[index],
    };
  });
}

function operationOf({ kind, call, event }: StoryLine, { calls, events }: History): Line["operation"] {
  const asked = kind === "call" && call !== null ? calls[call] : undefined;
  const happened = events[event];
  if (asked !== undefined) return { ...asked.action };
  return happened?.kind === "fault" ? { kind: happened.fault } : null;
}

function readable(texts: readonly string[] | null): readonly string[] | null {
  return texts && texts.map(plain);
}

/** Index of the event that is the line's answer. */
function answerEvent(
  { event, lastEvent, call }: Pick<Line, "event" | "lastEvent" | "call">,
  events: readonly Event[],
): number | null {
  const at = events.findIndex((each, index) => {
    return index >= event && index <= lastEvent && each.kind === "respond" && each.call === call;
  });
  return at < 0 ? null : at;
}
