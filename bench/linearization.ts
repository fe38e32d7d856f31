/** How long the search for a linearization takes: 1,000 operations by 8 sessions, for three kinds of model. Prints a line for
 *  each: `node --import tsx bench/linearization.ts`. */
import seedrandom from "seedrandom";
import { linearize } from "../model/linearization.ts";
import { type Access, claims, playedBy, register, store } from "../properties/model/concurrent-histories.ts";
import type { SequentialModel, TimedPoint } from "../model/sequential-model.ts";

const histories = 50;
const limit = 10_000_000;
const sizes = { sessions: 8, operations: 1_000 };

function measure<S, P>(
  name: string,
  model: SequentialModel<S, P>,
  make: (chance: () => number) => readonly TimedPoint<P>[],
): void {
  const runs = Array.from({ length: histories }, (_, index) => {
    const points = make(seedrandom(`${name} ${index}`));
    const start = performance.now();
    const { verdict, visited } = linearize(points, model, limit);
    if (verdict !== "ok") throw new Error(`${name}, history ${index}: ${verdict}`);
    return { milliseconds: performance.now() - start, visited };
  });
  const times = runs.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const visited = runs.map((run) => run.visited).sort((a, b) => a - b);
  const [median, worst] = [times[histories / 2] ?? 0, times.at(-1) ?? 0];
  console.log(
    `${name.padEnd(10)} median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms; ` +
      `states visited: median ${visited[histories / 2] ?? 0}, most ${visited.at(-1) ?? 0}`,
  );
}

const access =
  (keys: number) =>
  (chance: () => number): readonly TimedPoint<Access>[] =>
    playedBy(sizes, store(keys), chance);

console.log(`${sizes.operations} operations by ${sizes.sessions} sessions, ${histories} histories each`);
measure("register", register, access(1));
measure("key-value", store(10).model, access(10));
measure("outbox", claims.model, (chance) => playedBy(sizes, claims, chance));
