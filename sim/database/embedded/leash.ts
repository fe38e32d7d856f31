import { spawn } from "node:child_process";
import type { RunFolder } from "./run-folder.ts";

/** Waits on its standard input: a word lets it go, the end of the pipe means that we died, even by SIGKILL. Then it ends
 *  the server as endServer does and removes the folder. A shell, for it costs 1 MB and 2 ms where Node would cost 40. */
const script = `
pids() {
  for process in /proc/[0-9]*; do
    [ "$process/cwd" -ef "$1/data" ] && echo "\${process#/proc/}"
  done
  [ -d /proc/self ] || pgrep -f "postgres -D $1/data"
  :
}
alive() {
  for process in $found; do kill -0 "$process" && return 0; done
  return 1
}
read -r word && exit 0
while found=$(pids "$1") && [ -n "$found" ]; do
  kill -CONT $found
  kill -QUIT $found
  tries=0
  while alive && [ $tries -lt 100 ]; do sleep 0.02; tries=$((tries + 1)); done
  kill -KILL $found
done
rm -rf "$1"
`;

/** Lets a server that ended well go. */
export type Release = () => void;

/** Ties a run folder and its server to the life of this process, so that nothing is left running even after SIGKILL. */
export function leash({ path }: RunFolder): Release {
  const child = spawn("/bin/sh", ["-c", script, "counterpoint-leash", path], {
    detached: true, // Ctrl-C goes to the whole foreground group, and this one has to outlive us
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without the leash the next start still sweeps; and neither the child nor its pipe may keep this process alive.
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  child.unref();
  (child.stdin as typeof child.stdin & { unref(): void }).unref();
  return () => child.stdin.end("done\n");
}
