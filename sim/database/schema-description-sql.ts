/** What is said of the objects of one kind. */
interface Described {
  readonly kind: string;
  /** SQL of the name: unique within the kind. */
  readonly name: string;
  /** SQL of each property. */
  readonly properties: Readonly<Record<string, string>>;
  /** From where, and which. */
  readonly from: string;
}

/** Who made the ledger, or who asks: called `owner` in the lines. */
const maintainer = `coalesce(
  (select m.relowner from pg_class m where m.relname = 'schema_migrations' and m.relnamespace = 'public'::regnamespace),
  (select m.oid from pg_roles m where m.rolname = current_user))`;

const role = (oid: string): string =>
  `case ${oid} when 0 then 'PUBLIC' when ${maintainer} then 'owner' else quote_ident(pg_get_userbyid(${oid})) end`;

/** An access list, sorted. NULL stands for the kind's defaults, which are written out: they mean the same. */
const access = (list: string, kind: string, owner: string): string => `(
  select string_agg(entry, ' ' order by entry collate "C")
    from (select ${role("a.grantee")} || ':' || a.privilege_type || case when a.is_grantable then '*' else '' end
            from aclexplode(coalesce(${list}, acldefault('${kind}', ${owner}))) a) as entries (entry))`;

const comment = (oid: string, catalog: string, part = "0"): string => `(
  select m.description from pg_description m
   where m.objoid = ${oid} and m.classoid = '${catalog}'::regclass and m.objsubid = ${part})`;

const here = "'public'::regnamespace";
const relationKinds = "('r', 'p', 'v', 'm', 'f', 'c')";

const described: readonly Described[] = [
  {
    kind: "relation",
    name: "quote_ident(c.relname)",
    properties: {
      kind: "c.relkind",
      persistence: "c.relpersistence",
      owner: role("c.relowner"),
      method: "(select amname from pg_am where oid = c.relam)",
      options: "(select string_agg(o, ',' order by o) from unnest(c.reloptions) o)",
      rowSecurity: "concat_ws('/', c.relrowsecurity, c.relforcerowsecurity)",
      replicaIdentity: "c.relreplident",
      ofType: "case when c.reloftype <> 0 then format_type(c.reloftype, null) end",
      parents:
        "(select string_agg(i.inhparent::regclass::text, ',' order by i.inhseqno) from pg_inherits i where i.inhrelid = c.oid)",
      partition: "concat_ws(' ', pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid))",
      view: "case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end",
      access: access("c.relacl", "r", "c.relowner"),
      comment: comment("c.oid", "pg_class"),
    },
    from: `pg_class c where c.relnamespace = ${here} and c.relkind in ${relationKinds}`,
  },
  {
    kind: "column",
    name: "quote_ident(c.relname) || '.' || quote_ident(a.attname)",
    properties: {
      // Not attnum: a dropped column leaves a gap that means nothing.
      position: "row_number() over (partition by c.oid order by a.attnum)",
      type: "format_type(a.atttypid, a.atttypmod)",
      collation: "case when a.attcollation <> 0 then a.attcollation::regcollation end",
      notNull: "a.attnotnull",
      default: "pg_get_expr(d.adbin, d.adrelid)",
      identity: "a.attidentity",
      generated: "a.attgenerated",
      storage: "a.attstorage",
      compression: "a.attcompression",
      statistics: "nullif(a.attstattarget, -1)",
      options: "a.attoptions",
      access: access("a.attacl", "c", "c.relowner"),
      comment: comment("c.oid", "pg_class", "a.attnum"),
    },
    from: `pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where c.relnamespace = ${here} and c.relkind in ${relationKinds}`,
  },
  {
    kind: "constraint",
    name: "coalesce(nullif(c.conrelid, 0)::regclass::text, c.contypid::regtype::text) || '.' || quote_ident(c.conname)",
    properties: {
      definition: "pg_get_constraintdef(c.oid)",
      validated: "c.convalidated",
      local: "concat_ws('/', c.conislocal, c.coninhcount, c.connoinherit)",
      comment: comment("c.oid", "pg_constraint"),
    },
    from: `pg_constraint c where c.connamespace = ${here}`,
  },
  {
    kind: "index",
    name: "quote_ident(c.relname)",
    properties: {
      definition: "pg_get_indexdef(c.oid)",
      valid: "i.indisvalid",
      ready: "i.indisready",
      live: "i.indislive",
      immediate: "i.indimmediate",
      clustered: "i.indisclustered",
      replicaIdentity: "i.indisreplident",
      owner: role("c.relowner"),
      comment: comment("c.oid", "pg_class"),
    },
    from: `pg_class c join pg_index i on i.indexrelid = c.oid where c.relnamespace = ${here}`,
  },
  {
    kind: "sequence",
    name: "quote_ident(c.relname)",
    properties: {
      definition:
        "concat_ws(' ', format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle)",
      persistence: "c.relpersistence",
      owner: role("c.relowner"),
      ownedBy:
        "(select d.refobjid::regclass || '.' || d.refobjsubid from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i') and d.refobjsubid > 0)",
      access: access("c.relacl", "s", "c.relowner"),
      comment: comment("c.oid", "pg_class"),
    },
    from: `pg_class c join pg_sequence s on s.seqrelid = c.oid where c.relnamespace = ${here}`,
  },
  {
    kind: "function",
    name: "p.oid::regprocedure::text",
    properties: {
      kind: "p.prokind",
      owner: role("p.proowner"),
      // An aggregate has no definition to print; its parts are functions.
      definition: "case when p.prokind <> 'a' then pg_get_functiondef(p.oid) end",
      aggregate:
        "(select concat_ws(' ', g.aggtransfn, g.aggfinalfn, g.aggcombinefn, format_type(g.aggtranstype, null), g.agginitval) from pg_aggregate g where g.aggfnoid = p.oid)",
      access: access("p.proacl", "f", "p.proowner"),
      comment: comment("p.oid", "pg_proc"),
    },
    from: `pg_proc p where p.pronamespace = ${here}`,
  },
  {
    kind: "trigger",
    name: "t.tgrelid::regclass::text || '.' || quote_ident(t.tgname)",
    properties: {
      definition: "pg_get_triggerdef(t.oid)",
      enabled: "t.tgenabled",
      comment: comment("t.oid", "pg_trigger"),
    },
    from: `pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace = ${here} and not t.tgisinternal`,
  },
  {
    kind: "rule",
    name: "r.ev_class::regclass::text || '.' || quote_ident(r.rulename)",
    properties: {
      definition: "pg_get_ruledef(r.oid)",
      enabled: "r.ev_enabled",
      comment: comment("r.oid", "pg_rewrite"),
    },
    from: `pg_rewrite r join pg_class c on c.oid = r.ev_class where c.relnamespace = ${here}`,
  },
  {
    kind: "policy",
    name: "p.polrelid::regclass::text || '.' || quote_ident(p.polname)",
    properties: {
      command: "p.polcmd",
      permissive: "p.polpermissive",
      roles: `(select string_agg(${role("r.oid")}, ',' order by ${role("r.oid")} collate "C") from unnest(p.polroles) r (oid))`,
      using: "pg_get_expr(p.polqual, p.polrelid)",
      check: "pg_get_expr(p.polwithcheck, p.polrelid)",
    },
    from: `pg_policy p join pg_class c on c.oid = p.polrelid where c.relnamespace = ${here}`,
  },
  {
    kind: "type",
    name: "quote_ident(t.typname)",
    properties: {
      kind: "t.typtype",
      owner: role("t.typowner"),
      labels:
        "(select string_agg(quote_ident(e.enumlabel), ',' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)",
      base: "case when t.typtype = 'd' then concat_ws(' ', format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault) end",
      range: "(select format_type(r.rngsubtype, null) from pg_range r where r.rngtypid = t.oid)",
      access: access("t.typacl", "T", "t.typowner"),
      comment: comment("t.oid", "pg_type"),
    },
    // Enums, domains, ranges. Row types and arrays come with their table or element.
    from: `pg_type t where t.typnamespace = ${here} and t.typtype in ('e', 'd', 'r', 'm', 'b') and t.typcategory <> 'A'`,
  },
  {
    kind: "statistics",
    name: "quote_ident(s.stxname)",
    properties: { definition: "pg_get_statisticsobjdef(s.oid)" },
    from: `pg_statistic_ext s where s.stxnamespace = ${here}`,
  },
  {
    kind: "schema",
    name: "quote_ident(n.nspname)",
    properties: {
      owner: role("n.nspowner"),
      access: access("n.nspacl", "n", "n.nspowner"),
      comment: comment("n.oid", "pg_namespace"),
    },
    from: `pg_namespace n where n.oid = ${here}`,
  },
  {
    kind: "database",
    name: "'current'",
    properties: {
      access: access("d.datacl", "d", "d.datdba"),
      settings: `(select string_agg(e, ',' order by e collate "C") from pg_db_role_setting s, unnest(s.setconfig) e where s.setdatabase = d.oid and s.setrole = 0)`,
    },
    from: "pg_database d where d.datname = current_database()",
  },
  {
    kind: "defaultPrivileges",
    name: `${role("a.defaclrole")} || '/' || coalesce(nullif(a.defaclnamespace, 0)::regnamespace::text, '*') || '/' || a.defaclobjtype::text`,
    properties: { access: access("a.defaclacl", "r", "a.defaclrole") },
    from: `pg_default_acl a where a.defaclnamespace in (0, ${here})`,
  },
  {
    kind: "role",
    name: "quote_ident(r.rolname)",
    properties: {
      attributes:
        "concat_ws('/', r.rolcanlogin, r.rolsuper, r.rolcreatedb, r.rolcreaterole, r.rolreplication, r.rolbypassrls, r.rolinherit)",
      memberOf:
        "(select string_agg(quote_ident(g.rolname), ',' order by g.rolname) from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid)",
      settings:
        "(select string_agg(concat_ws('/', s.setdatabase <> 0, s.setconfig::text), ',' order by s.setdatabase) from pg_db_role_setting s where s.setrole = r.oid and s.setdatabase in (0, (select oid from pg_database where datname = current_database())))",
    },
    // The runtime roles, and whoever else something here was granted to; the owner's own attributes are the server's.
    from: `pg_roles r where r.oid <> ${maintainer} and (r.rolname like 'symphony\\_%' or exists (
      select from pg_shdepend d where d.refobjid = r.oid and d.refclassid = 'pg_authid'::regclass and d.deptype = 'a'
         and d.dbid = (select oid from pg_database where datname = current_database())))`,
  },
];

/** One query for each kind of object; each returns rows of one column, `line`. To run with `search_path = pg_catalog`. */
export const descriptionQueries: readonly string[] = described.map(query);

/** Values as JSON texts: no value can be taken for two, and a line stays one line. */
function query({ kind, name, properties, from }: Described): string {
  const values = Object.entries(properties).map(
    ([property, sql]) => `'${property}=' || coalesce(to_json((${sql})::text)::text, 'null')`,
  );
  return `select concat_ws(' ', '${kind}', ${name}, ${values.join(", ")}) as line from ${from}`;
}
