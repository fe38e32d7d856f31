import pg from "pg";

/** What connect() takes, from a PostgreSQL URL. Throws where the URL cannot be read; the message never holds the URL,
 *  and so no password. */
export function settingsFromUrl(url: string): Omit<pg.ClientConfig, "connectionString"> {
  const settings = /^postgres(ql)?:\/\//.test(url) ? driverSettings(url) : null;
  if (settings === null) throw new Error(unreadable);
  return settings;
}

/** The driver's own reading of a URL: percent signs, sockets as host, sslmode. Null where it can't read it: its error
 *  holds the URL and with it the password, so it is not passed on. */
export function driverSettings(url: string): Omit<pg.ClientConfig, "connectionString"> | null {
  try {
    const { host, port, user, database, password, ssl } = new pg.Client({ connectionString: url });
    return { host, port, user, database, password, ssl };
  } catch {
    return null;
  }
}

const unreadable = "the URL cannot be read; it has the form postgresql://user:password@host:5432/database";
