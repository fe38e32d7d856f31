import { afterAll, beforeAll, expect, test } from "vitest";
import { callSql } from "../sim/call-sql.ts";
import type { Connection } from "../sim/database/connection.ts";
import type { EmbeddedServer } from "../sim/database/embedded/provider.ts";
import { embeddedProvider } from "../sim/database/embedded/provider.ts";
import { migrate } from "../sim/database/migrator.ts";
import { createOwnDatabase } from "../sim/database/own-database.ts";
import { References } from "../sim/references.ts";
import { checkNames, namesOfCases } from "../sim/subject-names.ts";
import { migrationsWith } from "../sim/testing/embedded-stage.ts";
import { caseOf } from "./generate/cases.ts";

const seed = 12;
const cases = Array.from({ length: 300 }, (_, index) => caseOf(seed, index, { sessions: 3, steps: 40 }));

test(`every name in the SQL of 300 cases is one of those that are looked for (seed ${seed})`, () => {
  const calls = cases.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === "call" ? [step.call] : [])),
  );
  const sql = calls.map((call) => callSql(new References().resolve(call)));
  const named = sql.flatMap((text) => [...text.matchAll(/public\.(\w+)/g)].map(([, name]) => name));
  const acting = cases.flatMap(({ sessions }) => sessions.map(({ role }) => role));
  const wanted = new Set<string | undefined>(namesOfCases.map(({ name }) => name));
  expect([...new Set([...named, ...acting])].filter((name) => name !== "owner" && !wanted.has(name))).toEqual(
    [],
  );
});

let server: EmbeddedServer;
let connection: Connection;
beforeAll(async () => {
  server = await embeddedProvider().start();
  connection = await (await createOwnDatabase(server)).connect();
  await migrate(connection, await migrationsWith(new Map()), { wait: () => Promise.resolve() });
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

test("our own migrations make all of them", async () => {
  await expect(checkNames(connection)).resolves.toBeUndefined();
});

const renamed = ({ kind, name }: (typeof namesOfCases)[number]): string =>
  `ALTER ${kind === "function" ? "ROUTINE" : kind} ${kind === "role" ? "" : "public."}${name} RENAME TO moved`;

test.each(namesOfCases.map((each) => [`${each.kind} ${each.name}`, renamed(each)] as const))(
  "without %s it is refused by name",
  async (name, sql) => {
    await connection.run(`BEGIN; ${sql}`);
    await expect(checkNames(connection)).rejects.toThrow(
      `the migrations do not make what cases need: ${name}`,
    );
    await connection.run("ROLLBACK");
  },
);

test("without a column that is observed it is refused, with the server's word", async () => {
  await connection.run("BEGIN; ALTER TABLE public.payment_outbox_attempts RENAME COLUMN worker_id TO moved");
  await expect(checkNames(connection)).rejects.toThrow(
    /cannot be observed.*column "worker_id" does not exist/,
  );
  await connection.run("ROLLBACK");
});
