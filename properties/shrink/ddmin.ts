/** Delta debugging (Zeller and Hildebrandt, 2002): a subsequence that still fails, from which no single item can be left
 *  out; never the empty one. `fails` is asked only about shorter sequences than the last that failed. */
export async function ddmin<T>(
  items: readonly T[],
  fails: (candidate: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let current = items;
  let parts = 2;
  while (current.length >= 2) {
    const smaller = await firstFailing(complements(current, parts), fails);
    if (smaller !== null) {
      current = smaller;
      parts = Math.max(parts - 1, 2);
    } else if (parts >= current.length) {
      break;
    } else {
      parts = Math.min(parts * 2, current.length);
    }
  }
  return current;
}

/** The sequence without its first, second, ... last part; from the end, where most of the noise is. */
function complements<T>(items: readonly T[], parts: number): readonly (readonly T[])[] {
  const size = Math.ceil(items.length / parts);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) => [
    ...items.slice(0, part * size),
    ...items.slice((part + 1) * size),
  ]).reverse();
}

async function firstFailing<T>(
  candidates: readonly (readonly T[])[],
  fails: (candidate: readonly T[]) => Promise<boolean>,
): Promise<readonly T[] | null> {
  for (const candidate of candidates) if (await fails(candidate)) return candidate;
  return null;
}
