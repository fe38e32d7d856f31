import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { type Caller, roles } from "../../model/privileges.ts";
import { calls, rowRefs } from "../../properties/generate/calls.ts";
import { usualWeights } from "../../properties/generate/weights.ts";
import type { Call } from "../../sim/schedule.ts";
import type { OutboxModel } from "./outbox-model.ts";
import type { RealOutbox } from "./real-outbox.ts";

type Command = fc.AsyncCommand<OutboxModel, RealOutbox>;

class CallCommand implements Command {
  constructor(
    private readonly role: Caller,
    private readonly call: Call,
  ) {}

  check = (): boolean => true;

  async run(model: OutboxModel, real: RealOutbox): Promise<void> {
    model.judge(await real.ask(this.role, this.call));
  }

  toString = (): string => `${this.role} ${JSON.stringify(this.call)}`;
}

/** A lease and a back-off of one second, the shortest that the contract knows, are over after it. */
const sleepMs = 1_000;

class Sleep implements Command {
  check = (): boolean => true;

  async run(): Promise<void> {
    await setTimeout(sleepMs);
  }

  toString = (): string => "sleep";
}

const one = fc.constantFrom;

/** Mostly the role that may do most. */
const role = fc.oneof(
  { weight: 16, arbitrary: one<Caller[]>("symphony_control") },
  { weight: 4, arbitrary: one<Caller[]>(...roles, "owner") },
);

/** A longer lease would never expire here. */
function shortened(call: Call): Call {
  if (call.op !== "claim" || call.leaseSeconds === null || call.leaseSeconds > 60) return call;
  return { ...call, leaseSeconds: Math.min(call.leaseSeconds, 1) };
}

/** The same calls as the harness draws, as often as there, on that many rows; and sleeps in place of its jumps. */
export function commandsOn(rows: number): fc.Arbitrary<Command> {
  const callsOf = Object.entries(calls(rowRefs.slice(0, rows))) as [Call["op"], fc.Arbitrary<Call>][];
  return fc.oneof(
    ...callsOf.map(([op, call]) => ({
      weight: usualWeights[op],
      arbitrary: fc.tuple(role, call.map(shortened)).map((parts): Command => new CallCommand(...parts)),
    })),
    { weight: 2, arbitrary: one<Command[]>(new Sleep()) },
  );
}
