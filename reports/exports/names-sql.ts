import { forgedToken, nobodysId } from "../../sim/references.ts";

/** The ids that the database makes up are known by name in a replay file (row1, lease1), and so they must be in what plays
 *  it elsewhere: sim.name() gives an id the next free name, or the one that it has; sim.id() tells it again, in any session.
 *
 *  Kept in sequences, two for an id: what they hold is seen at once by all sessions, whatever their snapshots, outlives a
 *  rollback, and takes no lock that anybody waits for. Both run with the owner's rights, as the callers have none there. */
export function namesSql(names: readonly string[]): string {
  return `
create schema if not exists sim;
grant usage on schema sim to public;
${names.map(sequencesSql).join("\n")}
create function sim.id(name text) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  high bigint := pg_sequence_last_value(to_regclass(format('sim.%I', name || '_high')));
  low bigint := pg_sequence_last_value(to_regclass(format('sim.%I', name || '_low')));
begin
  return (lpad(to_hex(high), 16, '0') || lpad(to_hex(low), 16, '0'))::uuid;
end $$;
create function sim.name(prefix text, id uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  number int := 0;
  known uuid;
  digits text := replace(id::text, '-', '');
begin
  if id is null then return null; end if;
  loop
    number := number + 1;
    if to_regclass(format('sim.%I', prefix || number || '_high')) is null then return 'another ' || prefix; end if;
    known := sim.id(prefix || number);
    if known = id then return prefix || number; end if;
    exit when known is null;
  end loop;
  perform setval(format('sim.%I', prefix || number || '_high'), ('x' || left(digits, 16))::bit(64)::bigint);
  perform setval(format('sim.%I', prefix || number || '_low'), ('x' || right(digits, 16))::bit(64)::bigint);
  return prefix || number;
end $$;
grant execute on function sim.id(text), sim.name(text, uuid) to public;`;
}

function sequencesSql(name: string): string {
  const range = "minvalue -9223372036854775808 start 0";
  return ["high", "low"].map((part) => `create unlogged sequence sim.${name}_${part} ${range};`).join("\n");
}

/** The names of a kind in some text, and a few more, which another play may need: row1 to the last. */
export function namesIn(text: string, prefix: "row" | "lease"): readonly string[] {
  const numbers = [...text.matchAll(new RegExp(`"${prefix}(\\d+)"`, "g"))].map(([, digits]) =>
    Number(digits),
  );
  return Array.from({ length: Math.max(0, ...numbers) + spareNames }, (_, index) => `${prefix}${index + 1}`);
}

const spareNames = 4;

/** A message as it was sent, with the ids that stand in it by name asked for, and those in its answer told by name. */
export function withNames(message: string): string {
  return withNamedAnswers(message)
    .replace(/'((?:row|lease)\d+)'::uuid/g, "sim.id('$1')")
    .replaceAll("'nobody'::uuid", `'${nobodysId}'::uuid`)
    .replaceAll("'forged'::uuid", `'${forgedToken}'::uuid`);
}

const row = "sim.name('row', outbox_id) AS outbox_id";
export const lease = "sim.name('lease', lease_token) AS lease_token";

/** What is selected in place of *, by function. */
const columns: Readonly<Record<string, string>> = {
  enqueue_payment_outbox: `${row}, sequence_id, created_at, state`,
  claim_outbox_batch: `${row}, instruction_id, participant_id, sequence_id, idempotency_key, rail_type, payload, attempt_count, ${lease}, lease_expires_at`,
  repair_expired_leases: `${row}, attempt_no`,
};

/** The rows of a claim come in the order of their numbers, in which the harness names them. */
const orders: Readonly<Record<string, string>> = {
  claim_outbox_batch: ' ORDER BY participant_id COLLATE "C", sequence_id',
};

/** Where a call is a statement, or is prepared as one. Literals are skipped: what looks like a call in them is none. */
const call = /SELECT \* FROM public\.(\w+)(\((?:[^()']|'(?:[^']|'')*'|\(-\d+\))*\))/g;

function withNamedAnswers(sql: string): string {
  return sql.replace(call, (whole, name: string, args: string) => {
    const list = columns[name];
    return list === undefined ? whole : `SELECT ${list} FROM public.${name}${args}${orders[name] ?? ""}`;
  });
}

/** The committed rows, ids by name. */
export const lookSql = [
  `SELECT ${row}, instruction_id, participant_id, sequence_id, idempotency_key, rail_type, payload, attempt_count, next_attempt_at, created_at, claimed_by, ${lease}, lease_expires_at FROM public.payment_outbox_pending ORDER BY participant_id, sequence_id`,
  `SELECT ${row}, attempt_no, instruction_id, participant_id, sequence_id, idempotency_key, rail_type, payload, state, claimed_at, completed_at, rail_reference, rail_code, error_code, error_message, latency_ms, worker_id, created_at FROM public.payment_outbox_attempts ORDER BY participant_id, sequence_id, attempt_no`,
  "SELECT * FROM public.participant_outbox_sequences ORDER BY participant_id",
  "SELECT version, status, activated_at, grace_expires_at, checksum, created_at, is_active FROM public.policy_versions ORDER BY version",
  "SELECT * FROM public.ingress_attestations ORDER BY attestation_id",
  "SELECT * FROM public.revoked_client_certs ORDER BY 1",
  "SELECT * FROM public.revoked_tokens ORDER BY 1",
].join(";\n");
