import type { Connection } from "./connection.ts";

/** The functions that say when the transaction began: one function with two names. And statement_timestamp(), which has
 *  no time of its own here. */
const starts = ["now", "transaction_timestamp", "statement_timestamp"] as const;

/** The setting that holds the virtual time: a timestamptz as text. Empty or unset: real time. */
export const virtualTimeSetting = "sim.now";

/** What the clock stands at for every session, microseconds since 1970: a sequence, since the sessions see its value at
 *  once and whatever their snapshots. Unlogged: moving it writes no WAL, which would take an asynchronous commit of the
 *  subject's to the disk with it. A crash of the server takes it back to its start. */
const worldClock = "sim.clock";

/** Replaces the clock's functions of the connection's database by ones that return the setting sim.now, or real time
 *  without it. Needs a superuser. To be done before any migration: defaults, views and indexes bind a function for good.
 *  clock_timestamp() goes on within a transaction, as far as setWorldClock() has moved it.
 *
 *  One expression without settings of its own, so that the planner inlines it: an index on a timestamptz serves
 *  `<= now()` as ever. CURRENT_TIMESTAMP and its kin and 'now'::timestamptz are syntax, not functions, and read the real
 *  clock. So do timeofday() and age() of one argument, and uuidv7(). */
export async function installVirtualTime(connection: Connection): Promise<void> {
  await connection.run(virtualTimeSql);
}

/** Moves clock_timestamp() of all sessions, those in a transaction too. */
export async function setWorldClock(connection: Connection, micros: number): Promise<void> {
  await connection.run(worldClockSql(micros));
}

/** Its statement. */
export function worldClockSql(micros: number): string {
  return `select setval('${worldClock}', ${micros})`;
}

const virtualNow = `nullif(pg_catalog.current_setting('${virtualTimeSetting}', true), '')::timestamptz`;

function replaceStart(name: (typeof starts)[number]): string {
  return `
    alter function pg_catalog.${name}() rename to real_${name};
    create function pg_catalog.${name}() returns timestamptz language sql stable parallel safe
    return coalesce(${virtualNow}, pg_catalog.real_${name}());
    grant execute on function pg_catalog.${name}() to public;`;
}

/** With the owner's rights, as the caller has none on the sequence. */
const replaceClock = `
    alter function pg_catalog.clock_timestamp() rename to real_clock_timestamp;
    create function pg_catalog.clock_timestamp() returns timestamptz
    language sql volatile parallel safe security definer set search_path = pg_catalog, pg_temp
    return coalesce(
      greatest(${virtualNow}, case when ${virtualNow} is not null then 'epoch'::timestamptz
        + coalesce(pg_catalog.pg_sequence_last_value('${worldClock}'), 0) * interval '1 microsecond' end),
      pg_catalog.real_clock_timestamp());
    grant execute on function pg_catalog.clock_timestamp() to public;`;

/** What installVirtualTime() runs. */
export const virtualTimeSql = `
    begin;
    set local allow_system_table_mods = on;
    create schema if not exists sim;
    create unlogged sequence ${worldClock} minvalue 0 start 0;
    ${starts.map(replaceStart).join("\n")}
    ${replaceClock}
    commit;
`;
