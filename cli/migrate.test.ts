import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { doctorCommand } from "./doctor.ts";
import { foundationCommand } from "./foundation.ts";
import { fuzzCommand } from "./fuzz.ts";
import { migrateCommand } from "./migrate.ts";
import { ownMigrations } from "./own-migrations.ts";
import { replayCommand } from "./replay.ts";
import { runCli, temporaryFolder } from "./testing/run-cli.ts";
import { verifyCommand } from "./verify.ts";

let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
  cpSync(ownMigrations, folder, { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** No server is asked: this one would be an environment at fault. */
const nobody = ["--database-url", "postgresql://127.0.0.1:1/db"];

describe("counterpoint migrate", () => {
  it("refuses a file with a byte order mark: which file, what is wrong, what to do", async () => {
    const file = join(folder, "0003_roles.sql");
    writeFileSync(file, `\uFEFF${readFileSync(file, "utf8")}`);
    const { code, stdout, stderr } = await runCli(["migrate", "--migrations", folder, ...nobody]);
    expect(stderr).toBe(
      "migrate: refused, nothing changed: 0003_roles.sql: begins with a byte order mark (EF BB BF), which is no SQL; " +
        "save it as UTF-8 without the mark\n",
    );
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

const commands = [
  fuzzCommand(),
  replayCommand(),
  migrateCommand(),
  verifyCommand(),
  foundationCommand(),
  doctorCommand(),
];

describe("the help names no folder of this machine", () => {
  it.each(commands.map((command) => [command.name(), command] as const))("%s", (_, command) => {
    const help = command.configureHelp({ helpWidth: 1000 }).helpInformation();
    expect(help).toContain("--help");
    expect(help).not.toContain(dirname(dirname(ownMigrations)));
  });
});
