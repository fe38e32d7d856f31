import { remoteServer, type RemoteOptions } from "./remote-server.ts";
import { EnvironmentFault, type Provider } from "./server.ts";
import { driverSettings } from "./url-settings.ts";

/** A server by URL. The URL's database is only ever read: it is where databases of our own are made from. */
export function urlProvider(url: string): Provider {
  return {
    start: async () => remoteServer({ provider: "url", settings: parts(url), stop: () => Promise.resolve() }),
  };
}

function parts(url: string): RemoteOptions["settings"] {
  const settings = driverSettings(url);
  if (settings !== null) return settings;
  throw new EnvironmentFault(
    "the server's URL cannot be read: postgresql://user:password@host:5432/database",
  );
}
