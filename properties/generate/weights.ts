/** How often each kind of step comes, relative to the others; 0 switches it off. */
export interface Weights {
  readonly enqueue: number;
  readonly claim: number;
  readonly complete: number;
  readonly repair: number;
  readonly ceiling: number;
  readonly insertPolicy: number;
  readonly setPolicy: number;
  readonly demotePolicy: number;
  readonly attest: number;
  readonly revoke: number;
  readonly tamper: number;
  readonly begin: number;
  readonly commit: number;
  readonly rollback: number;
  readonly advance: number;
  readonly advanceTo: number;
  readonly terminate: number;
  readonly cancel: number;
  readonly lockTimeout: number;
  readonly loseAcknowledgement: number;
  /** And that it comes back. */
  readonly dropListener: number;
  /** Of roles and isolation levels other than the plainest. */
  readonly otherRoles: number;
  readonly otherIsolation: number;
  readonly ceilingSetting: number;
  readonly savepoint: number;
  readonly rollbackTo: number;
  readonly release: number;
}

export const usualWeights: Weights = {
  enqueue: 18,
  claim: 13,
  complete: 18,
  repair: 9,
  ceiling: 1,
  insertPolicy: 1,
  setPolicy: 1,
  demotePolicy: 1,
  attest: 1,
  revoke: 1,
  tamper: 1,
  begin: 8,
  commit: 6,
  rollback: 2,
  advance: 2,
  advanceTo: 8,
  terminate: 1,
  cancel: 1,
  lockTimeout: 1,
  loseAcknowledgement: 1,
  dropListener: 1,
  otherRoles: 1,
  otherIsolation: 4,
  ceilingSetting: 5,
  savepoint: 3,
  rollbackTo: 3,
  release: 1,
};

/** For the cases that are about policies and ledgers, with the roles that may write to them and those that may not. */
export const tableWeights: Weights = {
  ...usualWeights,
  enqueue: 6,
  claim: 4,
  complete: 6,
  repair: 2,
  insertPolicy: 12,
  setPolicy: 12,
  demotePolicy: 10,
  attest: 6,
  revoke: 6,
  tamper: 14,
  otherRoles: 12,
};

/** For the cases in which every role tries everything: a ledger can be tampered with in many ways. */
export const roleWeights: Weights = {
  ...usualWeights,
  enqueue: 8,
  claim: 8,
  complete: 8,
  repair: 8,
  ceiling: 4,
  insertPolicy: 6,
  setPolicy: 6,
  demotePolicy: 6,
  attest: 6,
  revoke: 12,
  tamper: 24,
  begin: 2,
  commit: 2,
  rollback: 1,
  otherRoles: 80,
};
