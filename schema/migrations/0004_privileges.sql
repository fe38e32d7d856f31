-- Revoke first: whatever was granted by hand or by default before this file is gone, then come the grants of the table
-- of roles, one by one. Revoking a table's privileges takes its column privileges with it.
REVOKE ALL ON SCHEMA public
  FROM PUBLIC, symphony_ingest, symphony_executor, symphony_control, symphony_readonly, symphony_auditor;
REVOKE ALL ON ALL TABLES IN SCHEMA public
  FROM PUBLIC, symphony_ingest, symphony_executor, symphony_control, symphony_readonly, symphony_auditor;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public
  FROM PUBLIC, symphony_ingest, symphony_executor, symphony_control, symphony_readonly, symphony_auditor;
REVOKE ALL ON ALL ROUTINES IN SCHEMA public
  FROM PUBLIC, symphony_ingest, symphony_executor, symphony_control, symphony_readonly, symphony_auditor;
REVOKE ALL ON TYPE public.outbox_attempt_state
  FROM PUBLIC, symphony_ingest, symphony_executor, symphony_control, symphony_readonly, symphony_auditor;

GRANT USAGE ON SCHEMA public
  TO symphony_ingest, symphony_executor, symphony_control, symphony_readonly, symphony_auditor;

GRANT EXECUTE ON FUNCTION public.enqueue_payment_outbox(text, text, text, text, jsonb)
  TO symphony_ingest, symphony_control;

GRANT EXECUTE ON FUNCTION
  public.claim_outbox_batch(int, text, int),
  public.complete_outbox_attempt(uuid, uuid, text, public.outbox_attempt_state, text, text, text, text, int, int),
  public.repair_expired_leases(int, text)
  TO symphony_executor, symphony_control;
GRANT USAGE ON TYPE public.outbox_attempt_state TO symphony_executor, symphony_control;

GRANT EXECUTE ON FUNCTION public.outbox_retry_ceiling(), public.uuid_strategy(), public.uuid_v7_or_random()
  TO symphony_ingest, symphony_executor, symphony_control, symphony_readonly, symphony_auditor;

GRANT SELECT ON public.payment_outbox_pending, public.payment_outbox_attempts
  TO symphony_control, symphony_readonly, symphony_auditor;

-- The runner makes the ledger before the first file. Who applies the files by hand has none.
DO $$
BEGIN
  IF to_regclass('public.schema_migrations') IS NOT NULL THEN
    GRANT SELECT ON public.schema_migrations TO symphony_auditor;
  END IF;
END;
$$;
