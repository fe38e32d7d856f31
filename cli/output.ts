import pico from "picocolors";
import type { Style } from "../reports/terminal/layout.ts";

/** Data goes to stdout. */
export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** The one document of --json. */
export function printJson(document: object): void {
  print(JSON.stringify(document, null, 2));
}

/** Everything else goes to stderr. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** For files. */
export const plainStyle: Style = pico.createColors(false);

/** Colours for what is printed: on a terminal only, unless the environment says otherwise. */
export function styleOf(stream: NodeJS.WriteStream): Style {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return plainStyle;
  if (FORCE_COLOR !== undefined) return pico.createColors(FORCE_COLOR !== "0" && FORCE_COLOR !== "false");
  return pico.createColors(stream.isTTY && TERM !== "dumb");
}

/** A reader that has seen enough (`| head`) is no fault: what is left is not printed, the exit code stays. */
export function tolerateClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
