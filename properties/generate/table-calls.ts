import fc from "fast-check";
import { ledgers, policyStatuses, tamperVerbs } from "../../model/operation.ts";
import type { Call } from "../../sim/schedule.ts";

const one = fc.constantFrom;

/** Few ids, so that they collide. */
export const attestationIds = [
  "11111111-1111-4111-8111-111111111111",
  "22222222-2222-4222-8222-222222222222",
] as const;

const version = one("v1", "v2", "v3");
const checksum = fc.oneof({ weight: 6, arbitrary: one("c", "d") }, { weight: 1, arbitrary: one(null, "") });

/** Mostly what the status allows: GRACE needs an end, ACTIVE must have none. */
const standing = [
  { weight: 5, arbitrary: { status: one("ACTIVE" as const), graceSeconds: one(null) } },
  { weight: 2, arbitrary: { status: one("GRACE" as const), graceSeconds: one(60) } },
  { weight: 3, arbitrary: { status: one(...policyStatuses), graceSeconds: one(null, 60) } },
];

const insertPolicy: fc.Arbitrary<Call> = fc.oneof(
  ...standing.map(({ weight, arbitrary }) => ({
    weight,
    arbitrary: fc.record({ op: one("insertPolicy" as const), version, ...arbitrary, checksum }),
  })),
);

const setPolicy: fc.Arbitrary<Call> = fc.oneof(
  ...standing.map(({ weight, arbitrary }) => ({
    weight,
    arbitrary: fc.record({ op: one("setPolicy" as const), version, ...arbitrary }),
  })),
);

const demotePolicy: fc.Arbitrary<Call> = fc.oneof(
  fc.record({
    op: one("demotePolicy" as const),
    status: one("RETIRED" as const),
    graceSeconds: one(null),
  }),
  fc.record({
    op: one("demotePolicy" as const),
    status: one("GRACE" as const),
    graceSeconds: one(60, 60, 60, null),
  }),
);

const attest: fc.Arbitrary<Call> = fc.record({
  op: one("attest" as const),
  id: one(...attestationIds),
  instruction: one("a", "b", null),
  tenant: one(null, "t"),
  payloadHash: one("h", "h", "h", null),
  signatureHash: one(null, "s"),
});

const revoke: fc.Arbitrary<Call> = fc.record({
  op: one("revoke" as const),
  table: one("revokedCerts" as const, "revokedTokens"),
  id: one("x", "y"),
  expiresInSeconds: one(null, 60),
  reason: one(null, "stolen"),
  by: one(null, "admin"),
});

const tamper: fc.Arbitrary<Call> = fc.record({
  op: one("tamper" as const),
  ledger: one(...ledgers),
  verb: one(...tamperVerbs),
});

/** The calls on tables (contract 2): policies, attestations, revocations, and attempts to change a ledger. */
export const tableCalls = { insertPolicy, setPolicy, demotePolicy, attest, revoke, tamper } as const;
