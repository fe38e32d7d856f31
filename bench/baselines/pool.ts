import { setTimeout } from "node:timers/promises";
import seedrandom from "seedrandom";
import { ceilingOf } from "../../model/ceiling.ts";
import type { ClaimedRow } from "../../model/response.ts";
import type { PendingRow } from "../../model/state.ts";
import { playClosing } from "../../sim/closing.ts";
import type { Connection, Notification } from "../../sim/database/connection.ts";
import type { OwnDatabase } from "../../sim/database/own-database.ts";
import { reset } from "../../sim/database/reset.ts";
import { ceilingSql, withPlainDatabase } from "./plain-database.ts";
import { PoolCalls } from "./pool-calls.ts";
import { PoolRound } from "./pool-round.ts";
import { type Play, playUntilFound, type Search, type Way } from "./way.ts";

/** Workers, each with a connection of a pool, call at random and in parallel, and nobody controls them. Then the rows and
 *  the answers are looked at. */
export const pool: Way = {
  id: "parallel calls",
  counts: "rounds",
  find: (subject, search) =>
    withPlainDatabase(subject, async (database) => {
      const start = search.secondsNow();
      const crew = await openCrew(database, search.size.sessions);
      try {
        return await playUntilFound(search, start, (index) => playRound(database, crew, search, index));
      } finally {
        for (const connection of [crew.observer, ...crew.workers]) await connection.close();
      }
    }),
};

interface Crew {
  readonly workers: readonly Connection[];
  /** It listens too. */
  readonly observer: Connection;
  readonly heard: Notification[];
}

async function openCrew(database: OwnDatabase, workers: number): Promise<Crew> {
  const observer = await database.connect();
  const heard: Notification[] = [];
  observer.onNotification((notification) => heard.push(notification));
  await observer.run("LISTEN symphony_outbox");
  const connections: Connection[] = [];
  for (let index = 0; index < workers; index += 1) {
    const connection = await database.connect();
    await connection.run("SET ROLE symphony_control");
    connections.push(connection);
  }
  return { workers: connections, observer, heard };
}

/** Long enough for leases and back-offs to be over while the calls go on. */
const loadSeconds = 1.5;
/** For a deadline at the end: none that was asked for is so far off. */
const mostWaitMs = 3_000;
const ceilings = ["2", null, "3"];

async function playRound(database: OwnDatabase, crew: Crew, search: Search, index: number): Promise<Play> {
  const { observer, heard } = crew;
  await reset(observer);
  const ceiling = ceilings[index % ceilings.length] ?? null;
  await observer.run(ceilingSql(database, ceiling));
  heard.length = 0;
  const round = new PoolRound(ceilingOf(ceiling), heard);
  await load(round, crew, search, index);
  const { pending } = await round.look(observer);
  const early = round.fault();
  if (early !== null || search.stop.aborted) return { signature: early, count: 1, unknown: false };
  await drain(round, crew, pending);
  return { signature: round.fault(), count: 1, unknown: false };
}

async function load(
  round: PoolRound,
  { workers }: Crew,
  { seed, stop, secondsNow }: Search,
  index: number,
): Promise<void> {
  const calls = new PoolCalls(seedrandom(`pool ${seed}/${index}`));
  const end = secondsNow() + loadSeconds;
  const work = async (connection: Connection, session: number): Promise<void> => {
    while (secondsNow() < end && round.failure === null && !stop.aborted) {
      const call = calls.next(`w${session}`);
      const response = await round.ask(connection, session, call);
      if (call.op === "claim" && response.kind === "ok") calls.note(response.rows as readonly ClaimedRow[]);
    }
  };
  await Promise.all(workers.map(work));
}

/** The closing phase of a case in real time: an honest worker and a repairer bring an end to what is left. */
async function drain(
  round: PoolRound,
  { workers: [connection], observer }: Crew,
  left: readonly PendingRow[],
): Promise<void> {
  if (connection === undefined) throw new RangeError("a pool without a connection");
  let pending = left;
  round.closing();
  await playClosing({
    pending: () => pending,
    advanceTo: (deadline) => setTimeout(Math.min(deadline / 1000 - Date.now(), mostWaitMs) + 1),
    call: (call) => round.ask(connection, 0, call),
    look: async () => {
      ({ pending } = await round.look(observer));
    },
  });
}
