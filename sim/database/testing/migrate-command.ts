import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { superuser } from "../embedded/cluster.ts";
import type { EmbeddedServer } from "../embedded/provider.ts";
import type { OwnDatabase } from "../own-database.ts";

const bin = fileURLToPath(new URL("../../../bin/counterpoint.mjs", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** stdout and stderr. */
  readonly output: string;
}

export interface MigrateProcess {
  readonly ended: Promise<Ended>;
  readonly isRunning: () => boolean;
  readonly kill: () => void;
}

/** Starts `counterpoint migrate` as its users do, on one database of the server. */
export function startMigrate(server: EmbeddedServer, database: OwnDatabase): MigrateProcess {
  const url = `postgresql://${superuser}@${encodeURIComponent(server.socketFolder)}:5432/${database.name}`;
  const child = spawn(process.execPath, [bin, "migrate", "--database-url", url], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  return {
    ended: new Promise((resolve) => {
      child.on("close", (code, signal) => {
        resolve({ code, signal, output });
      });
    }),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: () => child.kill("SIGKILL"),
  };
}
