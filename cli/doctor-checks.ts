import { access, constants, statfs } from "node:fs/promises";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { stopwatch } from "../sim/clock/stopwatch.ts";
import { missingLinks, packagedBinaries } from "../sim/database/embedded/binaries.ts";
import { embeddedProvider } from "../sim/database/embedded/provider.ts";
import { serverUser } from "../sim/database/embedded/server-user.ts";
import { loadParser, statementsOf } from "../sim/database/sql-text.ts";
import { urlProvider } from "../sim/database/url.ts";

/** What a check found, and where it is not well what to do. */
export interface Finding {
  readonly state: "ok" | "warn" | "fail";
  readonly detail: string;
}

export interface Check {
  readonly name: string;
  /** A rejection is a failure, its message the detail. */
  readonly check: () => Promise<Finding>;
}

const ok = (detail: string): Finding => ({ state: "ok", detail });
const megabyte = 1024 * 1024;
const neededMegabytes = 300;

/** In the order in which a run needs them. */
export const checks: readonly Check[] = [
  { name: "Node.js", check: node },
  { name: "user", check: user },
  { name: "temporary folder", check: temporaryFolder },
  { name: "embedded PostgreSQL", check: binaries },
  { name: "embedded server", check: embeddedServer },
  { name: "SQL parser", check: parser },
  { name: "DATABASE_URL", check: databaseUrl },
  { name: "Docker", check: docker },
];

function node(): Promise<Finding> {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  const detail = enough
    ? process.versions.node
    : `${process.versions.node} is too old: install 20.19 or later`;
  return Promise.resolve({ state: enough ? "ok" : "fail", detail });
}

async function user(): Promise<Finding> {
  const { switchTo, uid } = await Promise.resolve(serverUser());
  return ok(
    switchTo === null ? `the server runs as this user (${uid})` : `root; the server runs as user ${uid}`,
  );
}

async function temporaryFolder(): Promise<Finding> {
  const folder = tmpdir();
  await access(folder, constants.W_OK);
  const { bavail, bsize } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / megabyte);
  const detail = `${folder}, ${free} MB free`;
  if (free >= neededMegabytes) return ok(detail);
  return { state: "fail", detail: `${detail}: a run needs ${neededMegabytes}; make room, or set TMPDIR` };
}

async function binaries(): Promise<Finding> {
  const native = await packagedBinaries();
  const { length } = missingLinks(native);
  if (length === 0) return ok(native);
  const advice =
    "approve the package's install script and run npm ci; until then each run makes them, or a copy";
  return { state: "warn", detail: `${native}: ${length} links of its libraries are missing; ${advice}` };
}

/** The one check that shows that package, links, user and folder go together. */
async function embeddedServer(): Promise<Finding> {
  const elapsed = stopwatch();
  const server = await embeddedProvider().start();
  await server.stop();
  return ok(`PostgreSQL ${server.version} started and stopped in ${elapsed().toFixed(1)} s`);
}

async function parser(): Promise<Finding> {
  await loadParser();
  statementsOf("SELECT 1");
  return ok("libpg-query loads");
}

async function databaseUrl(): Promise<Finding> {
  const url = process.env["DATABASE_URL"];
  if (url === undefined || url === "") return ok("not set: runs use the embedded server");
  const server = await urlProvider(url).start();
  await server.stop();
  return ok(`${server.description}: PostgreSQL ${server.version}, as superuser`);
}

async function docker(): Promise<Finding> {
  const socket = "/var/run/docker.sock";
  if (process.env["DOCKER_HOST"] !== undefined) return ok("DOCKER_HOST is set");
  if (await answers(socket)) return ok(`${socket} answers`);
  return { state: "warn", detail: "none found: only --provider container needs it" };
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}
