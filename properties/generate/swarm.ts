import seedrandom from "seedrandom";
import { crowdRefs } from "./calls.ts";
import { roleWeights, tableWeights, usualWeights, type Weights } from "./weights.ts";

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
  /** Steps of a row are turned to one that they probably can do something to. */
  readonly aimed: boolean;
  /** A call has as often an odd argument as none. */
  readonly oddArguments: boolean;
  /** It has as many steps as it may; else any number up to that. */
  readonly long: boolean;
}

export const usualProfile: Omit<Profile, "sessions"> = {
  weights: usualWeights,
  keys: crowdKeys,
  yields: true,
  crashes: true,
  settings: true,
  prepared: true,
  phrases: true,
  aimed: true,
  oddArguments: false,
  long: false,
};

/** Most races need two or three sessions; more of them take longer. */
const usualSessions = 3;

export type Swarm = Omit<Profile, "yields" | "crashes">;

/** What cases are about, and the shares of those that are about something special. */
const themes: readonly { readonly share: number; readonly of: Partial<Swarm> & Pick<Swarm, "weights"> }[] = [
  { share: 0.18, of: { weights: tableWeights } },
  { share: 0.1, of: { weights: roleWeights, phrases: false } },
  { share: 0.08, of: { weights: usualWeights, phrases: false, oddArguments: true } },
];

function themeOf(draw: number): Partial<Swarm> & Pick<Swarm, "weights"> {
  let rest = draw;
  for (const { share, of } of themes) {
    if (rest < share) return of;
    rest -= share;
  }
  return { weights: usualWeights };
}

/** Swarm testing: each case has a theme, switches off a random part of the features, makes some of the rest more common, and
 *  speaks of more or fewer keys, so that rarer combinations come to the fore. It has at most as many sessions as said.
 *
 *  @param yields fewer themes: what they are about is seen without */
export function swarm(seed: number, mostSessions: number, yields = false): Swarm {
  const random = seedrandom(`swarm ${seed}`);
  const theme = themeOf(random() * (yields ? 4 : 1));
  const weights: Record<keyof Weights, number> = { ...theme.weights };
  for (const name of optional) {
    const draw = random();
    if (draw < 0.12) weights[name] = 0;
    else if (draw > 0.85) weights[name] *= 3;
  }
  const keys = [1, 2, 4, 8, 8][Math.floor(random() * 5)] ?? 8;
  const [settings, prepared] = [random() < 0.25, random() < 0.25];
  const isCrowd = random() < 0.06;
  const sessions =
    random() < 0.7 ? Math.min(usualSessions, mostSessions) : 1 + Math.floor(random() * mostSessions);
  return {
    ...usualProfile,
    ...theme,
    weights,
    keys: isCrowd ? crowdKeys : keys,
    settings,
    prepared,
    sessions,
  };
}
