import {
  type Grantee,
  grantees,
  mayHave,
  type Privilege,
  privilegesOn,
} from "../../../model/privilege-table.ts";
import { expectedFunctions } from "../../../model/foundation/functions.ts";
import { type Catalog, type DefaultPrivilege, type Held, type NamedObject, need } from "../catalog.ts";
import { type Check, mendedByHand, mendedBySql, type Problem } from "../check.ts";
import { grantee as granteeName, identifier } from "../names.ts";

/** Contract 4: who may do what, by asking the server of every object, privilege and role. */
export const privilegeChecks: readonly Check[] = [
  ...grantees.map((grantee): Check => ({
    id: `privilege.${grantee}`,
    name: `${grantee} has what the table of roles gives it on each object, and no more`,
    contract: "4",
    weak: false,
    judge: (catalog) => judgeGrantee(grantee, catalog),
  })),
  {
    id: "privilege.no-grant-option",
    name: "nobody may pass a privilege on",
    contract: "4",
    weak: false,
    judge: ({ grantOptions }) =>
      need(grantOptions).map(({ grantee, privilege, sqlObject }) =>
        mendedBySql(
          `${grantee} may grant ${privilege} on ${sqlObject}`,
          `REVOKE GRANT OPTION FOR ${privilege} ON ${sqlObject} FROM ${granteeName(grantee)};`,
        ),
      ),
  },
  {
    id: "privilege.defaults",
    name: "functions of later migrations start without EXECUTE for PUBLIC, and nothing starts open to a runtime role",
    contract: "1",
    weak: false,
    judge: judgeDefaults,
  },
];

function judgeGrantee(grantee: Grantee, catalog: Catalog): readonly Problem[] {
  const { majorVersion } = need(catalog.server);
  if (grantee !== "PUBLIC" && !need(catalog.roles).some(({ name }) => name === grantee))
    return [mendedByHand(`there is no role ${grantee}`, "apply the migrations: counterpoint migrate")];
  const held = need(catalog.held);
  return need(catalog.objects).flatMap((object) => {
    const here = held.filter(({ kind, name }) => kind === object.kind && name === object.name);
    return privilegesOn(object.kind, majorVersion).flatMap((privilege) =>
      judgeCell(
        grantee,
        object,
        privilege,
        here.filter((each) => each.privilege === privilege),
      ),
    );
  });
}

/** What PUBLIC holds everybody has: it is said once, of PUBLIC; of functions by a check of its own. */
function judgeCell(
  grantee: Grantee,
  object: NamedObject,
  privilege: Privilege,
  held: readonly Held[],
): readonly Problem[] {
  const expected = mayHave(grantee, privilege, object);
  const has = (who: string): Held | undefined => held.find((each) => each.grantee === who);
  const found = has(grantee);
  if (expected && (found === undefined || found.column !== null))
    return [
      mendedBySql(
        `${grantee} may not ${privilege} on ${object.sqlObject}`,
        `GRANT ${privilege} ON ${object.sqlObject} TO ${granteeName(grantee)};`,
      ),
    ];
  if (expected || found === undefined) return [];
  if (grantee === "PUBLIC" ? object.kind === "function" : has("PUBLIC") !== undefined) return [];
  return held
    .filter((each) => each.grantee === grantee)
    .map(({ column }) => {
      const what = column === null ? privilege : `${privilege} (${identifier(column)})`;
      return {
        what: `${grantee} may ${what} on ${object.sqlObject}`,
        sql: `REVOKE ${what} ON ${object.sqlObject} FROM ${granteeName(grantee)};`,
        advice:
          "if that changes nothing, it comes from a role that this one is a member of, or owns the object",
      };
    });
}

function judgeDefaults({ defaultPrivileges, functions }: Catalog): readonly Problem[] {
  const entries = need(defaultPrivileges);
  const ours = new Set(expectedFunctions.map(({ signature }) => signature));
  const owners = need(functions).flatMap(({ signature, owner }) => (ours.has(signature) ? [owner] : []));
  const open = [...new Set(owners)].filter(
    (owner) =>
      !entries.some((entry) => entry.role === owner && entry.schema === null && entry.objectType === "f"),
  );
  return [
    ...open.map((owner) =>
      mendedBySql(
        `a function that ${owner} makes starts with EXECUTE for PUBLIC`,
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${identifier(owner)} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;`,
      ),
    ),
    ...entries.flatMap(judgeEntry),
  ];
}

const objectTypes: Readonly<Record<string, string>> = {
  r: "TABLES",
  S: "SEQUENCES",
  f: "FUNCTIONS",
  T: "TYPES",
  n: "SCHEMAS",
};

/** Grants to strangers are the installation's own business; the built-in USAGE of PUBLIC on types is judged type by type. */
function judgeEntry({ role, schema, objectType, grants }: DefaultPrivilege): readonly Problem[] {
  return grants
    .map((grant) => grant.split(":") as [string, string])
    .filter(([grantee]) => grantees.some((each) => each === grantee))
    .filter(([grantee]) => !(objectType === "T" && grantee === "PUBLIC"))
    .map(([grantee, privilege]) => {
      const kind = objectTypes[objectType] ?? objectType;
      const where = schema === null ? "" : ` IN SCHEMA ${identifier(schema)}`;
      return mendedBySql(
        `${kind} that ${role} makes${where} start with ${privilege} for ${grantee}`,
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${identifier(role)}${where} REVOKE ${privilege} ON ${kind} FROM ${granteeName(grantee)};`,
      );
    });
}
