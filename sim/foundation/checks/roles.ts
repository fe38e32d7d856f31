import { roles } from "../../../model/roles.ts";
import { need, type RoleFacts } from "../catalog.ts";
import { type Check, mendedByHand, mendedBySql, type Problem } from "../check.ts";
import { identifier } from "../names.ts";

const attributes = {
  login: "LOGIN",
  superuser: "SUPERUSER",
  createDatabase: "CREATEDB",
  createRole: "CREATEROLE",
  replication: "REPLICATION",
  bypassRowSecurity: "BYPASSRLS",
} as const satisfies Partial<Record<keyof RoleFacts, string>>;

/** Contract 4: "All NOLOGIN, no superuser, no membership in each other." */
export const roleChecks: readonly Check[] = [
  {
    id: "role.attributes",
    name: "the five runtime roles are there, NOLOGIN and without any attribute",
    contract: "4",
    weak: false,
    judge: (catalog) =>
      roles.flatMap((name) =>
        judgeRole(
          name,
          need(catalog.roles).find((each) => each.name === name),
        ),
      ),
  },
  {
    id: "role.memberships",
    name: "no runtime role is a member of another, of an owner, or of a role of the server's",
    contract: "4",
    weak: false,
    judge: ({ memberships }) =>
      need(memberships).map(({ member, of, because }) =>
        mendedBySql(
          `${member} is a member of ${of}, which ${because}`,
          `REVOKE ${identifier(of)} FROM ${identifier(member)};`,
        ),
      ),
  },
];

function judgeRole(name: string, found: RoleFacts | undefined): readonly Problem[] {
  if (found === undefined)
    return [mendedByHand(`there is no role ${name}`, "apply the migrations: counterpoint migrate")];
  return (Object.keys(attributes) as (keyof typeof attributes)[])
    .filter((attribute) => found[attribute])
    .map((attribute) =>
      mendedBySql(
        `${name} has ${attributes[attribute]}`,
        `ALTER ROLE ${identifier(name)} NO${attributes[attribute]};`,
      ),
    );
}
