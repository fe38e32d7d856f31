import pg from "pg";
import { remoteServer, type RemoteOptions } from "./remote-server.ts";
import { EnvironmentFault, type Provider } from "./server.ts";

/** A server by URL. The URL's database is only ever read: it is where databases of our own are made from. */
export function urlProvider(url: string): Provider {
  return {
    start: async () => remoteServer({ provider: "url", settings: parts(url), stop: () => Promise.resolve() }),
  };
}

/** The driver's own reading of a URL. Its error holds the URL and with it the password, so it is not passed on. */
function parts(url: string): RemoteOptions["settings"] {
  try {
    const { host, port, user, database, password, ssl } = new pg.Client({ connectionString: url });
    return { host, port, user, database, password, ssl };
  } catch {
    throw new EnvironmentFault(
      "the server's URL cannot be read: postgresql://user:password@host:5432/database",
    );
  }
}
