import seedrandom from "seedrandom";
import { crowdRefs } from "./calls.ts";

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
  repair: 6,
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
const tableWeights: Weights = {
  ...usualWeights,
  enqueue: 6,
  claim: 4,
  complete: 6,
  repair: 2,
  insertPolicy: 10,
  setPolicy: 12,
  demotePolicy: 10,
  attest: 6,
  revoke: 6,
  tamper: 14,
  otherRoles: 12,
};

/** Features that a case may go without; enqueue stays, since nothing happens without it. */
const optional = Object.keys(usualWeights).filter((name) => name !== "enqueue") as (keyof Weights)[];

const crowdKeys = crowdRefs.length;

/** How a case is drawn. */
export interface Profile {
  readonly weights: Weights;
  /** How many sessions it has. */
  readonly sessions: number;
  /** How many different keys its calls speak of; more than the usual eight make a crowd. */
  readonly keys: number;
  /** Calls may park inside functions. */
  readonly yields: boolean;
  /** The server crashes. */
  readonly crashes: boolean;
  /** Some settings are not the server's own. */
  readonly settings: boolean;
  /** Some sessions prepare their calls. */
  readonly prepared: boolean;
  /** Steps that mean something together come together. */
  readonly phrases: boolean;
}

export const usualProfile: Omit<Profile, "sessions"> = {
  weights: usualWeights,
  keys: crowdKeys,
  yields: true,
  crashes: true,
  settings: true,
  prepared: true,
  phrases: true,
};

/** Most races need two or three sessions; more of them take longer. */
const usualSessions = 3;

/** Swarm testing: each case switches off a random part of the features, makes some of the rest more common, and speaks of
 *  more or fewer keys, so that rarer combinations come to the fore. It has at most as many sessions as said. */
export function swarm(seed: number, mostSessions: number): Omit<Profile, "yields" | "crashes"> {
  const random = seedrandom(`swarm ${seed}`);
  const weights: Record<keyof Weights, number> = { ...(random() < 0.15 ? tableWeights : usualWeights) };
  for (const name of optional) {
    const draw = random();
    if (draw < 0.12) weights[name] = 0;
    else if (draw > 0.85) weights[name] *= 3;
  }
  const keys = [1, 2, 3, 4, 8][Math.floor(random() * 5)] ?? 8;
  const [settings, prepared] = [random() < 0.25, random() < 0.25];
  const isCrowd = random() < 0.06;
  const sessions =
    random() < 0.7 ? Math.min(usualSessions, mostSessions) : 1 + Math.floor(random() * mostSessions);
  return { weights, keys: isCrowd ? crowdKeys : keys, settings, prepared, sessions, phrases: true };
}
