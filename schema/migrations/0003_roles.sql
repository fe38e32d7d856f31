-- Runtime roles. LOGIN roles of the installation become members of exactly one of them.
-- Roles belong to the cluster: another database may have made them already (42710) or be making them at this moment
-- (23505), and both are fine. A role of this name that can do more than it should is not fine, and stops the migration.
DO $$
DECLARE
  v_roles CONSTANT name[] := ARRAY[
    'symphony_ingest', 'symphony_executor', 'symphony_control', 'symphony_readonly', 'symphony_auditor'];
  v_role name;
BEGIN
  FOREACH v_role IN ARRAY v_roles LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', v_role);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;

  SELECT r.rolname INTO v_role FROM pg_catalog.pg_roles AS r
  WHERE r.rolname = ANY (v_roles)
    AND (r.rolcanlogin OR r.rolsuper OR r.rolcreatedb OR r.rolcreaterole OR r.rolreplication OR r.rolbypassrls)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'role % exists and can do more than a runtime role may', v_role
      USING HINT = 'ALTER ROLE ... NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS, then migrate again.';
  END IF;

  SELECT r.rolname INTO v_role FROM pg_catalog.pg_auth_members AS m
  JOIN pg_catalog.pg_roles AS r ON r.oid = m.member
  JOIN pg_catalog.pg_roles AS g ON g.oid = m.roleid
  WHERE r.rolname = ANY (v_roles) AND g.rolname = ANY (v_roles)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'role % is a member of another runtime role', v_role
      USING HINT = 'REVOKE the membership, then migrate again.';
  END IF;
END;
$$;
