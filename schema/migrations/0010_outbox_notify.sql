-- enqueue wakes the workers. It replaces the function of 0002 and adds one statement; CREATE OR REPLACE keeps owner and
-- grants. The message is a wake-up and nothing else: who may LISTEN is everybody, so it carries no data. It is
-- delivered on commit, so a rollback, or a savepoint rolled back, wakes nobody.

CREATE OR REPLACE FUNCTION public.enqueue_payment_outbox(
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
  PERFORM pg_notify('symphony_outbox', '');

  outbox_id := v_outbox_id;
  sequence_id := v_sequence_id;
  created_at := now();
  state := 'PENDING';
  RETURN NEXT;
END;
$$;
