import { type DatabaseObject, functions, tables, types } from "../model/privilege-table.ts";
import { roles } from "../model/roles.ts";
import { type Connection, SqlError } from "./database/connection.ts";
import { Names } from "./names.ts";
import { observe } from "./observe.ts";

/** The migrations do not make what the harness calls and observes: no case could be judged. Says what is missing. */
export class SubjectIncomplete extends Error {
  override readonly name = "SubjectIncomplete";
}

/** Everything that a case names (contract 2, 3 and 4). A function by its name alone: what becomes of a call with the
 *  arguments that the contract lists is for the oracles. */
export const namesOfCases: readonly { readonly kind: string; readonly name: string }[] = [
  ...roles.map((name) => ({ kind: "role", name })),
  ...Object.values(types),
  ...Object.values(tables).filter(({ name }) => name !== tables.ledger.name),
  ...[functions.enqueue, functions.claim, functions.complete, functions.repair, functions.ceiling].map(
    withoutSignature,
  ),
];

function withoutSignature({ kind, name }: DatabaseObject): DatabaseObject {
  return { kind, name: name.replace(/\(.*/, "") };
}

const missingSql = `
  SELECT kind, name FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (kind, name, position)
   WHERE NOT CASE kind
     WHEN 'role' THEN EXISTS (SELECT FROM pg_roles WHERE rolname = name)
     WHEN 'type' THEN EXISTS (SELECT FROM pg_type WHERE typname = name AND typnamespace = 'public'::regnamespace)
     WHEN 'table' THEN EXISTS (SELECT FROM pg_class WHERE relname = name AND relnamespace = 'public'::regnamespace)
     ELSE EXISTS (SELECT FROM pg_proc WHERE proname = name AND pronamespace = 'public'::regnamespace) END
   ORDER BY position`;

/** Looks once, after the migrations, for what every case would miss. Rejects with SubjectIncomplete. */
export async function checkNames(connection: Connection): Promise<void> {
  const wanted = [namesOfCases.map(({ kind }) => kind), namesOfCases.map(({ name }) => name)];
  const { rows } = await connection.query(missingSql, wanted);
  const missing = rows.map(({ kind, name }) => `${String(kind)} ${String(name)}`);
  if (missing.length > 0)
    throw new SubjectIncomplete(`the migrations do not make what cases need: ${missing.join(", ")}`);
  await observe(connection, new Names()).catch((error: unknown) => {
    if (!(error instanceof SqlError)) throw error;
    throw new SubjectIncomplete(
      `the tables cannot be observed as the migrations make them: ${error.message}`,
    );
  });
}
