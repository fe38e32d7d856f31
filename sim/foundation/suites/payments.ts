import type { Role } from "../../../model/roles.ts";
import type { Connection } from "../../database/connection.ts";
import { quoteIdentifier, quoteLiteral } from "../../database/quote.ts";
import { virtualTimeSetting } from "../../database/virtual-time.ts";
import type { TestDatabase } from "./suite.ts";
import { type Row, rows } from "./promises.ts";

/** A connection that acts as a runtime role. */
export async function connectAs(database: TestDatabase, role: Role): Promise<Connection> {
  const connection = await database.connect();
  await connection.run(`SET ROLE ${quoteIdentifier(role)}`);
  return connection;
}

/** Sets the session's clock; transactions that begin later have this time. */
export async function setTime(connection: Connection, time: string): Promise<void> {
  await connection.run(`SET ${virtualTimeSetting} = ${quoteLiteral(time)}`);
}

export function enqueue(connection: Connection, key: string): Promise<readonly Row[]> {
  return rows(connection, "SELECT * FROM public.enqueue_payment_outbox($1, $2, $3, $4, $5)", [
    "instruction",
    "participant",
    key,
    "rail",
    '{"amount": 1}',
  ]);
}

export function claim(connection: Connection, worker: string, leaseSeconds: number): Promise<readonly Row[]> {
  return rows(connection, "SELECT * FROM public.claim_outbox_batch(10, $1, $2)", [worker, leaseSeconds]);
}

export function complete(
  connection: Connection,
  lease: Row,
  worker: string,
  state: string,
): Promise<readonly Row[]> {
  return rows(connection, "SELECT * FROM public.complete_outbox_attempt($1, $2, $3, $4)", [
    lease["outbox_id"],
    lease["lease_token"],
    worker,
    state,
  ]);
}

export function repair(connection: Connection, worker: string): Promise<readonly Row[]> {
  return rows(connection, "SELECT * FROM public.repair_expired_leases(10, $1)", [worker]);
}
