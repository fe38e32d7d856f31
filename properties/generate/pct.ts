import type { Step } from "../../sim/schedule.ts";

/** Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, 2010): of the programs that have steps
 *  left, always the one of the highest priority goes on; at `depth` - 1 places, drawn beforehand, the one whose turn it is
 *  falls below all others. A bug of that depth among n programs of k steps is met with a probability of at least
 *  1 / (n k^(depth-1)). `random`: 0 to below 1. */
export function pctOrder(
  programs: readonly (readonly Step[])[],
  depth: number,
  random: () => number,
): readonly Step[] {
  const total = programs.reduce((sum, program) => sum + program.length, 0);
  const priorities = shuffled([...programs.keys()], random);
  const changes = new Set(Array.from({ length: depth - 1 }, () => Math.floor(random() * total)));
  const left = programs.map((program) => [...program]);
  const order: Step[] = [];
  while (order.length < total) {
    if (changes.delete(order.length)) fallBelow(priorities, left);
    const step = left[priorities.find(hasSteps(left)) ?? -1]?.shift();
    if (step === undefined) throw new Error("a program has lost a step");
    order.push(step);
  }
  return order;
}

function fallBelow(priorities: number[], left: readonly (readonly Step[])[]): void {
  const at = priorities.findIndex(hasSteps(left));
  priorities.push(...priorities.splice(at, 1));
}

function hasSteps(left: readonly (readonly Step[])[]): (program: number) => boolean {
  return (program) => (left[program]?.length ?? 0) > 0;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(Math.floor(random() * rest.length), 1));
}
