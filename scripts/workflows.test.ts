import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import packageJson from "../package.json" with { type: "json" };
import { runCli } from "../cli/testing/run-cli.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}.github/workflows/`;

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

const names = (await readdir(folder)).sort();
const runs = await Promise.all(
  names.map(async (name) => {
    const { jobs } = parse(await readFile(folder + name, "utf8")) as Workflow;
    const steps = Object.values(jobs).flatMap(({ steps: all }) => all.map(({ run }) => run ?? ""));
    return steps.flatMap((run) => run.split("\n").filter((line) => line.trim() !== ""));
  }),
);
const lines = [...new Set(runs.flat())];

/** What keeps a line from running on any machine; null where nothing does. */
async function faultOf(line: string): Promise<string | null> {
  // What the workflow fills in is a value, never a command.
  const [program, ...args] = line.replace(/\$\{\{[^}]*\}\}/g, "1").split(/\s+/);
  const [first = "", second = ""] = args;
  switch (program) {
    case "mkdir":
    case "cat":
      return null;
    case "npm":
      if (first === "ci") return null;
      return Object.hasOwn(packageJson.scripts, first === "run" ? second : first) ? null : "no such script";
    case "npx":
      return first === "counterpoint" ? commandFault(second, args) : "not this package's command";
    case "node": {
      const script = args.find((each) => each.endsWith(".ts"));
      return script !== undefined && existsSync(root + script) ? null : "no such file";
    }
    default:
      return "not known to be everywhere";
  }
}

/** An option that the command does not have, by its own help. */
async function commandFault(command: string, args: readonly string[]): Promise<string | null> {
  const parent = await runCli([command, "--help"]);
  const hasCommands = /^Commands:$/m.test(parent.stdout);
  const words = hasCommands ? [command, args[2] ?? ""] : [command];
  const { code, stdout } = hasCommands ? await runCli([...words, "--help"]) : parent;
  if (code !== 0 || !stdout.startsWith(`Usage: counterpoint ${words.join(" ")} `)) return "no such command";
  const missing = args.filter(
    (each) => each.startsWith("--") && !new RegExp(`^ +${each}\\b`, "m").test(stdout),
  );
  return missing.length === 0 ? null : `no ${missing.join(", ")}`;
}

describe("a step of the workflows is a command that runs here", () => {
  it("of both", () => {
    expect(names).toEqual(["invariants.yml", "nightly-fuzz.yml"]);
    for (const each of runs) expect(each.length).toBeGreaterThanOrEqual(3);
  });

  it.each(lines)("%s", async (line) => {
    expect(await faultOf(line)).toBeNull();
  });

  it.each([
    "npm run absent",
    "npx counterpoint absent",
    "npx counterpoint fuzz --absent",
    "npx counterpoint report absent",
    "npx counterpoint report merge --absent",
    "npx other",
    "node --import tsx scripts/absent.ts",
    "make",
  ])("%s would not be one", async (line) => {
    expect(await faultOf(line)).not.toBeNull();
  });
});
