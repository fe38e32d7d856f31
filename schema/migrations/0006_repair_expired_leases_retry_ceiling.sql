-- repair with the retry ceiling: without it a row whose every worker dies goes round for ever, and each round may have
-- reached the rail. It replaces the function of 0002; CREATE OR REPLACE keeps owner and grants.

CREATE OR REPLACE FUNCTION public.repair_expired_leases(p_batch_size int, p_worker_id text)
RETURNS TABLE (outbox_id uuid, attempt_no int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_expired uuid[];
  v_row public.payment_outbox_pending%ROWTYPE;
  v_attempt_no int;
  v_ceiling int;
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

  -- Read once in a call, and only where there is a row: a bad setting fails repair when it would matter.
  IF cardinality(v_expired) > 0 THEN
    v_ceiling := public.outbox_retry_ceiling();
  END IF;

  -- Statements after the locks: their snapshots have the rows and attempts as they are now.
  FOREACH outbox_id IN ARRAY v_expired LOOP
    SELECT p.* INTO STRICT v_row FROM public.payment_outbox_pending AS p
    WHERE p.outbox_id = repair_expired_leases.outbox_id;
    SELECT coalesce(max(a.attempt_no), 0) + 1 INTO v_attempt_no
    FROM public.payment_outbox_attempts AS a WHERE a.outbox_id = v_row.outbox_id;

    IF v_attempt_no >= v_ceiling THEN
      INSERT INTO public.payment_outbox_attempts (outbox_id, instruction_id, participant_id, sequence_id,
        idempotency_key, rail_type, payload, attempt_no, state, claimed_at, completed_at,
        error_code, error_message, worker_id, created_at)
      VALUES (v_row.outbox_id, v_row.instruction_id, v_row.participant_id, v_row.sequence_id,
        v_row.idempotency_key, v_row.rail_type, v_row.payload, v_attempt_no, 'FAILED', now(), now(),
        'RETRY_CEILING_EXCEEDED', format('lease expired at attempt %s, the ceiling is %s', v_attempt_no, v_ceiling),
        p_worker_id, now());
      DELETE FROM public.payment_outbox_pending AS p WHERE p.outbox_id = v_row.outbox_id;
    ELSE
      INSERT INTO public.payment_outbox_attempts (outbox_id, instruction_id, participant_id, sequence_id,
        idempotency_key, rail_type, payload, attempt_no, state, claimed_at, completed_at, worker_id, created_at)
      VALUES (v_row.outbox_id, v_row.instruction_id, v_row.participant_id, v_row.sequence_id,
        v_row.idempotency_key, v_row.rail_type, v_row.payload, v_attempt_no, 'ZOMBIE_REQUEUE', now(), now(),
        p_worker_id, now());
      UPDATE public.payment_outbox_pending AS p
      SET attempt_count = v_attempt_no, next_attempt_at = now() + make_interval(secs => 1),
        claimed_by = NULL, lease_token = NULL, lease_expires_at = NULL
      WHERE p.outbox_id = v_row.outbox_id;
    END IF;

    attempt_no := v_attempt_no;
    RETURN NEXT;
  END LOOP;
END;
$$;
