-- Revoked certificates and tokens: append-only, since a revocation that can be undone is none.
CREATE TABLE public.revoked_client_certs (
  cert_fingerprint_sha256 text COLLATE "C" PRIMARY KEY,
  revoked_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  reason_code text,
  revoked_by text
);

CREATE TABLE public.revoked_tokens (
  token_jti text COLLATE "C" PRIMARY KEY,
  revoked_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  reason_code text,
  revoked_by text
);

CREATE TRIGGER trg_deny_revoked_client_certs_mutation
  BEFORE UPDATE OR DELETE OR TRUNCATE ON public.revoked_client_certs
  FOR EACH STATEMENT EXECUTE FUNCTION public.deny_append_only_mutation();
ALTER TABLE public.revoked_client_certs ENABLE ALWAYS TRIGGER trg_deny_revoked_client_certs_mutation;

CREATE TRIGGER trg_deny_revoked_tokens_mutation
  BEFORE UPDATE OR DELETE OR TRUNCATE ON public.revoked_tokens
  FOR EACH STATEMENT EXECUTE FUNCTION public.deny_append_only_mutation();
ALTER TABLE public.revoked_tokens ENABLE ALWAYS TRIGGER trg_deny_revoked_tokens_mutation;

REVOKE ALL ON public.revoked_client_certs, public.revoked_tokens
  FROM PUBLIC, symphony_ingest, symphony_executor, symphony_control, symphony_readonly, symphony_auditor;
GRANT SELECT ON public.revoked_client_certs, public.revoked_tokens
  TO symphony_ingest, symphony_executor, symphony_control, symphony_auditor;
GRANT INSERT ON public.revoked_client_certs, public.revoked_tokens TO symphony_control;
