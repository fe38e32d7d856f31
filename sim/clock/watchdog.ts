/** Nothing was heard from the server for so long that the run can't be judged. Never a pass: the verdict is unknown. */
export class Stuck extends Error {
  override readonly name = "Stuck";
}

/** The promise's result, or Stuck after `limitMs` of real time. No blocked session is found this way: the server says that. */
export async function watched<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Stuck(`${what}: no answer within ${limitMs / 1000} s`));
    }, limitMs);
  });
  try {
    return await Promise.race([promise, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
