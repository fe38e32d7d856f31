import pg from "pg";

/** What connect() takes, from a PostgreSQL URL. Throws where the URL cannot be read; the message never holds the URL,
 *  and so no password. */
export function settingsFromUrl(url: string): Omit<pg.ClientConfig, "connectionString"> {
  if (!/^postgres(ql)?:\/\//.test(url)) throw new Error(unreadable);
  try {
    // The driver's own reading: percent signs, sockets as host, sslmode.
    const { host, port, user, database, password, ssl } = new pg.Client({ connectionString: url });
    return { host, port, user, database, password, ssl };
  } catch {
    throw new Error(unreadable);
  }
}

const unreadable = "the URL cannot be read; it has the form postgresql://user:password@host:5432/database";
