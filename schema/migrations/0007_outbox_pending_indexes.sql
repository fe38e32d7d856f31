-- What claim reads: due rows in the order of next_attempt_at, those without a lease first.
CREATE INDEX idx_payment_outbox_pending_due_claim
  ON public.payment_outbox_pending (next_attempt_at, lease_expires_at, created_at);
