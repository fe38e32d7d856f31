import type { EmbeddedServer } from "../../sim/database/embedded/provider.ts";
import type { OwnDatabase } from "../../sim/database/own-database.ts";
import { connect } from "../../sim/database/pg-connection.ts";
import type { PrivilegeTarget } from "./target.ts";

/** A migrated database on an embedded server, where everybody may log in without a password. */
export const embeddedTarget = (server: EmbeddedServer, database: OwnDatabase): PrivilegeTarget => ({
  versionNumber: server.versionNumber,
  connect: () => database.connect(),
  connectAs: (user) =>
    connect({
      host: server.socketFolder,
      port: 5432,
      user,
      database: database.name,
      password: "",
      ssl: false,
    }),
});
