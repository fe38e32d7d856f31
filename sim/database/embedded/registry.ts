import { leash, type Release } from "./leash.ts";
import { removeRunFolder, type RunFolder } from "./run-folder.ts";

/** The run folders of this process that were not removed yet. */
const registered = new Map<RunFolder, Release>();

/** From now on the folder and its server end with this process, however it ends. */
export function register(folder: RunFolder): void {
  if (registered.size === 0) process.on("exit", stopAllEmbedded);
  registered.set(folder, leash(folder));
}

/** Ends a registered folder's server and removes its files; nothing when that was done already. */
export function discard(folder: RunFolder): void {
  const release = registered.get(folder);
  if (release === undefined) return;
  removeRunFolder(folder);
  release();
  registered.delete(folder);
  if (registered.size === 0) process.off("exit", stopAllEmbedded);
}

/** Ends every embedded server of this process that still runs and removes its files. Synchronous, so it can be called
 *  from an exit handler, where it is registered by itself; never throws, never changes the exit code. */
export function stopAllEmbedded(): void {
  for (const folder of [...registered.keys()]) {
    try {
      discard(folder);
    } catch {
      // The others still have to go; the leash and the next start's sweep have this one.
    }
  }
}
