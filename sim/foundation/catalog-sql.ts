import { roles } from "../../model/roles.ts";
import { quoteLiteral } from "../database/quote.ts";

/** The queries behind catalog.ts, one for each part: to run under `search_path = pg_catalog`. They read the catalog
 *  alone, which everybody may. Columns are named as the properties are. */

const here = "'public'::regnamespace";
const relationKinds = "('r', 'p', 'v', 'm', 'f')";
const runtimeRoles = `(${roles.map(quoteLiteral).join(", ")})`;
const qualified = (name: string): string => `'public.' || quote_ident(${name})`;
const signature = "p.proname || '(' || oidvectortypes(p.proargtypes) || ')'";

export const serverSql = `
  select quote_ident(current_database()) as database, current_setting('server_version_num')::int / 10000 as "majorVersion",
         to_regprocedure('pg_catalog.uuidv7()') is not null as "hasUuidV7"`;

export const tablesSql = `
  select c.relname::text as name, c.relkind::text as kind, c.relpersistence::text as persistence,
         coalesce(c.reloptions, '{}') as options, c.relrowsecurity as "rowSecurity",
         array(select r.rulename::text from pg_rewrite r where r.ev_class = c.oid and r.rulename <> '_RETURN' order by 1) as rules,
         array(select i.inhparent::regclass::text from pg_inherits i where i.inhrelid = c.oid order by 1) as parents
    from pg_class c where c.relnamespace = ${here} and c.relkind in ${relationKinds}`;

export const columnsSql = `
  select c.relname::text as table, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
         a.attnotnull as "notNull", pg_get_expr(d.adbin, d.adrelid) as default,
         a.attgenerated::text as generated, a.attidentity::text as identity,
         coalesce((select l.collisdeterministic from pg_collation l where l.oid = a.attcollation), true) as deterministic
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relnamespace = ${here} and c.relkind in ${relationKinds}
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attnum > 0 and not a.attisdropped
   order by c.relname, a.attnum`;

export const constraintsSql = `
  select t.relname::text as table, c.conname::text as name,
         c.contype::text as kind, pg_get_constraintdef(c.oid) as definition, c.confrelid::regclass::text as references,
         array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
                 join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place) as columns
    from pg_constraint c join pg_class t on t.oid = c.conrelid and t.relnamespace = ${here}`;

export const indexesSql = `
  select t.relname::text as table, c.relname::text as name, m.amname::text as method,
         array(select pg_get_indexdef(c.oid, k, false) from generate_series(1, i.indnkeyatts) k order by k) as keys,
         i.indisunique as unique, i.indimmediate as immediate, i.indisvalid and i.indislive as valid,
         i.indisready as ready, pg_get_expr(i.indpred, i.indrelid) as predicate
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
    join pg_am m on m.oid = c.relam
   where c.relnamespace = ${here} order by c.relname`;

export const enumsSql = `
  select t.typname::text as name, array_agg(e.enumlabel::text order by e.enumsortorder) as labels
    from pg_type t join pg_enum e on e.enumtypid = t.oid where t.typnamespace = ${here} group by t.typname`;

export const triggersSql = `
  select c.relname::text as table, t.tgname::text as name, t.tgtype::int as type, t.tgenabled::text as enabled,
         t.tgqual is not null or cardinality(t.tgattr::int2[]) > 0 as conditional, p.prosrc as body
    from pg_trigger t join pg_class c on c.oid = t.tgrelid and c.relnamespace = ${here} join pg_proc p on p.oid = t.tgfoid
   where not t.tgisinternal order by t.tgname`;

export const routinesSql = `
  select ${signature} as signature, p.proname::text as name, p.oid::regprocedure::text as "sqlName",
         pg_get_function_arguments(p.oid) as arguments, coalesce(pg_get_function_result(p.oid), '') as result,
         l.lanname::text as language, p.prosecdef as "securityDefiner", pg_get_userbyid(p.proowner)::text as owner,
         p.prosrc as body,
         (select substr(s, length('search_path=') + 1) from unnest(p.proconfig) s where s like 'search\\_path=%') as "searchPath"
    from pg_proc p join pg_language l on l.oid = p.prolang where p.pronamespace = ${here} order by 1`;

/** Every object that privileges are about: name as in model/privilege-table.ts, and how a statement writes it. */
const objects = `
  select 'table' as kind, c.oid, c.relname::text as name, 'TABLE ' || ${qualified("c.relname")} as "sqlObject", c.relowner as owner,
         c.relacl as acl, 'r' as code
    from pg_class c where c.relnamespace = ${here} and c.relkind in ${relationKinds}
  union all
  select 'sequence', c.oid, c.relname::text, 'SEQUENCE ' || ${qualified("c.relname")}, c.relowner, c.relacl, 's'
    from pg_class c where c.relnamespace = ${here} and c.relkind = 'S'
  union all
  select 'function', p.oid, ${signature}, 'ROUTINE ' || p.oid::regprocedure::text, p.proowner, p.proacl, 'f'
    from pg_proc p where p.pronamespace = ${here}
  union all
  select 'type', t.oid, t.typname::text, 'TYPE ' || ${qualified("t.typname")}, t.typowner, t.typacl, 'T'
    from pg_type t where t.typnamespace = ${here} and t.typtype in ('e', 'd')
  union all
  select 'schema', n.oid, n.nspname::text, 'SCHEMA ' || quote_ident(n.nspname), n.nspowner, n.nspacl, 'n'
    from pg_namespace n where n.oid = ${here}
  union all
  select 'database', d.oid, 'current', 'DATABASE ' || quote_ident(d.datname), d.datdba, d.datacl, 'd'
    from pg_database d where d.datname = current_database()`;

export const objectsSql = `select kind, name, "sqlObject" from (${objects}) o order by kind, name`;

export const grantOptionsSql = `
  select o."sqlObject", coalesce(r.rolname::text, 'PUBLIC') as grantee, a.privilege_type as privilege
    from (${objects}) o cross join aclexplode(o.acl) a left join pg_roles r on r.oid = a.grantee
   where a.is_grantable and a.grantee <> o.owner
  union all
  select 'TABLE ' || ${qualified("c.relname")}, coalesce(r.rolname::text, 'PUBLIC'),
         a.privilege_type || ' (' || quote_ident(t.attname) || ')'
    from pg_class c join pg_attribute t on t.attrelid = c.oid and not t.attisdropped
    cross join aclexplode(t.attacl) a left join pg_roles r on r.oid = a.grantee
   where c.relnamespace = ${here} and a.is_grantable and a.grantee <> c.relowner`;

/** has_*_privilege knows PUBLIC by the name `public`. */
const grantees = `(select rolname::text as role, rolname::text as grantee from pg_roles where rolname in ${runtimeRoles}
                   union all select 'public', 'PUBLIC')`;

const held = (kind: string, privileges: readonly string[]): string => `
  select g.grantee, o.kind, o.name, p.privilege, null as column
    from o cross join ${grantees} g cross join unnest(array[${privileges.map(quoteLiteral).join(", ")}]) p (privilege)
   where o.kind = '${kind}' and has_${kind}_privilege(g.role::name, o.oid, p.privilege)`;

const heldOnColumns = (privileges: readonly string[]): string => `
  select g.grantee, o.kind, o.name, p.privilege, a.attname::text
    from o join pg_attribute a on a.attrelid = o.oid and not a.attisdropped
    cross join ${grantees} g cross join unnest(array[${privileges.map(quoteLiteral).join(", ")}]) p (privilege)
   where o.kind = 'table' and has_column_privilege(g.role::name, o.oid, a.attnum, p.privilege)
     and not has_table_privilege(g.role::name, o.oid, p.privilege)`;

/** What the runtime roles and PUBLIC have, for privileges by kind. */
export function heldSql(
  privilegesByKind: Readonly<Record<string, readonly string[]>>,
  columnPrivileges: readonly string[],
): string {
  const parts = Object.entries(privilegesByKind).map(([kind, privileges]) => held(kind, privileges));
  return `with o as materialized (${objects}) ${[...parts, heldOnColumns(columnPrivileges)].join(" union all ")}`;
}

export const defaultPrivilegesSql = `
  select pg_get_userbyid(d.defaclrole)::text as role, n.nspname::text as schema, d.defaclobjtype::text as "objectType",
         array(select coalesce(r.rolname::text, 'PUBLIC') || ':' || a.privilege_type
                 from aclexplode(d.defaclacl) a left join pg_roles r on r.oid = a.grantee
                where a.grantee <> d.defaclrole order by 1) as grants
    from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace
   where d.defaclnamespace in (0, ${here})`;

export const rolesSql = `
  select rolname::text as name, rolcanlogin as login, rolsuper as superuser, rolcreatedb as "createDatabase",
         rolcreaterole as "createRole", rolreplication as replication, rolbypassrls as "bypassRowSecurity"
    from pg_roles where rolname in ${runtimeRoles}`;

/** Not every membership: those that give a runtime role what it must not have. Also at second hand, and also where the
 *  role is only one to change to. */
export const membershipsSql = `
  with recursive way (member, id) as (
    select r.rolname, m.roleid from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname in ${runtimeRoles}
    union
    select w.member, m.roleid from way w join pg_auth_members m on m.member = w.id
  ), reached as (
    select w.member::text, r.rolname::text as of,
           case when r.rolname in ${runtimeRoles} then 'is a runtime role'
                when r.rolsuper then 'is a superuser'
                when r.rolname like 'pg\\_%' then 'is predefined by the server'
                when r.oid in (select owner from (${objects}) o) then 'owns objects here' end as because
      from way w join pg_roles r on r.oid = w.id)
  select * from reached where because is not null order by 1, 2`;

/** Reads a table of the foundation, where the others read the catalog: its owner and the auditor may. */
export const ledgerSql = `
  select version, checksum, rank() over (order by applied_at)::int as place
    from public.schema_migrations order by version collate "C"`;

export const ledgerExistsSql = "select to_regclass('public.schema_migrations') is not null as found";

/** Call the foundation's own functions. */
export const uuidsSql =
  "select public.uuid_strategy() as strategy, public.uuid_v7_or_random()::text as value";
export const ceilingSql = "select public.outbox_retry_ceiling() as value";

/** The last entry counts, and names of settings have no case, as in outbox_retry_ceiling itself. */
export const ceilingSettingSql = `
  select substr(e.entry, strpos(e.entry, '=') + 1) as setting
    from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
    cross join lateral unnest(s.setconfig) with ordinality e (entry, place)
   where d.datname = current_database() and s.setrole = 0
     and lower(split_part(e.entry, '=', 1)) = 'symphony.outbox_retry_ceiling'
   order by e.place desc limit 1`;

/** What a table says of rows in expressions. Those that call functions of the database's own are not for us to run:
 *  they would run with the rights of whoever verifies. */
const expressions = `
  select t.relname::text as table, 'constraint ' || c.conname as id, pg_get_expr(c.conbin, c.conrelid) as sql,
         'pg_constraint'::regclass as catalog, c.oid as oid
    from pg_constraint c join pg_class t on t.oid = c.conrelid and t.relnamespace = ${here} where c.contype = 'c'
  union all
  select t.relname::text, 'index ' || c.relname, pg_get_expr(i.indpred, i.indrelid), 'pg_class'::regclass, c.oid
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
   where c.relnamespace = ${here} and i.indpred is not null
  union all
  select t.relname::text, 'column ' || a.attname, pg_get_expr(d.adbin, d.adrelid), 'pg_attrdef'::regclass, d.oid
    from pg_attrdef d join pg_class t on t.oid = d.adrelid and t.relnamespace = ${here}
    join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum and a.attgenerated <> ''`;

export const expressionsSql = `
  select e.table, e.id, e.sql,
         not exists (select from pg_depend d where d.classid = e.catalog and d.objid = e.oid
                        and d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass)) as trusted
    from (${expressions}) e`;
