import { describe, expect, test } from "vitest";
import { sqlstateOf } from "./migrated-server.ts";
import { claimSql, completeSql, enqueueSql, outboxDatabase, repairSql } from "./outbox-calls.ts";

const own = outboxDatabase();

const roles = ["ingest", "executor", "control", "readonly", "auditor"] as const;
type Role = (typeof roles)[number];
const everyone = roles.join(" ");

/** Contract 4, a row an object: who holds which privilege. What is not here, nobody holds. */
const held: Record<string, string> = {
  "enqueue_payment_outbox EXECUTE": "ingest control",
  "claim_outbox_batch EXECUTE": "executor control",
  "complete_outbox_attempt EXECUTE": "executor control",
  "repair_expired_leases EXECUTE": "executor control",
  "outbox_attempt_state USAGE": "executor control",
  "outbox_retry_ceiling EXECUTE": everyone,
  "uuid_strategy EXECUTE": everyone,
  "uuid_v7_or_random EXECUTE": everyone,
  "payment_outbox_pending SELECT": "control readonly auditor",
  "payment_outbox_attempts SELECT": "control readonly auditor",
  "ingress_attestations INSERT": "ingest",
  "ingress_attestations SELECT": "control auditor",
  "policy_versions SELECT": "executor control readonly auditor",
  "policy_versions INSERT": "control",
  "policy_versions UPDATE": "control",
  "revoked_client_certs SELECT": "ingest executor control auditor",
  "revoked_client_certs INSERT": "control",
  "revoked_tokens SELECT": "ingest executor control auditor",
  "revoked_tokens INSERT": "control",
  "schema_migrations SELECT": "auditor",
  "public USAGE": everyone,
};

const heldBy = (role: Role): string[] =>
  Object.keys(held)
    .filter((privilege) => held[privilege]?.split(" ").includes(role))
    .sort();

/** What a role can do with what is in public, by the server's own word, memberships and PUBLIC included. */
const effective = (role: string): string => `
  select name || ' ' || privilege as held from (
    select relname::text as name, privilege from pg_class,
      unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER,MAINTAIN}'::text[]) as privilege
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p', 'f')
       and has_table_privilege('${role}', oid, privilege)
    union all
    select relname, privilege from pg_class, unnest('{USAGE,SELECT,UPDATE}'::text[]) as privilege
     where relnamespace = 'public'::regnamespace and relkind = 'S' and has_sequence_privilege('${role}', oid, privilege)
    union all
    select proname, 'EXECUTE' from pg_proc
     where pronamespace = 'public'::regnamespace and has_function_privilege('${role}', oid, 'EXECUTE')
    union all
    select typname, 'USAGE' from pg_type
     where typnamespace = 'public'::regnamespace and typtype in ('e', 'd') and has_type_privilege('${role}', oid, 'USAGE')
    union all
    select 'public', privilege from unnest('{USAGE,CREATE}'::text[]) as privilege
     where has_schema_privilege('${role}', 'public', privilege)
  ) as all_of_them order by 1`;

describe("a runtime role can do what the contract lists and no more:", () => {
  test.each(roles)("symphony_%s", async (role) => {
    const found = (await own.rows(effective(`symphony_${role}`))).map((row) => String(row["held"]));
    expect(found.sort()).toEqual(heldBy(role));
  });

  test("PUBLIC, that is a role without any membership, can do nothing", async () => {
    await own.db.run("begin; create role nobody_special");
    expect(await own.rows(effective("nobody_special"))).toEqual([]);
    await own.db.run("rollback");
  });

  test("there are no grants on columns", async () => {
    expect(
      await own.rows(
        "select attrelid::regclass from pg_attribute a join pg_class c on c.oid = attrelid where attacl is not null and relnamespace = 'public'::regnamespace",
      ),
    ).toEqual([]);
  });

  test("none can log in, rule, or be another", async () => {
    expect(
      await own.rows(
        `select rolname::text as role, rolcanlogin or rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as more
           from pg_roles where rolname like 'symphony%' order by 1`,
      ),
    ).toEqual([...roles].sort().map((role) => ({ role: `symphony_${role}`, more: false })));
    expect(
      await own.rows(
        "select roleid::regrole from pg_auth_members where member::regrole::text like 'symphony%'",
      ),
    ).toEqual([]);
  });

  test("what the migrating role makes later is not for PUBLIC to execute or to use", async () => {
    await own.db.run(
      "create function public.later() returns int language sql as 'select 1'; create type public.kind as enum ('A'); create domain public.positive as int",
    );
    for (const held of [
      "has_function_privilege('symphony_control', 'public.later()', 'EXECUTE')",
      "has_type_privilege('symphony_control', 'public.kind', 'USAGE')",
      "has_type_privilege('symphony_control', 'public.positive', 'USAGE')",
    ])
      expect(await own.value(`select ${held}`)).toBe(false);
  });

  test("PUBLIC keeps CONNECT and TEMPORARY", async () => {
    for (const privilege of ["CONNECT", "TEMPORARY"])
      expect(
        await own.value(
          `select has_database_privilege('symphony_ingest', current_database(), '${privilege}')`,
        ),
      ).toBe(true);
  });
});

describe("at work", () => {
  const as = async (role: Role, sql: string): Promise<string> => {
    await own.db.run(`set role symphony_${role}`);
    const outcome = await own.outcome(sql);
    await own.db.run("reset role");
    return outcome;
  };

  test("a payment goes through with each role doing its part", async () => {
    expect(await as("ingest", enqueueSql("a"))).toBe("ok");
    expect(await as("executor", enqueueSql("b"))).toBe("42501");
    expect(await as("ingest", claimSql())).toBe("42501");
    await own.db.run("set role symphony_executor");
    const [lease] = await own.rows(claimSql());
    await own.db.run(`${completeSql(lease)}; ${repairSql()}; reset role`);
    expect(await as("readonly", "select state from payment_outbox_attempts")).toBe("ok");
    expect(await as("executor", "select state from payment_outbox_attempts")).toBe("42501");
  });

  test("ingest writes attestations and cannot read them back", async () => {
    const insert = "insert into ingress_attestations (instruction_id, payload_hash) values ('i', 'h')";
    expect(await as("ingest", insert)).toBe("ok");
    expect(await as("ingest", `${insert} returning attestation_id`)).toBe("42501");
  });

  test("who has no privilege gets 42501 and not the guard's P0001", async () => {
    for (const role of roles) {
      expect(await as(role, "delete from payment_outbox_attempts")).toBe("42501");
      expect(await as(role, "update revoked_tokens set revoked_by = 'x'")).toBe("42501");
      expect(await as(role, "create table public.mine (x int)")).toBe("42501");
      expect(await as(role, "select bump_participant_outbox_seq('p')")).toBe("42501");
      expect(await as(role, "select * from payment_outbox_keys")).toBe("42501");
    }
  });

  test("control activates a policy in one transaction", async () => {
    expect(
      await as(
        "control",
        `begin; insert into policy_versions (version, checksum) values ('1', 'c');
         update policy_versions set status = 'RETIRED' where is_active;
         insert into policy_versions (version, checksum) values ('2', 'c'); commit`,
      ),
    ).toBe("ok");
    expect(await as("control", "delete from policy_versions")).toBe("42501");
  });
});

describe("a caller cannot bend a function", () => {
  test("each has a search_path of its own with pg_temp last; all but the wrapper's two and the guard run as the owner", async () => {
    const path = ["search_path=pg_catalog, public, pg_temp"];
    const functions = await own.rows(
      `select proname::text as name, prosecdef as definer, to_json(proconfig)::text as config
         from pg_proc where pronamespace = 'public'::regnamespace order by proname collate "C"`,
    );
    const hardened = { definer: true, config: JSON.stringify(path) };
    expect(functions).toEqual([
      { name: "bump_participant_outbox_seq", ...hardened },
      { name: "claim_outbox_batch", ...hardened },
      { name: "complete_outbox_attempt", ...hardened },
      { name: "deny_append_only_mutation", definer: false, config: JSON.stringify(path) },
      { name: "enqueue_payment_outbox", ...hardened },
      { name: "outbox_retry_ceiling", ...hardened },
      { name: "repair_expired_leases", ...hardened },
      { name: "uuid_strategy", definer: false, config: null },
      { name: "uuid_v7_or_random", definer: false, config: null },
    ]);
  });

  test("by temporary tables, functions and operators", async () => {
    const caller = await own.another();
    await caller.run(`set role symphony_control;
      create temp table payment_outbox_pending (outbox_id uuid); create temp table payment_outbox_keys (x int);
      create temp table pg_db_role_setting (x int);
      create function pg_temp.now() returns timestamptz language sql as 'select null::timestamptz';
      create function pg_temp.octet_length(text) returns int language sql as 'select 1';
      set search_path = pg_temp, public, pg_catalog`);
    expect(await sqlstateOf(caller, enqueueSql("a"))).toBe("ok");
    expect(await sqlstateOf(caller, enqueueSql(""))).toBe("22023");
    expect(
      await sqlstateOf(caller, "select outbox_retry_ceiling(), uuid_v7_or_random(), uuid_strategy()"),
    ).toBe("ok");
    expect(await own.pending()).toMatchObject([{ instruction_id: "a" }]);
  });

  test("by a collation that takes other texts for equal", async () => {
    await own.db.run(`create schema mine; grant usage on schema mine to public;
      create collation mine.anycase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`);
    const collated = (text: string): string => `'${text}' collate mine.anycase`;
    const enqueue = (key: string): string =>
      `select * from enqueue_payment_outbox(${collated("a")}, 'p', ${collated(key)}, 'rail', '{}')`;
    expect(await own.rows(enqueue("key"))).toMatchObject([{ sequence_id: 1 }]);
    expect(await own.rows(enqueue("KEY"))).toMatchObject([{ sequence_id: 2 }]);
    expect(await own.rows(enqueue("key"))).toMatchObject([{ sequence_id: 1 }]);
    const [lease] = await own.rows(claimSql());
    expect(await own.outcome(completeSql(lease).replace("'w'", collated("W")))).toBe("P7002");
    expect(await own.outcome(completeSql(lease).replace("'w'", collated("w")))).toBe("ok");
  });
});
