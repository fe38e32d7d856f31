-- The hot table keeps a fifth of each page free: a row is rewritten by claim and again by retry or repair, and the new
-- version finds room on its own page. These are no HOT updates: claim changes an indexed column. Holds for pages written
-- from now on; the table is not rewritten and nobody waits for more than a moment.
ALTER TABLE public.payment_outbox_pending SET (fillfactor = 80);
