import { removeRunFolder, type RunFolder } from "./run-folder.ts";

/** The run folders of this process that were not stopped yet. */
const registered = new Set<RunFolder>();

/** From now on the folder and its server end with this process, however it ends short of SIGKILL. */
export function register(folder: RunFolder): void {
  if (registered.size === 0) process.on("exit", stopAllEmbedded);
  registered.add(folder);
}

export function unregister(folder: RunFolder): void {
  registered.delete(folder);
  if (registered.size === 0) process.off("exit", stopAllEmbedded);
}

/** Ends every embedded server of this process that still runs and removes its files. Synchronous, so it can be called
 *  from an exit handler, where it is registered by itself; never changes the exit code. */
export function stopAllEmbedded(): void {
  for (const folder of registered) {
    try {
      removeRunFolder(folder);
    } catch {
      // The others still have to go; the next start sweeps this one.
    }
    unregister(folder);
  }
}
