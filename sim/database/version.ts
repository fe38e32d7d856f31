import type { Connection } from "./connection.ts";

/** Reads the server's version and closes the connection. */
export async function readVersion(
  connection: Connection,
): Promise<{ version: string; versionNumber: number }> {
  try {
    const { rows } = await connection.query(
      "select current_setting('server_version') as version, current_setting('server_version_num')::int as number",
      [],
    );
    return {
      version: String(rows[0]?.["version"]),
      versionNumber: Number(rows[0]?.["number"]),
    };
  } finally {
    await connection.close();
  }
}
