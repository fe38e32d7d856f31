import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../bin/counterpoint.mjs", import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** When stderr has the text. Rejects when the command ends without it. */
  stderrHas(text: string): Promise<void>;
}

/** Starts the real command line as a user's shell would; settings of this machine's environment are left out. */
export function startCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input: "ended" | "open" = "ended",
): Running {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...process.env, DATABASE_URL: "", NO_COLOR: "1", FORCE_COLOR: undefined, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  if (input === "ended") child.stdin.end();
  let [stdout, stderr] = ["", ""];
  const watchers = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    for (const watcher of watchers) watcher();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  const stderrHas = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const watcher = (): void => {
        if (stderr.includes(text)) resolve();
      };
      watchers.add(watcher);
      watcher();
      void ended.then(() => {
        reject(new Error(`ended without saying "${text}": ${stderr}`));
      });
    });
  return { process: child, ended, stderrHas };
}

export function runCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return startCli(args, env).ended;
}

/** A temporary folder that the server's user can enter too. The caller removes it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cli-"));
  chmodSync(folder, 0o755);
  return folder;
}
