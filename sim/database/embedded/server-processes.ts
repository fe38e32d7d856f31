import { spawnSync } from "node:child_process";
import { readdirSync, readlinkSync } from "node:fs";

/** How long a postmaster gets for an immediate shutdown before it is killed. It needs about 10 ms. */
const shutdownMs = 3000;
const pollMs = 2;

/** Process ids of a cluster's postmaster and backends, postmaster or not: every PostgreSQL process stands in its data
 *  directory. So a reused process id cannot be taken for one, and backends whose postmaster died are found too. */
export function serverProcesses(dataDirectory: string): number[] {
  return process.platform === "linux" ? linuxProcesses(dataDirectory) : psProcesses(dataDirectory);
}

/** True if that process is one of the cluster's. */
export function isServerProcess(pid: number, dataDirectory: string): boolean {
  return process.platform === "linux"
    ? standsIn(dataDirectory, String(pid))
    : psProcesses(dataDirectory).includes(pid);
}

/** Ends a cluster at once and for sure, as a crash would, and returns when no process of it is left. Synchronous, for it
 *  must work in an exit handler. Stopped backends are continued first: they would not hear the signal. */
export function endServer(dataDirectory: string): void {
  signal(serverProcesses(dataDirectory), "SIGCONT");
  // An immediate shutdown rather than SIGKILL, which leaves the postmaster's shared memory segment behind for ever.
  signal(serverProcesses(dataDirectory), "SIGQUIT");
  for (let waitedMs = 0; waitedMs < shutdownMs; waitedMs += pollMs) {
    if (serverProcesses(dataDirectory).length === 0) return;
    sleepSync(pollMs);
  }
  while (serverProcesses(dataDirectory).length > 0) {
    signal(serverProcesses(dataDirectory), "SIGKILL");
    sleepSync(pollMs);
  }
}

/** Sends a signal to each process that still exists. */
export function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

function sleepSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function linuxProcesses(dataDirectory: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && standsIn(dataDirectory, name))
    .map(Number);
}

function standsIn(folder: string, pid: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false; // ended meanwhile, a zombie, or somebody else's
  }
}

/** Without /proc: the postmaster has the data directory on its command line, and backends are its children. */
function psProcesses(dataDirectory: string): number[] {
  const { stdout } = spawnSync("ps", ["-axo", "pid=,ppid=,command="], {
    encoding: "utf8",
  });
  const rows = stdout
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((row) => row !== null)
    .map(([, pid, parent, command]) => ({
      pid: Number(pid),
      parent: Number(parent),
      command: command ?? "",
    }));
  const postmasters = rows
    .filter(({ command }) => command.includes(`-D ${dataDirectory}`))
    .map(({ pid }) => pid);
  return rows
    .filter(({ pid, parent }) => postmasters.includes(pid) || postmasters.includes(parent))
    .map(({ pid }) => pid);
}
