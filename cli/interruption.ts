import { constants } from "node:os";

const signalNames = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A signal's wish that the run ends early. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Which one it was; null when there was none. */
  name(): NodeJS.Signals | null;
  /** 128 + the signal's number, as a shell reports it; null when there was none. */
  exitCode(): number | null;
  /** Signals have their usual effect again. */
  dispose(): void;
}

/** The first signal asks the run to stop, report and clean up; a second one ends the process at once. Embedded servers end
 *  with it even then: their exit handler is synchronous. */
export function onInterruption(say: (text: string) => void): Interruption {
  const controller = new AbortController();
  let first: NodeJS.Signals | null = null;
  const listener = (name: NodeJS.Signals): void => {
    if (first !== null) process.exit(codeOf(name));
    first = name;
    say(`${name}: stopping, what was found follows; once more quits at once`);
    controller.abort();
  };
  for (const name of signalNames) process.on(name, listener);
  return {
    signal: controller.signal,
    name: () => first,
    exitCode: () => (first === null ? null : codeOf(first)),
    dispose: () => {
      for (const name of signalNames) process.off(name, listener);
    },
  };
}

function codeOf(name: NodeJS.Signals): number {
  return 128 + constants.signals[name];
}
