import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EnvironmentFault } from "../server.ts";
import { hasEnded, ownIdentity, type ProcessIdentity } from "../process-identity.ts";
import { endServer } from "./server-processes.ts";
import { canRun, type ServerUser } from "./server-user.ts";

/** The longest path of a unix socket, in bytes: 107 on Linux, 103 on macOS. */
const socketPathBytes = 103;
const socketName = ".s.PGSQL.5432";

/** Where one server keeps its data, socket and log. Gone after stop(). */
export interface RunFolder {
  readonly path: string;
  readonly data: string;
  readonly log: string;
}

/** Makes a run folder that only the server's user can enter. */
export function makeRunFolder(user: ServerUser): RunFolder {
  const path = join(parentFolder(user), folderName(ownIdentity()));
  const bytes = Buffer.byteLength(join(path, socketName));
  if (bytes > socketPathBytes)
    throw new EnvironmentFault(`the temporary folder's path is too long for a socket: ${path}`);
  mkdirSync(path, { mode: 0o700 });
  if (user.switchTo !== null) chownSync(path, user.uid, user.gid);
  return layout(path);
}

/** Ends the server of a run folder, if one runs, and removes the folder. Synchronous, for exit handlers. */
export function removeRunFolder(folder: RunFolder): void {
  endServer(folder.data);
  rmSync(folder.path, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes what processes left behind that were killed: their servers and folders. Returns the folders. Those of living
 *  processes stay, and so do those whose owner cannot be judged from here. */
export function sweepRunFolders(user: ServerUser): string[] {
  const parent = parentFolder(user);
  const dead = readdirSync(parent).filter((name) => {
    const owner = ownerOf(name);
    return owner !== null && hasEnded(owner);
  });
  const paths = dead.map((name) => join(parent, name));
  for (const path of paths) removeRunFolder(layout(path));
  return paths;
}

const layout = (path: string): RunFolder => ({
  path,
  data: join(path, "data"),
  log: join(path, "log"),
});

/** The owner is in the folder's name, so that the folder never exists without it, not even for a moment. Numbers in base
 *  36, for the path must be short. */
function folderName({ namespace, pid, started }: ProcessIdentity): string {
  const start = /^\d+$/.test(started)
    ? Number(started).toString(36)
    : Buffer.from(started).toString("base64url");
  return [Number(namespace).toString(36), pid.toString(36), start, randomBytes(2).toString("hex")].join(".");
}

function ownerOf(name: string): ProcessIdentity | null {
  const [namespace, pid, start, random] = name.split(".");
  if (namespace === undefined || pid === undefined || start === undefined || random === undefined)
    return null;
  const linux = process.platform === "linux";
  return {
    namespace: linux ? String(parseInt(namespace, 36)) : "",
    pid: parseInt(pid, 36),
    started: linux ? String(parseInt(start, 36)) : Buffer.from(start, "base64url").toString(),
  };
}

/** One folder for each user of the machine, in the system's temporary folder or, where the server's user cannot enter
 *  that or its path is long, in /tmp. */
function parentFolder(user: ServerUser): string {
  const temporary = realpathSync(tmpdir());
  const usable = temporary.length < 50 && canRun(user, temporary) ? temporary : realpathSync("/tmp");
  const parent = join(usable, `counterpoint-${String(process.getuid?.())}`);
  mkdirSync(parent, { mode: 0o711, recursive: true });
  checkOwned(parent);
  chmodSync(parent, 0o711); // the umask may have taken the bit that lets the server's user through
  return parent;
}

/** Anybody may have made that name in /tmp before us: what is not ours, or not a folder, is not used. */
function checkOwned(parent: string): void {
  const { uid } = lstatSync(parent);
  if (!lstatSync(parent).isDirectory() || uid !== process.getuid?.()) {
    throw new EnvironmentFault(`${parent} exists and is not a folder of this user: remove it`);
  }
}
