-- Policy versions, at most one ACTIVE. To activate is one transaction: demote the ACTIVE row, then promote or insert
-- the other. The unique index is what decides between two who do it at once.
CREATE TYPE public.policy_version_status AS ENUM ('ACTIVE', 'GRACE', 'RETIRED');

CREATE TABLE public.policy_versions (
  version text COLLATE "C" PRIMARY KEY,
  status public.policy_version_status NOT NULL DEFAULT 'ACTIVE',
  activated_at timestamptz NOT NULL DEFAULT now(),
  grace_expires_at timestamptz,
  checksum text NOT NULL CHECK (octet_length(checksum) > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  is_active boolean GENERATED ALWAYS AS (status = 'ACTIVE') STORED,
  CONSTRAINT policy_versions_grace_has_an_end CHECK (status <> 'GRACE' OR grace_expires_at IS NOT NULL),
  CONSTRAINT policy_versions_active_has_no_end CHECK (status <> 'ACTIVE' OR grace_expires_at IS NULL)
);

CREATE UNIQUE INDEX ux_policy_versions_single_active ON public.policy_versions (is_active) WHERE is_active;

REVOKE ALL ON TYPE public.policy_version_status
  FROM PUBLIC, symphony_ingest, symphony_executor, symphony_control, symphony_readonly, symphony_auditor;
REVOKE ALL ON public.policy_versions
  FROM PUBLIC, symphony_ingest, symphony_executor, symphony_control, symphony_readonly, symphony_auditor;
GRANT SELECT ON public.policy_versions
  TO symphony_executor, symphony_control, symphony_readonly, symphony_auditor;
GRANT INSERT, UPDATE ON public.policy_versions TO symphony_control;
