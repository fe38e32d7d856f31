import { chmodSync, mkdirSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder of each test worker's own: two of them run at once, and a start of one must not sweep what a test of
 *  the other has left on purpose. */
const pool = process.env["VITEST_POOL_ID"] ?? "0";
const folder = join(realpathSync(tmpdir()), `cp-worker-${process.getuid?.() ?? 0}-${pool}`);
mkdirSync(folder, { recursive: true });
// Like the system's own: a test also starts a server as another user.
chmodSync(folder, 0o1777);
process.env["TMPDIR"] = folder;
