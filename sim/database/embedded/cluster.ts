import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EnvironmentFault } from "../server.ts";
import type { RunFolder } from "./run-folder.ts";
import type { ServerUser } from "./server-user.ts";

/** A data directory with the programs that run it. */
export interface Cluster {
  readonly folder: RunFolder;
  readonly binaries: string;
  readonly user: ServerUser;
  /** Settings of postgresql.conf, over those of every cluster. */
  readonly settings: Readonly<Record<string, string>>;
}

export const superuser = "counterpoint";

/** What the harness wants of a server that nobody needs after the run. A crash here is a crash of processes, never of the
 *  machine, so nothing must reach the disk; synchronous_commit stays on, for the subject's promises rest on it.
 *  dynamic_shared_memory_type: the segments lie in the data directory and go with it, also after SIGKILL. */
const commonSettings = {
  listen_addresses: "''",
  unix_socket_permissions: "0700",
  // Eight lanes, each with two databases and eight sessions, a listener and an observer to each.
  max_connections: "170",
  shared_buffers: "64MB",
  dynamic_shared_memory_type: "mmap",
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "on",
  wal_level: "minimal",
  max_wal_senders: "0",
  autovacuum: "off",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  lc_messages: "C",
  log_min_messages: "warning",
};

/** Makes the data directory: about 1 s. */
export async function initialise(cluster: Cluster): Promise<void> {
  const { data } = cluster.folder;
  await runProgram(cluster, "initdb", [
    `--pgdata=${data}`,
    `--username=${superuser}`,
    "--locale=C",
    "--encoding=UTF8",
    "--auth=trust",
    "--no-sync",
  ]);
  const lines = Object.entries({
    ...commonSettings,
    ...cluster.settings,
    unix_socket_directories: `'${cluster.folder.path}'`,
  });
  appendFileSync(
    join(data, "postgresql.conf"),
    lines.map(([name, value]) => `${name} = ${value}\n`).join(""),
  );
}

/** Starts the server and returns when it takes connections: about 0.1 s. Rejects with an EnvironmentFault that ends with
 *  the last lines of the server's log. */
export async function startCluster(cluster: Cluster): Promise<void> {
  const { data, log } = cluster.folder;
  await runProgram(cluster, "pg_ctl", ["start", "-w", "-s", "-D", data, "-l", log]);
}

function runProgram(cluster: Cluster, name: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(cluster.binaries, "bin", name), args, {
      // The caller's folder may be closed to the server's user, and its environment (PGDATA, LD_LIBRARY_PATH) is not meant.
      // What starts a server stands where the server will stand: whoever ends that finds it at any moment.
      cwd: name === "initdb" ? "/" : cluster.folder.data,
      env: { LC_ALL: "C", TZ: "UTC" },
      // pg_ctl hands its output on to the server, which would hold a pipe open: only initdb's is read.
      stdio: ["ignore", "ignore", name === "initdb" ? "pipe" : "ignore"],
      ...(cluster.user.switchTo ?? {}),
    });
    let complaint = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.on("error", (cause) => {
      reject(
        new EnvironmentFault(`${name} cannot be run: ${cause.message}`, {
          cause,
        }),
      );
    });
    child.on("close", (code, killedBy) => {
      if (code === 0) resolve();
      else
        reject(
          new EnvironmentFault(
            `${name} ended with ${String(code ?? killedBy)}\n${complaint}${lastLines(cluster)}`,
          ),
        );
    });
  });
}

function lastLines({ folder: { log } }: Cluster): string {
  return existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n").slice(-10).join("\n") : "";
}
