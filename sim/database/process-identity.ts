import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

/** One process of this machine for good: a process id alone comes back after some time. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own words; only ever compared. */
  readonly started: string;
  /** The pid namespace the number belongs to, "" where there is no such thing. */
  readonly namespace: string;
}

/** The running process. Throws where its own start cannot be read. */
export function ownIdentity(): ProcessIdentity {
  const started = startOf(process.pid);
  if (started === null) throw new Error(`cannot read when process ${String(process.pid)} started`);
  return { pid: process.pid, started, namespace: ownNamespace() };
}

/** True if that process has ended for sure. A process of another pid namespace (a container that shares our temporary
 *  folder) cannot be seen from here and counts as living. */
export function hasEnded(process: ProcessIdentity): boolean {
  return process.namespace === ownNamespace() && startOf(process.pid) !== process.started;
}

function ownNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "";
  } catch {
    return "";
  }
}

function startOf(pid: number): string | null {
  return process.platform === "linux" ? linuxStart(pid) : psStart(pid);
}

/** Field 22 of /proc/<pid>/stat: clock ticks since boot. The fields are counted after the command's name, which may hold
 *  blanks and parentheses. A zombie has ended: it runs no code any more. */
function linuxStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function psStart(pid: number): string | null {
  const { stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], {
    encoding: "utf8",
  });
  return stdout.trim().replaceAll(/\s+/g, "-") || null;
}
