-- A payment ends once. Whatever a function gets wrong, a second terminal attempt is refused here.
CREATE UNIQUE INDEX ux_outbox_attempts_one_terminal_per_outbox
  ON public.payment_outbox_attempts (outbox_id) WHERE state IN ('DISPATCHED', 'FAILED');
