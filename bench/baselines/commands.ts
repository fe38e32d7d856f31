import fc from "fast-check";
import { ceilingOf } from "../../model/ceiling.ts";
import type { Hunt } from "../../properties/planted/hunt.ts";
import type { Connection, Notification } from "../../sim/database/connection.ts";
import { onDatabase, type OwnDatabase } from "../../sim/database/own-database.ts";
import { reset } from "../../sim/database/reset.ts";
import { commandsOn } from "./call-commands.ts";
import { OutboxModel, Wrong } from "./outbox-model.ts";
import { ceilingSql, withPlainDatabase } from "./plain-database.ts";
import { RealOutbox } from "./real-outbox.ts";
import type { Search, Way } from "./way.ts";

/** A test of fast-check's as its documentation has it: commands, the model as their model, one call after another on one
 *  connection. */
export const commands: Way = {
  id: "fast-check commands",
  counts: "runs",
  find: (subject, search) =>
    withPlainDatabase(subject, (database) =>
      onDatabase(database, (connection) => findOn(connection, database, search)),
    ),
};

/** The time is over, or somebody wants it to end. */
class Enough extends Error {}

const ceilings = [null, null, null, "1", "2", "3", "two"];

async function findOn(connection: Connection, database: OwnDatabase, search: Search): Promise<Hunt> {
  const { seed, size, isEnough, stop, secondsNow } = search;
  const start = secondsNow();
  const seconds = (): number => secondsNow() - start;
  const heard: Notification[] = [];
  connection.onNotification((notification) => heard.push(notification));
  await connection.run("LISTEN symphony_outbox");
  let schedules = 0;
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 4 }).chain((rows) =>
      // Without the size, long runs never come.
      fc.commands([commandsOn(rows)], { maxCommands: size.steps, size: "max" }),
    ),
    fc.constantFrom(...ceilings),
    async (run, ceiling) => {
      if (stop.aborted || isEnough(schedules, seconds())) throw new Enough();
      schedules += 1;
      await reset(connection);
      await connection.run(ceilingSql(database, ceiling));
      heard.length = 0;
      const model = new OutboxModel(ceilingOf(ceiling));
      await fc.asyncModelRun(() => ({ model, real: new RealOutbox(connection, heard) }), run);
    },
  );
  // Nothing is shrunk, as nowhere here.
  const { errorInstance } = await fc.check(property, { seed, numRuns: Infinity, endOnFailure: true });
  if (!(errorInstance instanceof Wrong || errorInstance instanceof Enough)) throw errorInstance;
  const signature = errorInstance instanceof Wrong ? errorInstance.message : null;
  return { signature, schedules, seconds: seconds(), unknown: 0 };
}
