-- What came in, as it came in: append-only. The role that writes it cannot read it.
CREATE TABLE public.ingress_attestations (
  attestation_id uuid PRIMARY KEY DEFAULT public.uuid_v7_or_random(),
  instruction_id text COLLATE "C" NOT NULL,
  tenant_id text COLLATE "C",
  payload_hash text NOT NULL,
  signature_hash text,
  received_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idx_ingress_attestations_instruction ON public.ingress_attestations (instruction_id);
CREATE INDEX idx_ingress_attestations_received_at ON public.ingress_attestations (received_at);
CREATE INDEX idx_ingress_attestations_tenant_received_at
  ON public.ingress_attestations (tenant_id, received_at) WHERE tenant_id IS NOT NULL;

CREATE TRIGGER trg_deny_ingress_attestations_mutation
  BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ingress_attestations
  FOR EACH STATEMENT EXECUTE FUNCTION public.deny_append_only_mutation();
ALTER TABLE public.ingress_attestations ENABLE ALWAYS TRIGGER trg_deny_ingress_attestations_mutation;

REVOKE ALL ON public.ingress_attestations
  FROM PUBLIC, symphony_ingest, symphony_executor, symphony_control, symphony_readonly, symphony_auditor;
GRANT INSERT ON public.ingress_attestations TO symphony_ingest;
GRANT SELECT ON public.ingress_attestations TO symphony_control, symphony_auditor;
