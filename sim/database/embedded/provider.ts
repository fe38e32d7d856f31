import { connect } from "../pg-connection.ts";
import type { Connection } from "../connection.ts";
import type { BackendControl, CrashableProvider, CrashableServer, Provider } from "../server.ts";
import { readVersion } from "../version.ts";
import { type Major, packagedBinaries, runnableBinaries } from "./binaries.ts";
import { initialise, startCluster, superuser, type Cluster } from "./cluster.ts";
import { discard, register } from "./registry.ts";
import { makeRunFolder, sweepRunFolders, type RunFolder } from "./run-folder.ts";
import { endServer, isServerProcess, signal } from "./server-processes.ts";
import { serverUser } from "./server-user.ts";

export interface EmbeddedOptions {
  /** Of the packaged binaries; the newest when left out. */
  readonly major?: Major;
  /** Folder with bin/, lib/ and share/ of another PostgreSQL; the package of this platform when left out. */
  readonly binaries?: string;
  /** Lines of postgresql.conf, over the harness's own. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A server of our own, with its crash: INV-20 needs one. */
export interface EmbeddedServer extends CrashableServer {
  readonly provider: "embedded";
  readonly backends: BackendControl;
  /** Where the socket is: the host of a connection. */
  readonly socketFolder: string;
  readonly crashable: CrashableProvider;
}

export interface EmbeddedProvider extends Provider {
  start(): Promise<EmbeddedServer>;
}

/** Starts a throw-away server from the registry's PostgreSQL binaries, on a unix socket only, and first removes what
 *  killed runs of this user left behind. About 1.3 s. */
export function embeddedProvider(options: EmbeddedOptions = {}): EmbeddedProvider {
  return { start: () => startEmbedded(options) };
}

async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const native = options.binaries ?? (await packagedBinaries(options.major));
  const user = serverUser();
  sweepRunFolders(user);
  const folder = makeRunFolder(user);
  register(folder);
  try {
    const binaries = runnableBinaries(native, user, folder.path);
    const cluster: Cluster = { folder, user, binaries, settings: options.settings ?? {} };
    await initialise(cluster);
    await startCluster(cluster);
    const version = await readVersion(await connectTo(folder, null));
    return runningServer(cluster, version, { start: () => startEmbedded(crashableOptions(options)) });
  } catch (error) {
    discard(folder);
    throw error;
  }
}

/** An asynchronous commit reaches the disk by the next commit that waits, or by one of these: they are kept from it for
 *  longer than a case takes, so that whether a crash loses it does not depend on the moment. */
const crashableSettings = {
  wal_writer_delay: "10s",
  bgwriter_lru_maxpages: "0",
  checkpoint_timeout: "1d",
};

function crashableOptions(options: EmbeddedOptions): EmbeddedOptions {
  return { ...options, settings: { ...options.settings, ...crashableSettings } };
}

function runningServer(
  cluster: Cluster,
  version: { version: string; versionNumber: number },
  crashable: CrashableProvider,
): EmbeddedServer {
  const { folder } = cluster;
  return {
    provider: "embedded",
    description: `embedded server, socket in ${folder.path}`,
    ...version,
    socketFolder: folder.path,
    backends: backendControl(folder),
    crashable,
    connect: (database) => connectTo(folder, database),
    psql: (database) => `psql -h ${folder.path} -p ${port} -U ${superuser} -d ${database}`,
    crash: async () => {
      endServer(folder.data);
      await startCluster(cluster);
    },
    stop: () => {
      discard(folder);
      return Promise.resolve();
    },
  };
}

function backendControl({ data }: RunFolder): BackendControl {
  return {
    pause: (pid) => {
      if (!isServerProcess(pid, data)) throw new Error(`process ${String(pid)} is no backend of this server`);
      signal([pid], "SIGSTOP");
    },
    // One that is gone meanwhile needs no waking.
    resume: (pid) => {
      if (isServerProcess(pid, data)) signal([pid], "SIGCONT");
    },
  };
}

const port = 5432;

function connectTo(folder: RunFolder, database: string | null): Promise<Connection> {
  // Each part is given, for the driver fills gaps from PGHOST and its kin.
  return connect({
    host: folder.path,
    port,
    user: superuser,
    database: database ?? "postgres",
    password: "",
    ssl: false,
    application_name: "counterpoint",
  });
}
