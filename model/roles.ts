/** The runtime roles. Source: contract 4. All are NOLOGIN, and none is a member of another. */
export const roles = [
  "symphony_ingest",
  "symphony_executor",
  "symphony_control",
  "symphony_readonly",
  "symphony_auditor",
] as const;
export type Role = (typeof roles)[number];
