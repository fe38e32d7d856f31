-- symphony:no_tx
-- Both indexes of the hot table, built CONCURRENTLY: enqueue and claim go on meanwhile. Outside a transaction, one
-- statement at a time; a crash anywhere leaves a state from which the whole file can run again.
-- A build that failed leaves an invalid index under the right name, and IF NOT EXISTS would skip it for ever. Only a
-- block can drop an index on a condition, and a block cannot DROP CONCURRENTLY, so it renames the invalid one (which
-- does not lock the table against anybody) and the drop follows. The first drop is for a crash between the two.

DROP INDEX CONCURRENTLY IF EXISTS public.idx_payment_outbox_pending_due_claim_invalid;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_index AS i
             WHERE i.indexrelid = to_regclass('public.idx_payment_outbox_pending_due_claim')
               AND NOT (i.indisvalid AND i.indisready)) THEN
    ALTER INDEX public.idx_payment_outbox_pending_due_claim RENAME TO idx_payment_outbox_pending_due_claim_invalid;
  END IF;
END;
$$;
DROP INDEX CONCURRENTLY IF EXISTS public.idx_payment_outbox_pending_due_claim_invalid;
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_payment_outbox_pending_due_claim
  ON public.payment_outbox_pending (next_attempt_at, lease_expires_at, created_at);

-- What repair reads: expired leases in the order of expiry. Rows without a lease are no part of it.
DROP INDEX CONCURRENTLY IF EXISTS public.idx_payment_outbox_pending_expired_lease_invalid;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_index AS i
             WHERE i.indexrelid = to_regclass('public.idx_payment_outbox_pending_expired_lease')
               AND NOT (i.indisvalid AND i.indisready)) THEN
    ALTER INDEX public.idx_payment_outbox_pending_expired_lease
      RENAME TO idx_payment_outbox_pending_expired_lease_invalid;
  END IF;
END;
$$;
DROP INDEX CONCURRENTLY IF EXISTS public.idx_payment_outbox_pending_expired_lease_invalid;
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_payment_outbox_pending_expired_lease
  ON public.payment_outbox_pending (lease_expires_at, created_at) WHERE lease_expires_at IS NOT NULL;
