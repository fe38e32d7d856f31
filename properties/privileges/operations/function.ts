import { quoteLiteral } from "../../../sim/database/quote.ts";
import type { SubjectOf } from "../subject.ts";
import { operation, openSchema, owner, type Operation } from "./operation.ts";

type Routine = SubjectOf<"function">;

/** What one can try with a function, procedure or aggregate. */
export function onFunction(routine: Routine): readonly Operation[] {
  return [...calling(routine), ...owning(routine)];
}

function calling(routine: Routine): readonly Operation[] {
  const call = `${routine.callee}(${routine.samples.join(", ")})`;
  if (routine.routine === "procedure") {
    return [
      operation("call", ["EXECUTE"], `CALL ${call}`),
      operation("call in a block", ["EXECUTE"], `DO ${quoteLiteral(`BEGIN CALL ${call}; END`)}`),
    ];
  }
  const select = `SELECT ${call}`;
  const via = (security: string): string =>
    `CREATE FUNCTION pg_temp.via() RETURNS void LANGUAGE plpgsql SECURITY ${security}
       AS ${quoteLiteral(`BEGIN EXECUTE ${quoteLiteral(select)}; END`)}; SELECT pg_temp.via()`;
  return [
    operation("call", ["EXECUTE"], select),
    operation("call in a block", ["EXECUTE"], `DO ${quoteLiteral(`BEGIN PERFORM ${call}; END`)}`),
    operation("call prepared", ["EXECUTE"], `DEALLOCATE ALL; PREPARE x AS ${select}; EXECUTE x`),
    operation("call by a function", ["EXECUTE"], via("INVOKER")),
    operation("call by a function with its owner's rights", ["EXECUTE"], via("DEFINER")),
    operation(
      "call by a view",
      ["EXECUTE"],
      `CREATE VIEW ${openSchema}.v AS SELECT ${call}::text AS answer; SELECT * FROM ${openSchema}.v`,
    ),
    ...asTrigger(routine),
  ];
}

function asTrigger({ routine, callee }: Routine): readonly Operation[] {
  if (routine !== "trigger function") return [];
  return [
    operation(
      "use as a trigger",
      ["EXECUTE"],
      `CREATE TEMP TABLE x (); CREATE TRIGGER x BEFORE INSERT ON pg_temp.x EXECUTE FUNCTION ${callee}()`,
    ),
  ];
}

function owning({ sql, routine }: Routine): readonly Operation[] {
  const definition =
    routine === "function" || routine === "trigger function"
      ? [
          operation("set search_path", owner, `ALTER FUNCTION ${sql} SET search_path = ''`),
          operation("make invoker", owner, `ALTER FUNCTION ${sql} SECURITY INVOKER`),
        ]
      : [];
  return [
    ...definition,
    operation("rename", owner, `ALTER ROUTINE ${sql} RENAME TO x`),
    operation("set schema", owner, `ALTER ROUTINE ${sql} SET SCHEMA ${openSchema}`),
    operation("own", owner, `ALTER ROUTINE ${sql} OWNER TO CURRENT_USER`),
    operation("drop", owner, `DROP ROUTINE ${sql} CASCADE`),
    operation("comment", owner, `COMMENT ON ROUTINE ${sql} IS 'x'`),
    operation("grant", owner, `GRANT EXECUTE ON ROUTINE ${sql} TO PUBLIC`),
  ];
}
