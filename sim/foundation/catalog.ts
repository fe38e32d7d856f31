import type { Privilege } from "../../model/privilege-table.ts";
import type { Migration } from "../database/migrations.ts";
import { Unread } from "./check.ts";

/** What was read, or why it could not be. */
export type Part<T> = { readonly read: T } | { readonly unread: string };

/** The part's value. Throws Unread. */
export function need<T>(part: Part<T>): T {
  if ("unread" in part) throw new Unread(part.unread);
  return part.read;
}

/** What the checks judge: a database's catalog at one moment, as plain data. Names are unquoted and of schema public;
 *  expressions are as the server prints them under `search_path = pg_catalog`. */
export interface Catalog {
  readonly server: Part<ServerFacts>;
  readonly tables: Part<readonly Table[]>;
  readonly columns: Part<readonly Column[]>;
  readonly constraints: Part<readonly Constraint[]>;
  readonly indexes: Part<readonly Index[]>;
  readonly enums: Part<readonly Enum[]>;
  readonly triggers: Part<readonly Trigger[]>;
  readonly functions: Part<readonly Routine[]>;
  readonly grantOptions: Part<readonly GrantOption[]>;
  readonly held: Part<readonly Held[]>;
  readonly objects: Part<readonly NamedObject[]>;
  readonly defaultPrivileges: Part<readonly DefaultPrivilege[]>;
  readonly roles: Part<readonly RoleFacts[]>;
  readonly memberships: Part<readonly Membership[]>;
  readonly ledger: Part<readonly LedgerEntry[] | null>;
  readonly uuids: Part<UuidFacts>;
  readonly ceiling: Part<CeilingFacts>;
  /** By table: what its expressions say of the contract's samples. */
  readonly samples: ReadonlyMap<string, Part<SampleAnswers>>;
  readonly migrations: readonly Migration[];
}

export interface ServerFacts {
  /** The database's name, as a statement writes it. */
  readonly database: string;
  readonly majorVersion: number;
  /** Whether pg_catalog.uuidv7() exists. */
  readonly hasUuidV7: boolean;
}

export interface Table {
  readonly name: string;
  /** pg_class.relkind and relpersistence. */
  readonly kind: string;
  readonly persistence: string;
  readonly options: readonly string[];
  readonly rowSecurity: boolean;
  readonly rules: readonly string[];
  /** Tables that it inherits from, or is a partition of. */
  readonly parents: readonly string[];
}

export interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  /** Default, or the expression of a generated column. */
  readonly default: string | null;
  /** pg_attribute.attgenerated and attidentity. */
  readonly generated: string;
  readonly identity: string;
  /** False where equal texts may differ in their bytes. */
  readonly deterministic: boolean;
}

export interface Constraint {
  readonly table: string;
  readonly name: string;
  /** pg_constraint.contype */
  readonly kind: string;
  readonly columns: readonly string[];
  readonly definition: string;
  /** The table that a foreign key refers to. */
  readonly references: string | null;
}

export interface Index {
  readonly table: string;
  readonly name: string;
  readonly method: string;
  readonly keys: readonly string[];
  readonly unique: boolean;
  readonly immediate: boolean;
  readonly valid: boolean;
  readonly ready: boolean;
  readonly predicate: string | null;
}

export interface Enum {
  readonly name: string;
  readonly labels: readonly string[];
}

export interface Trigger {
  readonly table: string;
  readonly name: string;
  /** pg_trigger.tgtype: 1 row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate, 64 instead. */
  readonly type: number;
  /** pg_trigger.tgenabled */
  readonly enabled: string;
  /** Has a condition, or a list of columns. */
  readonly conditional: boolean;
  /** The text of its function. */
  readonly body: string;
}

export interface Routine {
  /** `name(types)`, as in the table of privileges. */
  readonly signature: string;
  readonly name: string;
  /** To be written in a statement. */
  readonly sqlName: string;
  readonly arguments: string;
  readonly result: string;
  readonly language: string;
  readonly securityDefiner: boolean;
  readonly searchPath: string | null;
  readonly owner: string;
  readonly body: string;
}

/** An entry of an access list that may be passed on; an owner's own apart. */
export interface GrantOption {
  /** To be written behind ON in a statement. */
  readonly sqlObject: string;
  readonly grantee: string;
  readonly privilege: string;
}

export interface NamedObject {
  readonly kind: "table" | "sequence" | "function" | "type" | "schema" | "database";
  readonly name: string;
  readonly sqlObject: string;
}

/** A privilege that a runtime role, or PUBLIC, has, however it came by it. */
export interface Held {
  readonly grantee: string;
  readonly kind: NamedObject["kind"];
  readonly name: string;
  readonly privilege: Privilege;
  /** The column, where it is held there and not on the whole table. */
  readonly column: string | null;
}

/** An entry of pg_default_acl. */
export interface DefaultPrivilege {
  readonly role: string;
  /** Null: in every schema. */
  readonly schema: string | null;
  /** pg_default_acl.defaclobjtype */
  readonly objectType: string;
  /** Who but the role itself gets what, as `grantee:PRIVILEGE`. */
  readonly grants: readonly string[];
}

export interface RoleFacts {
  readonly name: string;
  readonly login: boolean;
  readonly superuser: boolean;
  readonly createDatabase: boolean;
  readonly createRole: boolean;
  readonly replication: boolean;
  readonly bypassRowSecurity: boolean;
}

/** A runtime role that is a member, at first or second hand, of a role that gives more. */
export interface Membership {
  readonly member: string;
  readonly of: string;
  readonly because: string;
}

export interface LedgerEntry {
  readonly version: string;
  readonly checksum: string;
  /** Its place by applied_at, from 1; equal times share one. */
  readonly place: number;
}

export interface UuidFacts {
  /** What uuid_strategy() says. */
  readonly strategy: string;
  /** A value of uuid_v7_or_random(). */
  readonly value: string;
}

export interface CeilingFacts {
  /** What ALTER DATABASE set; null: nothing. */
  readonly setting: string | null;
  /** What the function says, or the SQLSTATE it fails with. */
  readonly answer: { readonly value: number } | { readonly sqlstate: string };
}

/** What a table's expressions say of a sample: key of the sample, then `constraint x`, `index x` or `column x`. */
export type SampleAnswers = ReadonlyMap<string, ReadonlyMap<string, boolean | null>>;
