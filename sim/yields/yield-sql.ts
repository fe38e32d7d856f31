import { quoteIdentifier } from "../database/quote.ts";
import { sessionSetting } from "./arrival.ts";

/** First keys of the advisory locks that sessions park on: this number and the session's. Locks of the subject's own have
 *  other keys. */
const lockSpace = 0x5349_4d00;

/** sim.yield(point): tells the client that its session has come to the point, and how many it has come to, then waits
 *  while somebody holds the advisory lock of that arrival.
 *
 *  INFO, which no client_min_messages keeps from the client. A sequence counts, since nothing undoes it: a setting would be
 *  set back with a subtransaction, and the session would run through. The two time-outs are for the subject's locks: this
 *  one has no deadlock to be found in it, and "still waiting" must mean a lock of the subject. */
export const yieldFunctionSql = yieldFunction("raise info 'sim.yield % %', point, arrival;");

/** The same without telling the client, for clients that only look whether the session is blocked. A notice would bring them
 *  the results of the statements before the call, and isolationtester then takes the step for answered. */
export const quietYieldFunctionSql = yieldFunction("");

function yieldFunction(tell: string): string {
  return `
create schema if not exists sim;
grant usage on schema sim to public;
create function sim.yield(point int) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp set deadlock_timeout = '1h' set lock_timeout = 0
as $$
declare
  session text := current_setting('${sessionSetting}', true);
  arrival int;
begin
  if session is null or session = '' then return true; end if;
  arrival := nextval(('sim.arrivals_' || session)::regclass);
  ${tell}
  perform pg_advisory_lock(${lockSpace} + session::int, arrival);
  perform pg_advisory_unlock(${lockSpace} + session::int, arrival);
  return true;
end $$;
grant execute on function sim.yield(int) to public;
`;
}

const sequenceOf = (session: number): string => `sim.${quoteIdentifier(`arrivals_${session}`)}`;

/** What a session's arrivals are counted by. Unlogged: a crash of the server takes it back to its start. */
export function countArrivalsSql(session: number): string {
  return `create unlogged sequence ${sequenceOf(session)}`;
}

/** Closes the way at the session's arrival `ahead` from now: 1 is its next. Returns its number as "arrival". */
export function closeSql(session: number, ahead: number): string {
  return `
    select pg_advisory_lock(${lockSpace + session}, arrival), arrival
      from (select (last_value - (not is_called)::int + ${ahead})::int as arrival from ${sequenceOf(session)}) as next`;
}

/** Opens the way at an arrival. */
export function openSql(session: number, arrival: number): string {
  return `select pg_advisory_unlock(${lockSpace + session}, ${arrival})`;
}

/** Opens the ways that the connection has closed to a session, whatever their numbers: all, or all but the last. */
export function openClosedSql(session: number, butLast = false): string {
  return `
    select pg_advisory_unlock(classid::int, objid::int)
      from (select classid, objid, max(objid) over () as last from pg_locks
             where locktype = 'advisory' and granted and pid = pg_backend_pid() and classid::int = ${lockSpace + session}) as held
    ${butLast ? "where objid < last" : ""}`;
}
