import type { Connection } from "./connection.ts";

/** The functions that read the clock. now() and transaction_timestamp() are one function with two names. */
const clocks = [
  { name: "now", volatility: "stable" },
  { name: "transaction_timestamp", volatility: "stable" },
  { name: "statement_timestamp", volatility: "stable" },
  { name: "clock_timestamp", volatility: "volatile" },
] as const;

/** The setting that holds the virtual time: a timestamptz as text. Empty or unset: real time. */
export const virtualTimeSetting = "sim.now";

/** Replaces the clock's functions of the connection's database by ones that return the setting sim.now, or real time
 *  without it. Needs a superuser. To be done before any migration: defaults, views and indexes bind a function for good.
 *
 *  One expression without settings of its own, so that the planner inlines it: an index on a timestamptz serves
 *  `<= now()` as ever. CURRENT_TIMESTAMP and its kin and 'now'::timestamptz are syntax, not functions, and read the real
 *  clock. So do timeofday() and age() of one argument, and uuidv7(). */
export async function installVirtualTime(connection: Connection): Promise<void> {
  await connection.run(`
    begin;
    set local allow_system_table_mods = on;
    ${clocks.map(replaceClock).join("\n")}
    commit;
  `);
}

function replaceClock({ name, volatility }: (typeof clocks)[number]): string {
  return `
    alter function pg_catalog.${name}() rename to real_${name};
    create function pg_catalog.${name}() returns timestamptz language sql ${volatility} parallel safe
    return coalesce(nullif(pg_catalog.current_setting('${virtualTimeSetting}', true), '')::timestamptz,
                    pg_catalog.real_${name}());
    grant execute on function pg_catalog.${name}() to public;`;
}
