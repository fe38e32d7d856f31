-- Core tables, the attempt states, the append-only guard, the UUID wrapper.
-- Every name is written with its schema: nothing here depends on the search_path of whoever migrates.

-- Nobody gets anything by being connected. What a later file makes starts without EXECUTE on functions and USAGE on
-- types for PUBLIC, the two that PostgreSQL grants by itself: the default privilege holds for objects that the migrating
-- role creates, and each file revokes by name as well.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;

-- The functions ask the server, not the day of the migration: after pg_upgrade from 17 to 18 both change together.
-- uuidv7() is planned when it is first reached, so 15 to 17 accept the body. No operator and no unqualified name, since
-- these two run with the caller's search_path.
CREATE FUNCTION public.uuid_v7_or_random() RETURNS uuid
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
  IF pg_catalog.to_regprocedure('pg_catalog.uuidv7()') IS NULL THEN
    RETURN pg_catalog.gen_random_uuid();
  END IF;
  RETURN pg_catalog.uuidv7();
END;
$$;

CREATE FUNCTION public.uuid_strategy() RETURNS text
LANGUAGE plpgsql STABLE
AS $$
BEGIN
  IF pg_catalog.to_regprocedure('pg_catalog.uuidv7()') IS NULL THEN
    RETURN 'gen_random_uuid';
  END IF;
  RETURN 'uuidv7';
END;
$$;

CREATE TYPE public.outbox_attempt_state AS ENUM (
  'DISPATCHING', 'DISPATCHED', 'RETRYABLE', 'FAILED', 'ZOMBIE_REQUEUE'
);

-- Texts that identify something are compared byte by byte: an update of the operating system's collations must not be
-- able to break the indexes that idempotency and sequence rest on.

CREATE TABLE public.participant_outbox_sequences (
  participant_id text COLLATE "C" PRIMARY KEY,
  next_sequence_id bigint NOT NULL CHECK (next_sequence_id >= 1)
);
COMMENT ON COLUMN public.participant_outbox_sequences.next_sequence_id IS 'the number that the next enqueue gets';

-- The memory of every key ever enqueued. It outlives the pending row, and its primary key is what makes two concurrent
-- calls with one key one payment, at every isolation level.
CREATE TABLE public.payment_outbox_keys (
  instruction_id text COLLATE "C" NOT NULL,
  idempotency_key text COLLATE "C" NOT NULL,
  outbox_id uuid NOT NULL UNIQUE,
  participant_id text COLLATE "C" NOT NULL,
  sequence_id bigint CHECK (sequence_id >= 1),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (instruction_id, idempotency_key)
);
COMMENT ON COLUMN public.payment_outbox_keys.sequence_id IS
  'null only inside the call that takes the key, which allocates the number second';

CREATE TABLE public.payment_outbox_pending (
  outbox_id uuid PRIMARY KEY DEFAULT public.uuid_v7_or_random(),
  instruction_id text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  sequence_id bigint NOT NULL,
  idempotency_key text COLLATE "C" NOT NULL,
  rail_type text NOT NULL,
  payload jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
  attempt_count int NOT NULL DEFAULT 0 CHECK (attempt_count >= 0),
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  claimed_by text,
  lease_token uuid,
  lease_expires_at timestamptz,
  CONSTRAINT payment_outbox_pending_lease_whole CHECK (num_nulls(claimed_by, lease_token, lease_expires_at) IN (0, 3)),
  UNIQUE (participant_id, sequence_id),
  UNIQUE (instruction_id, idempotency_key)
);

-- The truth about status. No foreign key: an attempt outlives the pending row, and an administrator may record one for
-- a row that never was pending.
CREATE TABLE public.payment_outbox_attempts (
  attempt_id uuid PRIMARY KEY DEFAULT public.uuid_v7_or_random(),
  outbox_id uuid NOT NULL,
  instruction_id text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  sequence_id bigint NOT NULL,
  idempotency_key text COLLATE "C" NOT NULL,
  rail_type text NOT NULL,
  payload jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
  attempt_no int NOT NULL CHECK (attempt_no >= 1),
  state public.outbox_attempt_state NOT NULL,
  claimed_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz,
  rail_reference text,
  rail_code text,
  error_code text,
  error_message text,
  latency_ms int CHECK (latency_ms >= 0),
  worker_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (outbox_id, attempt_no)
);

-- FOR EACH STATEMENT, so that a change of no rows is refused too, and TRUNCATE with it. ENABLE ALWAYS, so that
-- session_replication_role = replica does not step around it.
CREATE FUNCTION public.deny_append_only_mutation() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION '% on % is denied: the table is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'P0001';
END;
$$;

CREATE TRIGGER trg_deny_outbox_attempts_mutation
  BEFORE UPDATE OR DELETE OR TRUNCATE ON public.payment_outbox_attempts
  FOR EACH STATEMENT EXECUTE FUNCTION public.deny_append_only_mutation();
ALTER TABLE public.payment_outbox_attempts ENABLE ALWAYS TRIGGER trg_deny_outbox_attempts_mutation;

REVOKE ALL ON public.participant_outbox_sequences, public.payment_outbox_keys, public.payment_outbox_pending,
  public.payment_outbox_attempts FROM PUBLIC;
REVOKE ALL ON TYPE public.outbox_attempt_state FROM PUBLIC;
REVOKE ALL ON FUNCTION public.uuid_v7_or_random(), public.uuid_strategy(), public.deny_append_only_mutation()
  FROM PUBLIC;
