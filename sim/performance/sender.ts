import type { Start } from "../call-sql.ts";
import { type Action, isOperation } from "../history.ts";
import { messageOf } from "../message.ts";
import { nameIds } from "../responses.ts";
import type { Player } from "../player.ts";
import type { Call, SessionSpec } from "../schedule.ts";
import { type Context, specOf } from "./context.ts";
import type { SentStep } from "./sent-step.ts";

/** Sends the SQL of steps. */
export class Sender {
  constructor(private readonly context: Context) {}

  step(player: Player, step: number | null, sent: SentStep): void {
    switch (sent.kind) {
      case "begin": {
        const { role } = specOf(this.context, player);
        const start = this.startTransaction(player, { role, isolation: sent.isolation });
        this.send(player, step, { kind: "begin" }, null, start);
        break;
      }
      case "call":
        this.call(player, step, sent.call, specOf(this.context, player));
        break;
      case "commit":
        this.send(player, step, { kind: "commit" }, null);
        break;
      case "rollback":
        this.send(player, step, { kind: "rollback" }, null);
        break;
      default: {
        const { kind, name } = sent;
        this.send(player, step, { kind, name }, null);
      }
    }
  }

  call(player: Player, step: number | null, symbolic: Call, spec: SessionSpec): void {
    const operation = this.context.references.resolve(symbolic);
    const start = player.transaction === null ? this.startTransaction(player, spec) : null;
    this.send(player, step, operation, symbolic, start);
  }

  /** At the clock's next tick. */
  private startTransaction(
    player: Player,
    { role, isolation }: Pick<SessionSpec, "role" | "isolation">,
  ): Start {
    const { clock, recorder, schedule } = this.context;
    const start = { role, isolation, now: clock.startTransaction() };
    player.transaction = recorder.transaction({ session: player.index, ...start });
    return { ...start, settings: schedule.setup.settings ?? {} };
  }

  /** `start`: of the transaction that the action begins. */
  private send(
    player: Player,
    step: number | null,
    action: Action,
    symbolic: Call | null,
    start: Start | null = null,
  ): void {
    const { recorder, names } = this.context;
    const autocommit = start !== null && action.kind !== "begin";
    const transaction = player.transaction ?? 0;
    const named = nameIds(action, names);
    const id = recorder.invoke({ step, session: player.index, transaction, autocommit, action: named });
    const patient = !player.impatient || !isOperation(action);
    const unheard = player.deaf && (autocommit || action.kind === "commit");
    const how = { answerAt: patient ? -1 : -2, patient, unheard };
    player.call = { id, action, symbolic, transaction, autocommit, ...how, wait: null, parked: false };
    if (!patient) player.impatient = false;
    if (unheard) player.deaf = false;
    const prepared = specOf(this.context, player).prepared === true;
    player.session.start(messageOf(action, { start, prepared, impatient: !patient }).text);
  }
}
