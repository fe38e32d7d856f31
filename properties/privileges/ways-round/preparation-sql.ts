import { quoteIdentifier, quoteLiteral } from "../../../sim/database/quote.ts";
import { openSchema } from "../operations/operation.ts";
import type { Subject } from "../subject.ts";
import type { ArgumentForm, Place, Preparation } from "./disguise.ts";
import { shadowFunctions, shadowViews } from "./shadows.ts";

/** What a preparation has to know of the database and of who prepares. */
export interface Surroundings {
  readonly subjects: readonly Subject[];
  /** The database's name, quoted. */
  readonly database: string;
  /** The runtime role behind the member; none for PUBLIC. */
  readonly role: string | null;
}

/** What every caller brings along: its code tells on which user's behalf it runs. INFO is sent whatever
 *  client_min_messages says, and no rollback takes it back. */
export const spySql = `
  CREATE FUNCTION pg_temp.spy() RETURNS pg_catalog.bool LANGUAGE plpgsql
    AS 'BEGIN RAISE INFO ''counterpoint spy %'', current_user; RETURN true; END';
  CREATE FUNCTION pg_temp.spy_trigger() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN PERFORM pg_temp.spy(); RETURN NULL; END'`;

/** The user in a message of the spy, null in any other message. */
export const spiedUser = (message: string): string | null =>
  /^counterpoint spy (.*)$/.exec(message)?.[1] ?? null;

export function preparationSql(preparation: Preparation, surroundings: Surroundings): string {
  switch (preparation.kind) {
    case "set role":
      return surroundings.role === null ? "" : `SET ROLE ${surroundings.role}`;
    case "search_path":
      return `SET search_path = ${preparation.value === "" ? "''" : preparation.value}`;
    case "setting":
      return `SET ${preparation.name} = ${quoteLiteral(preparation.value)}`;
    case "setting of the own role": {
      const where = preparation.where === "everywhere" ? "" : `IN DATABASE ${surroundings.database}`;
      return `ALTER ROLE CURRENT_USER ${where} SET ${preparation.name} = ${quoteLiteral(preparation.value)}`;
    }
    case "table":
      return tableSql(in_(preparation.place, preparation.name), columnsOf(preparation.name, surroundings));
    case "view":
      return `CREATE VIEW ${in_(preparation.place, preparation.name)} AS ${shadowViews[preparation.name] ?? ""}`;
    case "type":
      return `CREATE DOMAIN ${in_(preparation.place, preparation.name)}
        AS pg_catalog.${quoteIdentifier(preparation.name)} CHECK (pg_temp.spy())`;
    case "function":
      return functionSql(preparation.place, preparation.name);
    case "operator":
      return operatorSql(preparation.name, `pg_catalog.${preparation.type}`);
  }
}

const in_ = (place: Place, name: string): string =>
  `${place === "open" ? openSchema : "pg_temp"}.${quoteIdentifier(name)}`;

/** With the columns of the table whose name it takes, so that a statement meant for that one finds nothing amiss. Text for
 *  an enum, on which not everybody has USAGE. */
function columnsOf(name: string, { subjects }: Surroundings): string {
  const shadowed = subjects.find(({ object }) => object.kind === "table" && object.name === name);
  if (shadowed?.kind !== "table") throw new Error(`no table ${name} to be shadowed`);
  return shadowed.columns
    .map((column) => {
      const type = column.type.startsWith("public.") ? "pg_catalog.text" : column.type;
      return `${quoteIdentifier(column.name)} ${type}`;
    })
    .join(", ");
}

const tableSql = (name: string, columns: string): string => `
  CREATE TABLE ${name} (${columns}); GRANT ALL ON ${name} TO PUBLIC;
  CREATE TRIGGER spy BEFORE INSERT OR UPDATE OR DELETE ON ${name} EXECUTE FUNCTION pg_temp.spy_trigger()`;

function functionSql(place: Place, name: string): string {
  const shadow = shadowFunctions[name];
  if (shadow === undefined) throw new Error(`no function ${name} to be shadowed`);
  const body = `BEGIN PERFORM pg_temp.spy(); RETURN ${shadow.lie}; END`;
  return `CREATE FUNCTION ${in_(place, name)}(${shadow.takes}) RETURNS pg_catalog.${shadow.gives}
    LANGUAGE plpgsql AS ${quoteLiteral(body)}`;
}

/** Its function's name is of no matter, only that it is another for each type. */
function operatorSql(name: string, type: string): string {
  const lie = `${openSchema}.${quoteIdentifier(`lie ${name} ${type}`)}`;
  return `CREATE FUNCTION ${lie}(${type}, ${type}) RETURNS pg_catalog.bool LANGUAGE plpgsql
      AS 'BEGIN PERFORM pg_temp.spy(); RETURN true; END';
    CREATE OPERATOR ${openSchema}.${name} (FUNCTION = ${lie}, LEFTARG = ${type}, RIGHTARG = ${type})`;
}

/** What has to be there before arguments of this form can be written. */
export const argumentFormSql: Readonly<Record<ArgumentForm, string>> = {
  plain: "",
  domain: "CREATE DOMAIN pg_temp.argument AS pg_catalog.text CHECK (pg_temp.spy())",
  collation: `CREATE COLLATION ${openSchema}.anycase
    (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
  "own type with a cast": `CREATE TYPE ${openSchema}.word AS (letters pg_catalog.text);
    CREATE FUNCTION ${openSchema}.letters_of(word ${openSchema}.word) RETURNS pg_catalog.text LANGUAGE plpgsql
      AS 'BEGIN PERFORM pg_temp.spy(); RETURN word.letters; END';
    CREATE CAST (${openSchema}.word AS pg_catalog.text)
      WITH FUNCTION ${openSchema}.letters_of(${openSchema}.word) AS IMPLICIT`,
};

/** A text as an argument of this form. */
export function argumentSql(form: ArgumentForm, text: string): string {
  const literal = quoteLiteral(text);
  switch (form) {
    case "plain":
      return `${literal}::pg_catalog.text`;
    case "domain":
      return `${literal}::pg_temp.argument`;
    case "collation":
      return `(${literal}::pg_catalog.text COLLATE ${openSchema}.anycase)`;
    case "own type with a cast":
      return `ROW(${literal})::${openSchema}.word`;
  }
}
