import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { ConnectionLost } from "../connection.ts";
import { connect } from "../pg-connection.ts";
import { EnvironmentFault } from "../server.ts";
import { packagedBinaries } from "./binaries.ts";
import { superuser } from "./cluster.ts";
import { embeddedProvider, type EmbeddedServer } from "./provider.ts";
import { serverProcesses } from "./server-processes.ts";

const fixture = fileURLToPath(new URL("child.fixture.ts", import.meta.url));
const scratch: string[] = [];
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const folder of scratch.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe("the embedded server", () => {
  it("is gone after stop(), which may be called twice, also with paused backends", async () => {
    const server = await embeddedProvider().start();
    const connection = await server.connect(null);
    server.backends.pause(connection.pid);
    await server.stop();
    await server.stop();
    expectGone(server.socketFolder, connection.pid);
  });

  it("listens on no port, and its folder is closed to other users", () =>
    withServer({}, async (server) => {
      const connection = await server.connect(null);
      expect((await connection.run("show listen_addresses"))[0]?.rows).toEqual([{ listen_addresses: "" }]);
      expect(statSync(server.socketFolder).mode & 0o777).toBe(0o700);
      await connection.close();
    }));

  it("comes back after a crash with what was committed", () =>
    withServer({}, async (server) => {
      const connection = await server.connect(null);
      await connection.run("create table t (n int); insert into t values (1)");
      await connection.run("begin; insert into t values (2)");
      await server.crash();
      await expect(connection.run("commit")).rejects.toBeInstanceOf(ConnectionLost);
      const again = await server.connect(null);
      expect((await again.run("select n from t"))[0]?.rows).toEqual([{ n: 1 }]);
      await again.close();
    }));

  it("pauses and resumes its backends, and no other process", () =>
    withServer({}, async (server) => {
      const connection = await server.connect(null);
      server.backends.pause(connection.pid);
      let answered = false;
      const answer = connection.run("select 1").then(() => (answered = true));
      const other = await server.connect(null);
      for (let i = 0; i < 50; i += 1) await other.run("select 1");
      expect(answered).toBe(false);
      server.backends.resume(connection.pid);
      await answer;
      const stranger = spawn("sleep", ["60"]);
      children.push(stranger);
      expect(() => {
        server.backends.pause(stranger.pid ?? 0);
      }).toThrow(/no backend of this server/);
      await Promise.all([connection.close(), other.close()]);
    }));

  it("that cannot start says why, and leaves nothing", async () => {
    const before = runFolders();
    const fault = await embeddedProvider({ settings: { shared_buffers: "'much'" } })
      .start()
      .catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(EnvironmentFault);
    expect((fault as Error).message).toContain('invalid value for parameter "shared_buffers": "much"');
    expect(runFolders()).toEqual(before);
  });

  it("that is not there says which file is missing", async () => {
    const start = embeddedProvider({ binaries: scratchFolder() }).start();
    await expect(start).rejects.toThrow(/bin\/postgres is missing/);
  });
});

describe("the binaries", () => {
  it("get the links that the package's install script did not make", async () => {
    const native = await copyOfBinaries();
    const links = removeLinks(native);
    expect(links.length).toBeGreaterThan(0);
    await withServer({ binaries: native }, () => Promise.resolve());
    for (const link of links) expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it("are copied where the server's user cannot enter their folder, or the links cannot be made in it", async () => {
    const native = await copyOfBinaries();
    removeLinks(native);
    chmodSync(join(native, "lib"), 0o555);
    chmodSync(join(native, "bin", "postgres"), 0o700);
    chmodSync(dirname(native), process.getuid?.() === 0 ? 0o700 : 0o755);
    await withServer({ binaries: native }, (server) => {
      expect(existsSync(join(server.socketFolder, "native"))).toBe(true);
      return Promise.resolve();
    });
    chmodSync(join(native, "lib"), 0o755);
  });
});

describe("the end of the process that started a server", () => {
  it("by itself keeps its exit code, and the server goes", async () => {
    const { child, told } = await startChild("end");
    expect(await exitOf(child)).toEqual([4, null]);
    expectGone(told.folder, told.backend);
  });

  it("by an uncaught error takes the server along", async () => {
    const { child, told } = await startChild("throw");
    expect(await exitOf(child)).toEqual([1, null]);
    expectGone(told.folder, told.backend);
  });

  it("by SIGKILL: the leash ends the server, paused backends and all", async () => {
    const { child, told } = await startChild("hang");
    child.kill("SIGKILL");
    await untilGone(told.folder);
    expectGone(told.folder, told.backend);
  });

  it("by SIGKILL, the leash too: the next start sweeps it", async () => {
    const { child, told } = await startChild("hang");
    const leash = leashOf(told.folder);
    process.kill(leash, "SIGKILL");
    child.kill("SIGKILL");
    await exitOf(child);
    expect(serverProcesses(join(told.folder, "data"))).toContain(told.backend);
    await withServer({}, () => Promise.resolve());
    expectGone(told.folder, told.backend);
  });

  it("does not come by another run's start", async () => {
    const { child, told } = await startChild("hang");
    await withServer({}, () => Promise.resolve());
    const settings = { host: told.folder, port: 5432, user: superuser, database: "postgres", ssl: false };
    const connection = await connect(settings);
    expect((await connection.run("select 1 as one"))[0]?.rows).toEqual([{ one: 1 }]);
    await connection.close();
    child.kill("SIGKILL");
    await untilGone(told.folder);
  });
});

describe("an ordinary user", () => {
  it("runs the server as itself", async () => {
    const { child, told } = await startChild("stop", asOrdinaryUser);
    expect(await exitOf(child)).toEqual([0, null]);
    expect(told.uid).not.toBe(0);
    expectGone(told.folder, told.backend);
  });
});

type Command = readonly [string, readonly string[], SpawnOptions];
const asOurselves = (args: readonly string[]): Command => [process.execPath, args, {}];

/** For root another user's process. It may lack the right to read this folder (a clone below /root): setpriv leaves it
 *  the one capability to read. */
function asOrdinaryUser(args: readonly string[]): Command {
  if (process.getuid?.() !== 0) return asOurselves(args);
  const uid = 65534;
  const readable =
    spawnSync("/bin/sh", ["-c", `test -r '${fixture}'`], { uid, gid: uid, cwd: "/" }).status === 0;
  if (readable) return [process.execPath, args, { uid, gid: uid }];
  const capability = ["--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"];
  const user = [`--reuid=${String(uid)}`, `--regid=${String(uid)}`, "--clear-groups"];
  return ["setpriv", [...user, ...capability, process.execPath, ...args], {}];
}

interface Told {
  readonly folder: string;
  readonly backend: number;
  readonly uid: number;
}

async function startChild(
  how: string,
  as: (args: readonly string[]) => Command = asOurselves,
): Promise<{ child: ChildProcess; told: Told }> {
  const [program, args, options] = as(["--import", "tsx", fixture, how]);
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const told = await new Promise<Told>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => {
      resolve(JSON.parse(chunk.toString()) as Told);
    });
    child.once("exit", () => {
      reject(new Error(`ended before it said anything: ${complaint}`));
    });
  });
  return { child, told };
}

async function exitOf(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return [child.exitCode, child.signalCode];
}

function expectGone(folder: string, backend: number): void {
  expect(existsSync(folder)).toBe(false);
  expect(serverProcesses(join(folder, "data"))).toEqual([]);
  expect(() => process.kill(backend, 0)).toThrow(/ESRCH/);
}

async function untilGone(folder: string): Promise<void> {
  await expect.poll(() => existsSync(folder), { timeout: 20_000, interval: 50 }).toBe(false);
}

/** The leash's process, found by its command line. */
function leashOf(folder: string): number {
  const { stdout } = spawnSync("ps", ["-axo", "pid=,args="], { encoding: "utf8" });
  const line = stdout.split("\n").find((row) => row.endsWith(`counterpoint-leash ${folder}`));
  return Number(/\d+/.exec(line ?? "")?.[0]);
}

async function withServer(
  options: Parameters<typeof embeddedProvider>[0],
  action: (server: EmbeddedServer) => Promise<void>,
): Promise<void> {
  const server = await embeddedProvider(options).start();
  await action(server).finally(() => server.stop());
}

/** Those of this process: others may run at the same time. */
function runFolders(): string[] {
  const parent = join(tmpdir(), `counterpoint-${String(process.getuid?.())}`);
  const ours = (name: string): boolean => name.split(".")[1] === process.pid.toString(36);
  return existsSync(parent) ? readdirSync(parent).filter(ours) : [];
}

function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "counterpoint-test-"));
  chmodSync(folder, 0o755);
  scratch.push(folder);
  return folder;
}

async function copyOfBinaries(): Promise<string> {
  const native = join(scratchFolder(), "native");
  cpSync(await packagedBinaries(), native, { recursive: true, verbatimSymlinks: true });
  return native;
}

/** As with --ignore-scripts. */
function removeLinks(native: string): string[] {
  const list = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as { target: string }[];
  const links = list.map(({ target }) => join(native, "..", target));
  for (const link of links) rmSync(link, { force: true });
  return links;
}
