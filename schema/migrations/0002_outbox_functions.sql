-- enqueue, claim, complete, repair. All are SECURITY DEFINER: the runtime roles own no right on the tables.
-- Time is now() throughout, the start of the calling transaction: one transaction, one time.

CREATE FUNCTION public.bump_participant_outbox_seq(p_participant_id text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_sequence_id bigint;
BEGIN
  IF p_participant_id IS NULL OR octet_length(p_participant_id) NOT BETWEEN 1 AND 512 THEN
    RAISE EXCEPTION 'participant_id must have 1 to 512 bytes' USING ERRCODE = '22023';
  END IF;
  -- A row and not a sequence: a rollback gives the number back, so committed numbers have no gap.
  INSERT INTO public.participant_outbox_sequences AS s (participant_id, next_sequence_id)
  VALUES (p_participant_id, 2)
  ON CONFLICT (participant_id) DO UPDATE SET next_sequence_id = s.next_sequence_id + 1
  RETURNING s.next_sequence_id - 1 INTO v_sequence_id;
  RETURN v_sequence_id;
END;
$$;

CREATE FUNCTION public.enqueue_payment_outbox(
  p_instruction_id text, p_participant_id text, p_idempotency_key text, p_rail_type text, p_payload jsonb
) RETURNS TABLE (outbox_id uuid, sequence_id bigint, created_at timestamptz, state text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_outbox_id uuid;
  v_sequence_id bigint;
BEGIN
  IF p_instruction_id IS NULL OR octet_length(p_instruction_id) NOT BETWEEN 1 AND 512 THEN
    RAISE EXCEPTION 'instruction_id must have 1 to 512 bytes' USING ERRCODE = '22023';
  END IF;
  IF p_participant_id IS NULL OR octet_length(p_participant_id) NOT BETWEEN 1 AND 512 THEN
    RAISE EXCEPTION 'participant_id must have 1 to 512 bytes' USING ERRCODE = '22023';
  END IF;
  IF p_idempotency_key IS NULL OR octet_length(p_idempotency_key) NOT BETWEEN 1 AND 512 THEN
    RAISE EXCEPTION 'idempotency_key must have 1 to 512 bytes' USING ERRCODE = '22023';
  END IF;
  IF p_rail_type IS NULL OR octet_length(p_rail_type) = 0 THEN
    RAISE EXCEPTION 'rail_type must not be empty' USING ERRCODE = '22023';
  END IF;
  IF p_payload IS NULL OR jsonb_typeof(p_payload) <> 'object' THEN
    RAISE EXCEPTION 'payload must be a JSON object' USING ERRCODE = '22023';
  END IF;

  -- The key first, the counter second: whoever waits for a key holds no counter, so one-call transactions cannot
  -- deadlock, and a repeat never touches the counter. A concurrent first call makes this wait for its end; a key that a
  -- REPEATABLE READ snapshot does not see makes it fail with 40001.
  INSERT INTO public.payment_outbox_keys AS k (instruction_id, idempotency_key, outbox_id, participant_id, created_at)
  VALUES (p_instruction_id, p_idempotency_key, public.uuid_v7_or_random(), p_participant_id, now())
  ON CONFLICT (instruction_id, idempotency_key) DO NOTHING
  RETURNING k.outbox_id INTO v_outbox_id;

  IF v_outbox_id IS NULL THEN
    -- One statement, one snapshot: the row cannot leave pending between the two looks. COLLATE "C" because a caller's
    -- own collation would travel with the arguments and decide what is equal.
    SELECT k.outbox_id, k.sequence_id, k.created_at,
      CASE WHEN EXISTS (SELECT FROM public.payment_outbox_pending AS p WHERE p.outbox_id = k.outbox_id)
        THEN 'PENDING'
        ELSE (SELECT a.state::text FROM public.payment_outbox_attempts AS a
              WHERE a.outbox_id = k.outbox_id ORDER BY a.attempt_no DESC LIMIT 1)
      END
    INTO STRICT outbox_id, sequence_id, created_at, state
    FROM public.payment_outbox_keys AS k
    WHERE k.instruction_id = p_instruction_id COLLATE "C" AND k.idempotency_key = p_idempotency_key COLLATE "C";
    RETURN NEXT;
    RETURN;
  END IF;

  v_sequence_id := public.bump_participant_outbox_seq(p_participant_id);
  UPDATE public.payment_outbox_keys AS k SET sequence_id = v_sequence_id
  WHERE k.instruction_id = p_instruction_id COLLATE "C" AND k.idempotency_key = p_idempotency_key COLLATE "C";
  INSERT INTO public.payment_outbox_pending (outbox_id, instruction_id, participant_id, sequence_id, idempotency_key,
    rail_type, payload, next_attempt_at, created_at)
  VALUES (v_outbox_id, p_instruction_id, p_participant_id, v_sequence_id, p_idempotency_key,
    p_rail_type, p_payload, now(), now());

  outbox_id := v_outbox_id;
  sequence_id := v_sequence_id;
  created_at := now();
  state := 'PENDING';
  RETURN NEXT;
END;
$$;

-- An expired lease is not due: repair is the only way back, so that every expiry is on the ledger.
CREATE FUNCTION public.claim_outbox_batch(p_batch_size int, p_worker_id text, p_lease_seconds int)
RETURNS TABLE (outbox_id uuid, instruction_id text, participant_id text, sequence_id bigint, idempotency_key text,
  rail_type text, payload jsonb, attempt_count int, lease_token uuid, lease_expires_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF p_batch_size IS NULL OR p_batch_size < 1 THEN
    RAISE EXCEPTION 'batch_size must be at least 1' USING ERRCODE = '22023';
  END IF;
  IF p_worker_id IS NULL OR octet_length(p_worker_id) = 0 THEN
    RAISE EXCEPTION 'worker_id must not be empty' USING ERRCODE = '22023';
  END IF;
  IF p_lease_seconds IS NULL OR p_lease_seconds < 1 THEN
    RAISE EXCEPTION 'lease_seconds must be at least 1' USING ERRCODE = '22023';
  END IF;

  -- MATERIALIZED: the locking part runs once, whatever the plan of the join, so never more than p_batch_size rows are
  -- taken. Its condition stands beside FOR UPDATE: a row that changed since the snapshot is judged again once it is
  -- locked. The last two columns of the order are unique together: one queue, one answer.
  RETURN QUERY
  WITH due AS MATERIALIZED (
    SELECT p.outbox_id
    FROM public.payment_outbox_pending AS p
    WHERE p.lease_expires_at IS NULL AND p.next_attempt_at <= now()
    ORDER BY p.next_attempt_at, p.created_at, p.participant_id, p.sequence_id
    LIMIT p_batch_size
    FOR UPDATE SKIP LOCKED
  )
  UPDATE public.payment_outbox_pending AS p
  SET claimed_by = p_worker_id,
    lease_token = gen_random_uuid(),
    lease_expires_at = now() + make_interval(secs => p_lease_seconds)
  FROM due
  WHERE p.outbox_id = due.outbox_id
  RETURNING p.outbox_id, p.instruction_id, p.participant_id, p.sequence_id, p.idempotency_key,
    p.rail_type, p.payload, p.attempt_count, p.lease_token, p.lease_expires_at;
END;
$$;

-- Only what ALTER DATABASE set counts. current_setting() would show a caller's own SET, and a worker could lift its own
-- fuse. VOLATILE: under READ COMMITTED the query takes a snapshot of its own, so a change is seen at once.
CREATE FUNCTION public.outbox_retry_ceiling() RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_text text;
BEGIN
  -- Names of settings have no case. The server applies the entries in order, so the last one counts.
  SELECT substr(e.entry, strpos(e.entry, '=') + 1) INTO v_text
  FROM pg_catalog.pg_db_role_setting AS s
  JOIN pg_catalog.pg_database AS d ON d.oid = s.setdatabase
  CROSS JOIN LATERAL unnest(s.setconfig) WITH ORDINALITY AS e (entry, position)
  WHERE d.datname = current_database() AND s.setrole = 0
    AND lower(split_part(e.entry, '=', 1)) = 'symphony.outbox_retry_ceiling'
  ORDER BY e.position DESC
  LIMIT 1;

  IF NOT FOUND THEN
    RETURN 20;
  END IF;
  -- Two steps: the cast must not meet a text that the pattern refuses.
  IF v_text ~ '^[0-9]{1,4}$' THEN
    IF v_text::int BETWEEN 1 AND 1000 THEN
      RETURN v_text::int;
    END IF;
  END IF;
  RAISE EXCEPTION 'symphony.outbox_retry_ceiling is set to "%", must be a number from 1 to 1000', v_text
    USING ERRCODE = '22023', HINT = 'ALTER DATABASE ... SET symphony.outbox_retry_ceiling = 20';
END;
$$;

CREATE FUNCTION public.complete_outbox_attempt(
  p_outbox_id uuid, p_lease_token uuid, p_worker_id text, p_state public.outbox_attempt_state,
  p_rail_reference text DEFAULT NULL, p_rail_code text DEFAULT NULL, p_error_code text DEFAULT NULL,
  p_error_message text DEFAULT NULL, p_latency_ms int DEFAULT NULL, p_retry_delay_seconds int DEFAULT 1
) RETURNS TABLE (attempt_no int, state public.outbox_attempt_state)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_row public.payment_outbox_pending%ROWTYPE;
  v_attempt_no int;
  v_state public.outbox_attempt_state := p_state;
BEGIN
  IF p_state IS NULL OR p_state NOT IN ('DISPATCHED', 'FAILED', 'RETRYABLE') THEN
    RAISE EXCEPTION 'INVALID_COMPLETION_STATE' USING ERRCODE = 'P7003',
      DETAIL = 'A completion is DISPATCHED, FAILED or RETRYABLE.';
  END IF;
  IF p_latency_ms < 0 THEN
    RAISE EXCEPTION 'latency_ms must not be negative' USING ERRCODE = '22023';
  END IF;

  -- The whole fence in the locking query: it is judged on the row as it is once locked, and who does not hold the lease
  -- never waits for who does. A null compares as no match. COLLATE "C": a caller's own collation must not decide that
  -- two worker names are equal.
  SELECT p.* INTO v_row
  FROM public.payment_outbox_pending AS p
  WHERE p.outbox_id = p_outbox_id AND p.lease_token = p_lease_token AND p.claimed_by = p_worker_id COLLATE "C"
    AND p.lease_expires_at > now()
  FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'LEASE_LOST' USING ERRCODE = 'P7002';
  END IF;

  -- A statement of its own, after the lock: its snapshot has every attempt that an earlier holder recorded.
  SELECT coalesce(max(a.attempt_no), 0) + 1 INTO v_attempt_no
  FROM public.payment_outbox_attempts AS a WHERE a.outbox_id = p_outbox_id;

  IF p_state = 'RETRYABLE' THEN
    IF v_attempt_no >= public.outbox_retry_ceiling() THEN
      v_state := 'FAILED';
    END IF;
  END IF;

  INSERT INTO public.payment_outbox_attempts (outbox_id, instruction_id, participant_id, sequence_id, idempotency_key,
    rail_type, payload, attempt_no, state, claimed_at, completed_at,
    rail_reference, rail_code, error_code, error_message, latency_ms, worker_id, created_at)
  VALUES (v_row.outbox_id, v_row.instruction_id, v_row.participant_id, v_row.sequence_id, v_row.idempotency_key,
    v_row.rail_type, v_row.payload, v_attempt_no, v_state, now(), CASE WHEN v_state <> 'RETRYABLE' THEN now() END,
    p_rail_reference, p_rail_code, p_error_code, p_error_message, p_latency_ms, p_worker_id, now());

  IF v_state = 'RETRYABLE' THEN
    UPDATE public.payment_outbox_pending AS p
    SET attempt_count = v_attempt_no,
      next_attempt_at = now() + make_interval(secs => greatest(1, coalesce(p_retry_delay_seconds, 1))),
      claimed_by = NULL, lease_token = NULL, lease_expires_at = NULL
    WHERE p.outbox_id = p_outbox_id;
  ELSE
    DELETE FROM public.payment_outbox_pending AS p WHERE p.outbox_id = p_outbox_id;
  END IF;

  attempt_no := v_attempt_no;
  state := v_state;
  RETURN NEXT;
END;
$$;

-- Hands expired leases back to the queue. 0006 gives it the retry ceiling.
CREATE FUNCTION public.repair_expired_leases(p_batch_size int, p_worker_id text)
RETURNS TABLE (outbox_id uuid, attempt_no int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_expired uuid[];
  v_row public.payment_outbox_pending%ROWTYPE;
  v_attempt_no int;
BEGIN
  IF p_batch_size IS NULL OR p_batch_size < 1 THEN
    RAISE EXCEPTION 'batch_size must be at least 1' USING ERRCODE = '22023';
  END IF;
  IF p_worker_id IS NULL OR octet_length(p_worker_id) = 0 THEN
    RAISE EXCEPTION 'worker_id must not be empty' USING ERRCODE = '22023';
  END IF;

  -- "<=" is the exact complement of the fence of complete_outbox_attempt.
  v_expired := ARRAY(
    SELECT p.outbox_id
    FROM public.payment_outbox_pending AS p
    WHERE p.lease_expires_at <= now()
    ORDER BY p.lease_expires_at, p.created_at, p.participant_id, p.sequence_id
    LIMIT p_batch_size
    FOR UPDATE SKIP LOCKED
  );

  -- Statements after the locks: their snapshots have the rows and attempts as they are now.
  FOREACH outbox_id IN ARRAY v_expired LOOP
    SELECT p.* INTO STRICT v_row FROM public.payment_outbox_pending AS p
    WHERE p.outbox_id = repair_expired_leases.outbox_id;
    SELECT coalesce(max(a.attempt_no), 0) + 1 INTO v_attempt_no
    FROM public.payment_outbox_attempts AS a WHERE a.outbox_id = v_row.outbox_id;

    INSERT INTO public.payment_outbox_attempts (outbox_id, instruction_id, participant_id, sequence_id,
      idempotency_key, rail_type, payload, attempt_no, state, claimed_at, completed_at, worker_id, created_at)
    VALUES (v_row.outbox_id, v_row.instruction_id, v_row.participant_id, v_row.sequence_id,
      v_row.idempotency_key, v_row.rail_type, v_row.payload, v_attempt_no, 'ZOMBIE_REQUEUE', now(), now(),
      p_worker_id, now());
    UPDATE public.payment_outbox_pending AS p
    SET attempt_count = v_attempt_no, next_attempt_at = now() + make_interval(secs => 1),
      claimed_by = NULL, lease_token = NULL, lease_expires_at = NULL
    WHERE p.outbox_id = v_row.outbox_id;

    attempt_no := v_attempt_no;
    RETURN NEXT;
  END LOOP;
END;
$$;

REVOKE ALL ON FUNCTION
  public.bump_participant_outbox_seq(text),
  public.enqueue_payment_outbox(text, text, text, text, jsonb),
  public.claim_outbox_batch(int, text, int),
  public.outbox_retry_ceiling(),
  public.complete_outbox_attempt(uuid, uuid, text, public.outbox_attempt_state, text, text, text, text, int, int),
  public.repair_expired_leases(int, text)
  FROM PUBLIC;
