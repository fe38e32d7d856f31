import { type Swarm, usualProfile } from "./swarm.ts";
import { tableWeights, usualWeights } from "./weights.ts";

const plain: Swarm = {
  ...usualProfile,
  weights: { ...usualWeights, otherRoles: 0, otherIsolation: 0 },
  sessions: 1,
  keys: 4,
  settings: false,
  prepared: false,
  long: true,
};

const kinds: readonly Swarm[] = [
  plain,
  { ...plain, sessions: 2 },
  { ...plain, phrases: false, oddArguments: true },
  { ...plain, sessions: 2, weights: tableWeights },
];

/** How often each kind comes. */
const rounds = 2;

/** The first cases of a campaign are plain: one session or two, and long. What is grossly wrong shows at once, and is easy to
 *  read. Null for a case that is not one of them. */
export function firstProfile(index: number, mostSessions: number): Swarm | null {
  const kind = index < rounds * kinds.length ? kinds[index % kinds.length] : undefined;
  return kind === undefined ? null : { ...kind, sessions: Math.min(kind.sessions, mostSessions) };
}
