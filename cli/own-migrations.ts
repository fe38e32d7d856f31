import { fileURLToPath } from "node:url";

/** This package's own migrations, wherever the command is called from. */
export const ownMigrations = fileURLToPath(new URL("../schema/migrations", import.meta.url));
