import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { EnvironmentFault } from "../server.ts";

/** The user that the server's programs run as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
  /** Null: ourselves. PostgreSQL refuses to run as root, and then they are switched to this user. */
  readonly switchTo: { readonly uid: number; readonly gid: number } | null;
}

/** Ourselves, or for root the passwd file's postgres, or else nobody. */
export function serverUser(): ServerUser {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  if (uid === undefined || gid === undefined)
    throw new EnvironmentFault("the embedded server needs Linux or macOS");
  if (uid !== 0) return { uid, gid, switchTo: null };
  const other = passwdEntry("postgres") ?? passwdEntry("nobody");
  if (other === null) {
    throw new EnvironmentFault(
      "PostgreSQL does not run as root: run as an ordinary user, or add a user named postgres",
    );
  }
  return { ...other, switchTo: other };
}

/** True if the server's user can enter a folder, or run a file, and enter every folder above it: by owner and mode. */
export function canRun(user: ServerUser, path: string): boolean {
  if (user.switchTo === null) return ownAccess(path);
  for (let at = path; ; at = dirname(at)) {
    const { uid, gid, mode } = statSync(at);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function ownAccess(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function passwdEntry(name: string): { uid: number; gid: number } | null {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}
