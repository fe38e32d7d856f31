/** What a reset needs in the database, in schema sim: no part of the subject.
 *
 *  Every table of schema public becomes a child of the empty table sim.everything, and a reset is one DELETE on that. A
 *  statement on a parent does not fire the children's statement triggers, so append-only tables are emptied with their
 *  triggers as they are: no ALTER TABLE, no change in the catalog that every session must read again. What cannot be a
 *  child (a partition), or denies deletion by a row trigger that fires always, is emptied alone with its triggers off.
 *  Nothing here changes a row, a column, a right or a plan of the tables themselves. */
export const resetSql = `
create schema if not exists sim;
create table sim.everything ();
create sequence sim.resets;

-- What the planner believes of an empty database. VACUUM writes what it sees, and a case must not plan otherwise for it.
create table sim.statistics as
  select oid, relpages, reltuples, relallvisible from pg_catalog.pg_class
   where relnamespace = 'public'::regnamespace and relkind in ('r', 'i');

create view sim.tables as
  select c.oid::regclass as name,
         exists (select from pg_catalog.pg_inherits
                  where inhrelid = c.oid and inhparent = 'sim.everything'::regclass) as attached,
         c.relispartition or c.reloftype <> 0 or coalesce(t.always, false) as stubborn,
         coalesce(t.row_level, false) as row_level
    from pg_catalog.pg_class c
    left join (select tgrelid, true as row_level, bool_or(tgenabled in ('A', 'R') and not tgisinternal) as always
                 from pg_catalog.pg_trigger
                where tgtype & 1 = 1 and tgtype & 8 = 8 and tgenabled <> 'D'
                group by tgrelid) t on t.tgrelid = c.oid
   where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'schema_migrations';

-- Empties one table with its enabled triggers off, and gives each back the state that it had.
create function sim.empty_alone(victim regclass) returns void language plpgsql as $$
declare
  filled boolean;
  names name[];
  states text[];
begin
  execute format('select exists (select from %s)', victim) into filled;
  if not filled then return; end if;
  select coalesce(array_agg(tgname), '{}'),
         coalesce(array_agg(case tgenabled when 'A' then 'always' when 'R' then 'replica' else '' end), '{}')
    into names, states
    from pg_catalog.pg_trigger
   where tgrelid = victim and not tgisinternal and tgenabled <> 'D' and tgparentid = 0;
  for i in 1 .. cardinality(names) loop
    execute format('alter table %s disable trigger %I', victim, names[i]);
  end loop;
  execute format('delete from %s', victim);
  for i in 1 .. cardinality(names) loop
    execute format('alter table %s enable %s trigger %I', victim, states[i], names[i]);
  end loop;
end $$;

-- Returns the number of this reset. The time-out turns a session that was left in a transaction into an error.
create function sim.reset() returns bigint language plpgsql set lock_timeout = '10s' as $$
declare
  t record;
begin
  for t in select * from sim.tables where attached = stubborn or stubborn or row_level loop
    if t.attached = t.stubborn then
      execute format('alter table %s %s sim.everything', t.name, case when t.stubborn then 'no inherit' else 'inherit' end);
    end if;
    -- Foreign keys and ordinary row triggers: all rows go, so there is nothing for them to do.
    if t.row_level then perform set_config('session_replication_role', 'replica', true); end if;
    if t.stubborn then perform sim.empty_alone(t.name); end if;
  end loop;
  delete from sim.everything;
  perform setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
     from pg_catalog.pg_sequences where schemaname = 'public' and last_value is not null;
  return nextval('sim.resets');
end $$;

create function sim.restore_statistics() returns void language sql
begin atomic
  update pg_catalog.pg_class c
     set relpages = s.relpages, reltuples = s.reltuples, relallvisible = s.relallvisible
    from sim.statistics s
   where s.oid = c.oid
     and (c.relpages, c.reltuples, c.relallvisible) is distinct from (s.relpages, s.reltuples, s.relallvisible);
end;

revoke all on function sim.empty_alone(regclass), sim.reset(), sim.restore_statistics() from public;
`;
