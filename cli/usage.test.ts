import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli, temporaryFolder } from "./testing/run-cli.ts";

let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.concurrent("bad usage exits with 2 and says why", () => {
  it.each<[args: string, says: string]>([
    ["", "Usage: counterpoint"],
    ["fuz", "Did you mean fuzz?"],
    ["fuzz --runz 1", "Did you mean --runs?"],
    ["fuzz --runs 0", "whole number from 1"],
    ["fuzz --runs -1", "whole number from 1"],
    ["fuzz --runs NaN", "whole number from 1"],
    ["fuzz --runs 1 --minutes 1", "cannot be used with"],
    ["fuzz --minutes 0", "above 0"],
    ["fuzz --shard 3/2", "i from 1 to n"],
    ["fuzz --seed abc", "whole number from 0"],
    ["fuzz --sessions 9", "from 1 to 8"],
    ["fuzz --provider url", "needs --database-url"],
    ["fuzz --provider embedded --database-url postgresql://h/d", "asks for another one"],
    ["fuzz --migrations no/such/folder", "no/such/folder: the directory cannot be read"],
    ["fuzz extra", "too many arguments"],
    ["replay", "missing required argument 'file'"],
    ["replay no-such-file.json", "no-such-file.json cannot be read: ENOENT"],
    ["replay no-such-file.json --times 0", "whole number from 1"],
    ["report open", "missing required argument 'file'"],
    ["report open no-such-file.json", "no-such-file.json cannot be read: ENOENT"],
    ["report open README.md", "README.md is no JSON"],
    ["report open package.json", "package.json is none of these"],
    ["report open a.json b.json --output-file c.html", "takes the page of one file"],
    ["replay a.json b.json --html c.html", "takes the page of one file"],
  ])("%s", async (args, says) => {
    const { code, stdout, stderr } = await runCli(args.split(" ").filter(Boolean));
    expect(stderr).toContain(says);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("an --out that is a file", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const { code, stderr } = await runCli(["fuzz", "--out", join(file, "below")]);
    expect(stderr).toContain("is no folder");
    expect(code).toBe(2);
  });

  it("a migration that would escape virtual time", async () => {
    const migrations = join(folder, "migrations");
    mkdirSync(migrations);
    writeFileSync(
      join(migrations, "0001_init.sql"),
      "CREATE TABLE t (at timestamptz DEFAULT CURRENT_TIMESTAMP);\n",
    );
    const { code, stderr } = await runCli(["fuzz", "--migrations", migrations]);
    expect(stderr).toContain("0001_init.sql:1");
    expect(code).toBe(2);
  });

  it("a migration that the server refuses, with its line", async () => {
    const migrations = join(folder, "refused");
    mkdirSync(migrations);
    writeFileSync(join(migrations, "0001_init.sql"), "SELECT 1;\nSELECT no_such_column;\n");
    const { code, stderr } = await runCli(["fuzz", "--migrations", migrations]);
    expect(stderr).toContain("migration failed: 0001_init.sql, line 2");
    expect(code).toBe(2);
  });
});

describe.concurrent("an environment at fault exits with 3 and says what to do", () => {
  it("a server that does not answer; its password is not told", async () => {
    const { code, stdout, stderr } = await runCli(["fuzz"], {
      DATABASE_URL: "postgresql://u:not-told@127.0.0.1:1/db",
    });
    expect(stderr).toContain("cannot connect to u@127.0.0.1:1/db");
    expect(stdout + stderr).not.toContain("not-told");
    expect(code).toBe(3);
  });

  it("no Docker", async () => {
    const { code, stderr } = await runCli(["fuzz", "--provider", "container"], {
      DOCKER_HOST: "tcp://127.0.0.1:1",
    });
    expect(stderr).toContain("Is Docker running?");
    expect(code).toBe(3);
  });

  it("doctor with a server that does not answer", async () => {
    const { code, stdout } = await runCli(["doctor"], {
      DATABASE_URL: "postgresql://u:not-told@127.0.0.1:1/db",
    });
    expect(stdout).toMatch(/^fail {2}DATABASE_URL: cannot connect to u@127\.0\.0\.1:1\/db/m);
    expect(stdout).not.toContain("not-told");
    expect(code).toBe(3);
  });
});

describe.concurrent("help and version exit with 0", () => {
  it.each(["--version", "--help", "fuzz --help", "replay --help"])("%s", async (args) => {
    const { code, stdout } = await runCli(args.split(" "));
    expect(stdout).not.toBe("");
    expect(code).toBe(0);
  });

  it("doctor says what is there", async () => {
    const { code, stdout } = await runCli(["doctor"]);
    expect(stdout).toMatch(/^ok {4}embedded server: PostgreSQL 18/m);
    expect(code).toBe(0);
  });
});
