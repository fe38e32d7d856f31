import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "ctrf";
import type { Log } from "sarif";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fuzzResultFaults } from "../reports/schema.ts";
import { junitFaults, named } from "../reports/testing/junit-faults.ts";
import { parseXml } from "../reports/testing/xml.ts";
import type { FuzzResult } from "../schema/json/fuzz-result.ts";
import { plantedMigrations } from "./testing/planted-migrations.ts";
import { type Ended, runCli, temporaryFolder } from "./testing/run-cli.ts";

let out: string;
beforeAll(() => {
  out = temporaryFolder();
});
afterAll(() => {
  rmSync(out, { recursive: true });
});

describe("every reporter, on migrations with a bug", () => {
  const files = ["junit", "sarif", "ctrf", "github", "markdown"] as const;
  const read = (name: string): string => readFileSync(join(out, "reports", name), "utf8");
  let migrations: string;
  let ended: Ended;
  beforeAll(async () => {
    migrations = await plantedMigrations(join(out, "broken"), "fence-without-token");
    const reporters = [...files, "json", "text"].flatMap((name) => ["--reporter", name]);
    const outputs = files.flatMap((name) => ["--output-file", `${name}=${join(out, "reports", name)}`]);
    const cases = ["--seed", "2", "--lanes", "1", "--bail", "--migrations", migrations];
    const env = { GITHUB_STEP_SUMMARY: join(out, "summary.md") };
    ended = await runCli(["fuzz", ...cases, "--out", join(out, "found"), ...reporters, ...outputs], env);
  });

  it("json: alone on stdout, and the text on stderr", () => {
    const { code, stdout, stderr } = ended;
    const result = JSON.parse(stdout) as FuzzResult;
    expect(fuzzResultFaults(result)).toEqual([]);
    expect(result.failures.map(({ signature }) => signature)).toEqual([
      "INV-05: completed with another token",
    ]);
    expect(result.failures[0]?.story).toContain("\n> 3 +0.000003s     complete row1 token=forged");
    expect(stderr).toMatch(/^violated: 4 cases, .*, 1 counterexample$/m);
    expect(code).toBe(1);
  });

  it("junit: a failed case with the command that replays it", () => {
    const root = parseXml(read("junit"));
    expect(junitFaults(root)).toEqual([]);
    const [campaign, found] = named(root, "failure");
    expect(campaign?.attributes["message"]).toMatch(/^violated: 4 cases/);
    expect(found?.text).toMatch(/\nnpx counterpoint replay \S*inv-05\S* --migrations \S*broken$/);
  });

  it("sarif: at the line of the function's last definition", () => {
    const [result] = (JSON.parse(read("sarif")) as Log).runs[0]?.results ?? [];
    const place = result?.locations?.[0]?.physicalLocation;
    expect(place?.artifactLocation?.uri).toMatch(/^file:.*\/broken\/0002_outbox_functions\.sql$/);
    const lines = readFileSync(join(migrations, "0002_outbox_functions.sql"), "utf8").split("\n");
    const line = lines[(place?.region?.startLine ?? 0) - 1];
    expect(line).toMatch(/^CREATE .*FUNCTION public\.complete_outbox_attempt\(/);
  });

  it("ctrf: valid, two tests failed", () => {
    const report = JSON.parse(read("ctrf")) as unknown;
    expect(validate(report)).toMatchObject({ valid: true });
    expect(report).toMatchObject({ results: { summary: { tests: 2, failed: 2 } } });
  });

  it("github: an error and a notice, and the job's summary beside them", () => {
    expect(read("github")).toMatch(
      /^::error file=\S*\/0002_outbox_functions\.sql,line=\d+,.*\n::notice .*\n$/,
    );
    expect(readFileSync(join(out, "summary.md"), "utf8").trim()).toBe(read("markdown").trim());
  });

  it("markdown: a row and a story", () => {
    expect(read("markdown")).toMatch(/^### fuzz: violated: 4 cases/);
    expect(read("markdown")).toContain("\n&#62; 3 +0.000003s     complete row1");
  });
});

const refused: readonly (readonly [what: string, args: string, message: string])[] = [
  ["two formats on stdout", "--json --reporter sarif", "sarif and json cannot share stdout"],
  ["a format that there is not", "--reporter pdf", "It must be one of text, json, junit"],
  ["a format twice", "--json --reporter json", "reporter json is given twice"],
  ["a file for nobody", "--reporter junit --output-file sarif=OUT/x", "there is no --reporter sarif"],
  ["a file for somebody", "--reporter junit --reporter text --output-file OUT/x", "which of junit, text"],
  [
    "two files for one format",
    "--output-file OUT/x --output-file OUT/y",
    "--output-file for text is given twice",
  ],
  [
    "a file for two formats",
    "--reporter junit --reporter text --output-file junit=OUT/x --output-file text=OUT/x",
    "OUT/x is given twice",
  ],
  ["a file that can't be written", "--output-file OUT/folder", "OUT/folder cannot be written: EISDIR"],
];

describe("is refused before anything starts, with exit 2:", () => {
  it.each(refused)("%s", async (_, args, message) => {
    mkdirSync(join(out, "folder"), { recursive: true });
    const { code, stdout, stderr } = await runCli(["fuzz", ...args.replaceAll("OUT", out).split(" ")]);
    expect(stderr).toContain(message.replaceAll("OUT", out));
    expect(stderr).not.toContain("PostgreSQL");
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

it("a run that does not come to its end leaves no report of an earlier one", async () => {
  const file = join(out, "earlier.xml");
  writeFileSync(file, "<testsuites/>");
  const url = ["--database-url", `postgresql://nobody@127.0.0.1:1/none`];
  const { code } = await runCli(["fuzz", ...url, "--reporter", "junit", "--output-file", file]);
  expect(readFileSync(file, "utf8")).toBe("");
  expect(code).toBe(3);
});
