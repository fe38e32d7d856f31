import { virtualTimeSql } from "../../sim/database/virtual-time.ts";
import { quoteLiteral } from "../../sim/database/quote.ts";
import { prepareSql } from "../../sim/prepared-calls.ts";
import type { Schedule } from "../../sim/schedule.ts";
import { sessionSetting } from "../../sim/yields/arrival.ts";
import { countArrivalsSql, quietYieldFunctionSql } from "../../sim/yields/yield-sql.ts";
import { withNames } from "./names-sql.ts";

/** Refuses a database that holds anything: the clock's functions are replaced in it for good, and a case begins empty. */
export const refuseUsedSql = `
do $$ begin
  if exists (select from public.payment_outbox_pending) or exists (select from public.payment_outbox_attempts)
    or exists (select from public.participant_outbox_sequences) or to_regnamespace('sim') is not null then
    raise exception 'this plays in a throw-away database that was just migrated, and nothing else was done in';
  end if;
end $$;`;

/** Virtual time, in a database that is migrated already: what column defaults bound is bound anew. */
export const clockSql = `${virtualTimeSql}
do $$
declare
  d record;
begin
  for d in select adrelid::regclass as owner, attname, pg_get_expr(adbin, adrelid) as expression
             from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum
            where attgenerated = '' and adrelid::regclass::text !~ '^pg_catalog' loop
    if d.expression ~ '\\mreal_\\w+\\(\\)' then
      execute format('alter table %s alter column %I set default %s', d.owner, d.attname,
                     regexp_replace(d.expression, '\\mreal_(\\w+\\(\\))', '\\1', 'g'));
    end if;
  end loop;
end $$;`;

/** The retry ceiling, which stands on the database; empty where it is not set. */
export function ceilingSql({ setup: { retryCeiling } }: Pick<Schedule, "setup">): string {
  if (retryCeiling === null) return "";
  return `
do $$ begin
  execute format('alter database %I set symphony.outbox_retry_ceiling = %L', current_database(), ${quoteLiteral(retryCeiling)});
end $$;`;
}

/** Yield points: the functions that have them, and a count of arrivals for each session. */
export function yieldsSql(sessions: number, definitions: readonly string[]): readonly string[] {
  const counts = Array.from({ length: sessions }, (_, session) => `${countArrivalsSql(session)};`);
  return [quietYieldFunctionSql, counts.join("\n"), ...definitions.map((text) => `${text.trimEnd()};`)];
}

/** By which the others find a session's backend. */
export function pidsSql(sessions: number): string {
  return Array.from(
    { length: sessions },
    (_, session) => `create unlogged sequence sim.pid_${session};`,
  ).join("\n");
}

/** The backend of a session, as an expression. */
export const pidOf = (session: number): string => `(select last_value::int from sim.pid_${session})`;

/** Of the terminal that moves the clock. Its own commits bring no WAL to the disk: a crash loses what it would lose. */
export const controlSetUpSql =
  "SET TimeZone = 'UTC';\nSET synchronous_commit = off;\nLISTEN symphony_outbox;";

/** Ends the server as a crash does, without its data directory: who loses a backend to SIGKILL recovers from the WAL. A moment
 *  after the statement: a psql that loses its connection in one forgets where it was connected, and could not go back. */
export const crashSql =
  "COPY (SELECT 1) TO PROGRAM 'cat >/dev/null; (sleep 0.2; kill -9 $PPID) </dev/null >/dev/null 2>&1 &'";

/** What no commit waits for stays off the disk for ten seconds, the most that there is. */
export const keepUnflushedSql: readonly string[] = [
  "ALTER SYSTEM SET wal_writer_delay = '10s';",
  "ALTER SYSTEM SET restart_after_crash = on;",
  "SELECT pg_reload_conf();",
];

/** What a session does before the case. The last waiter is to be the deadlock's victim: it looks at once. */
export function sessionSetUpSql(session: number, prepared: boolean): string {
  const lines = [
    "SET deadlock_timeout = '1ms'",
    "SET TimeZone = 'UTC'",
    `SET ${sessionSetting} = '${session}'`,
    `SELECT setval('sim.pid_${session}', pg_backend_pid()) AS pid`,
    ...(prepared ? [withNames(prepareSql)] : []),
  ];
  return lines.map((line) => `${line};`).join("\n");
}
