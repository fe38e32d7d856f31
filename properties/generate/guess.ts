import type { Call, RowRef, Step } from "../../sim/schedule.ts";
import { rowName } from "../row-of-step.ts";

/** Due and free; leased with the lease ahead of the clock, or behind it; due later, since an attempt ended. */
export type Standing = "pending" | "live" | "expired" | "waiting";

/** How rows stand, as far as the steps alone can tell: as if every call found what it needs. It need not be right, only better
 *  than chance.
 *
 *  What a session does in a transaction, or in a call that parks, others may not see: until it ends, the row is both what it was
 *  and what it becomes. */
export class Guess {
  private readonly known = new Set<string>();
  private readonly rows: Record<Standing, readonly RowRef[]> = {
    pending: [],
    live: [],
    expired: [],
    waiting: [],
  };
  /** What is no longer so when the session's transaction, or its parked call, ends. */
  private readonly unfinished = new Map<number, (() => void)[]>();
  private readonly inTransaction = new Set<number>();

  /** In the order in which they came to it. */
  of(...standings: readonly Standing[]): readonly RowRef[] {
    return standings.flatMap((standing) => this.rows[standing]);
  }

  isKnown(row: RowRef): boolean {
    return this.known.has(rowName(row));
  }

  /** It came, and has ended. */
  isOver(row: RowRef): boolean {
    return this.isKnown(row) && !isAmong(this.of("pending", "live", "expired", "waiting"), row);
  }

  /** The step is taken. */
  see(step: Step): void {
    switch (step.kind) {
      case "call":
        if (step.parkAt !== undefined) this.begin(step.session);
        this.call(step.session, step.call);
        break;
      case "begin":
        this.begin(step.session);
        this.inTransaction.add(step.session);
        break;
      case "resume":
        if (!this.inTransaction.has(step.session)) this.end(step.session);
        break;
      case "commit":
      case "rollback":
      case "terminate":
        this.end(step.session);
        break;
      case "advance":
        this.jump(() => true);
        break;
      case "advanceTo":
        this.jump((row) => rowName(row) === rowName(step.row));
        break;
    }
  }

  private begin(session: number): void {
    if (!this.unfinished.has(session)) this.unfinished.set(session, []);
  }

  private end(session: number): void {
    for (const finish of this.unfinished.get(session) ?? []) finish();
    this.unfinished.delete(session);
    this.inTransaction.delete(session);
  }

  private call(session: number, call: Call): void {
    switch (call.op) {
      case "enqueue":
        this.enqueue(call.instruction, call.key);
        break;
      case "claim":
        this.move(session, this.first("pending", call.batchSize), "pending", "live");
        break;
      case "complete":
        if (call.row !== null)
          this.move(session, [call.row], "live", call.state === "RETRYABLE" ? "waiting" : null);
        break;
      case "repair":
        this.move(session, this.first("expired", call.batchSize), "expired", "waiting");
        break;
    }
  }

  private enqueue(instruction: string | null, key: string | null): void {
    if (instruction === null || key === null || this.isKnown({ instruction, key })) return;
    this.known.add(rowName({ instruction, key }));
    this.add([{ instruction, key }], "pending");
  }

  private first(standing: Standing, count: number | null): readonly RowRef[] {
    return this.rows[standing].slice(0, Math.max(0, count ?? 0));
  }

  private move(session: number, rows: readonly RowRef[], from: Standing, to: Standing | null): void {
    const moved = rows.filter((row) => isAmong(this.rows[from], row));
    const leave = () => this.drop((row) => isAmong(moved, row), from);
    const unfinished = this.unfinished.get(session);
    if (unfinished === undefined) leave();
    else unfinished.push(leave);
    if (to !== null) this.add(moved, to);
  }

  /** Their deadlines pass. */
  private jump(isPast: (row: RowRef) => boolean): void {
    this.add(this.rows.live.filter(isPast), "expired");
    this.drop(isPast, "live");
    this.add(this.rows.waiting.filter(isPast), "pending");
    this.drop(isPast, "waiting");
  }

  private add(rows: readonly RowRef[], to: Standing): void {
    this.rows[to] = [...this.rows[to], ...rows.filter((row) => !isAmong(this.rows[to], row))];
  }

  private drop(isOne: (row: RowRef) => boolean, from: Standing): void {
    this.rows[from] = this.rows[from].filter((row) => !isOne(row));
  }
}

export function isAmong(rows: readonly RowRef[], row: RowRef): boolean {
  return rows.some((each) => rowName(each) === rowName(row));
}
