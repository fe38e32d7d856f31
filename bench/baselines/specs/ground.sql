-- What the specs share. Loaded once into a database that was just migrated. spec.lease comes and goes.
SET check_function_bodies = off;
CREATE SCHEMA spec;

CREATE PROCEDURE spec.reset() LANGUAGE plpgsql AS $$
BEGIN
  ALTER TABLE public.payment_outbox_attempts DISABLE TRIGGER USER;
  DELETE FROM public.payment_outbox_attempts;
  ALTER TABLE public.payment_outbox_attempts ENABLE TRIGGER USER;
  DELETE FROM public.payment_outbox_pending;
  DELETE FROM public.payment_outbox_keys;
  DELETE FROM public.participant_outbox_sequences;
  DELETE FROM public.policy_versions;
  DROP TABLE IF EXISTS spec.lease;
END;
$$;

-- Enqueues a payment as long ago as that.
CREATE PROCEDURE spec.payment(instruction text, age interval) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM public.enqueue_payment_outbox(instruction, 'p', 'k', 'sepa', '{"amount": 1}');
  UPDATE public.payment_outbox_pending SET next_attempt_at = now() - age, created_at = now() - age
  WHERE instruction_id = instruction;
END;
$$;

-- Leases them to the worker w and remembers the tokens, which do not change when the row gets others.
CREATE PROCEDURE spec.lease() LANGUAGE sql AS $$
  CREATE TABLE spec.lease AS SELECT * FROM public.claim_outbox_batch(10, 'w', 60);
$$;

CREATE PROCEDURE spec.expire(instruction text, age interval) LANGUAGE sql AS $$
  UPDATE public.payment_outbox_pending SET lease_expires_at = now() - age WHERE instruction_id = instruction;
$$;

CREATE FUNCTION spec.enqueue(instruction text, payload jsonb DEFAULT '{"amount": 1}')
RETURNS TABLE (sequence_id bigint, state text) LANGUAGE sql AS $$
  SELECT e.sequence_id, e.state FROM public.enqueue_payment_outbox(instruction, 'p', 'k', 'sepa', payload) AS e;
$$;

CREATE FUNCTION spec.claim(batch int, worker text)
RETURNS TABLE (instruction_id text, sequence_id bigint, attempt_count int, lasts interval) LANGUAGE sql AS $$
  SELECT c.instruction_id, c.sequence_id, c.attempt_count, c.lease_expires_at - now()
  FROM public.claim_outbox_batch(batch, worker, 60) AS c ORDER BY c.sequence_id;
$$;

-- With the token that spec.lease() remembered.
CREATE FUNCTION spec.complete(instruction text, worker text, state public.outbox_attempt_state)
RETURNS TABLE (attempt_no int, recorded public.outbox_attempt_state) LANGUAGE sql AS $$
  SELECT c.attempt_no, c.state
  FROM spec.lease AS l, public.complete_outbox_attempt(l.outbox_id, l.lease_token, worker, state) AS c
  WHERE l.instruction_id = instruction;
$$;

CREATE FUNCTION spec.repair(batch int)
RETURNS TABLE (instruction_id text, attempt_no int) LANGUAGE sql AS $$
  SELECT k.instruction_id, r.attempt_no
  FROM public.repair_expired_leases(batch, 'r') AS r JOIN public.payment_outbox_keys AS k USING (outbox_id)
  ORDER BY k.sequence_id;
$$;

-- All that is the same in each run: no id, no time but by its distance from another.
CREATE VIEW spec.state AS
  SELECT 'pending' AS place, p.instruction_id AS name, p.sequence_id AS number, p.attempt_count AS attempt,
    CASE WHEN p.lease_token IS NULL THEN 'free' ELSE 'leased' END AS state, p.claimed_by AS worker, p.payload,
    p.next_attempt_at - greatest(p.created_at, (
      SELECT max(a.created_at) FROM public.payment_outbox_attempts AS a WHERE a.outbox_id = p.outbox_id)) AS waits
  FROM public.payment_outbox_pending AS p
  UNION ALL
  SELECT 'attempt', a.instruction_id, a.sequence_id, a.attempt_no, a.state::text, a.worker_id, a.payload,
    a.completed_at - a.claimed_at
  FROM public.payment_outbox_attempts AS a
  UNION ALL
  SELECT 'next', s.participant_id, s.next_sequence_id, NULL, NULL, NULL, NULL, NULL
  FROM public.participant_outbox_sequences AS s
  UNION ALL
  SELECT 'policy', v.version, NULL, NULL, v.status::text, NULL, NULL, NULL FROM public.policy_versions AS v
  ORDER BY 1, 2, 4;
