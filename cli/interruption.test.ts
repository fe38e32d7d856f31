import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { signal as sendTo, serverProcesses } from "../sim/database/embedded/server-processes.ts";
import { parseReplay } from "../reports/replay-file.ts";
import { fuzzResultFaults } from "../reports/schema.ts";
import type { FuzzResult } from "../schema/json/fuzz-result.ts";
import type { Replay } from "../schema/json/replay.ts";
import { plantedMigrations } from "./testing/planted-migrations.ts";
import { type Running, startCli, temporaryFolder } from "./testing/run-cli.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A run that would take hours, with run folders of its own. */
function start(...args: string[]): Running {
  return startCli(["fuzz", "--runs", "1000000", "--seed", "1", "--out", folder, ...args], { TMPDIR: folder });
}

function runFolders(): readonly string[] {
  const parent = join(folder, `counterpoint-${String(process.getuid?.())}`);
  return readdirSync(parent).map((name) => join(parent, name));
}

it.each<[NodeJS.Signals, number]>([
  ["SIGINT", 130],
  ["SIGTERM", 143],
])("%s stops the run: it reports, and nothing is left", async (signal, code) => {
  const run = start("--json");
  await run.stderrHas("seed 1:");
  const [path = ""] = runFolders();
  expect(serverProcesses(join(path, "data"))).not.toEqual([]);
  run.process.kill(signal);
  const ended = await run.ended;
  const result: unknown = JSON.parse(ended.stdout);
  expect(fuzzResultFaults(result)).toEqual([]);
  expect(result).toMatchObject({ interrupted: signal });
  expect(ended.code).toBe(code);
  expect(runFolders()).toEqual([]);
  expect(serverProcesses(join(path, "data"))).toEqual([]);
});

it("a second signal quits at once, and nothing is left either", async () => {
  const run = start();
  await run.stderrHas("seed 1:");
  const [path = ""] = runFolders();
  run.process.kill("SIGINT");
  await run.stderrHas("once more quits");
  run.process.kill("SIGINT");
  expect((await run.ended).code).toBe(130);
  expect(runFolders()).toEqual([]);
  expect(serverProcesses(join(path, "data"))).toEqual([]);
});

it("after SIGKILL the next run leaves nothing behind", async () => {
  const killed = start();
  await killed.stderrHas("seed 1:");
  const [path = ""] = runFolders();
  killed.process.kill("SIGKILL");
  await killed.ended;
  const next = startCli(["fuzz", "--runs", "5", "--seed", "1"], { TMPDIR: folder });
  expect((await next.ended).code).toBe(0);
  expect(runFolders()).toEqual([]);
  expect(serverProcesses(join(path, "data"))).toEqual([]);
});

it("after SIGKILL of a run that crashes its servers, none and no folder remains", async () => {
  const killed = start("--crashes", "always", "--lanes", "1");
  // The stage's own server, and the lane's.
  await expect.poll(() => runFolders().length, { timeout: 60_000, interval: 50 }).toBe(2);
  await killed.stderrHas(" cases (");
  const data = runFolders().map((path) => join(path, "data"));
  killed.process.kill("SIGKILL");
  await killed.ended;
  await expect.poll(runFolders, { timeout: 20_000, interval: 50 }).toEqual([]);
  expect(data.flatMap(serverProcesses)).toEqual([]);
});

it("a reader that closes its end early is no fault", async () => {
  const run = startCli(["fuzz", "--runs", "5", "--seed", "1", "--json"], { TMPDIR: folder });
  run.process.stdout?.destroy();
  const { code, stderr } = await run.ended;
  expect(stderr).not.toContain("EPIPE");
  expect(code).toBe(0);
});

describe("what was found is on disk, whatever ends the run while it is shrunk", () => {
  async function startShrinking(): Promise<Running> {
    const migrations = await plantedMigrations(join(folder, "migrations"), "fence-without-token");
    const args = ["--json", "--bail", "--crashes", "never", "--migrations", migrations];
    const run = start(...args, "--out", join(folder, "out"));
    await run.stderrHas(" s: shrinking ");
    return run;
  }

  /** The only file of the folder, which is whole. */
  function keptReplay(): Replay {
    const [name = "", ...others] = readdirSync(join(folder, "out"));
    expect(others).toEqual([]);
    return parseReplay(readFileSync(join(folder, "out", name), "utf8"));
  }

  it.each<[string, NodeJS.Signals[], (number | null)[]]>([
    // Two different ones, since two equal ones may arrive as one; in which order is the system's choice.
    ["a second signal", ["SIGINT", "SIGTERM"], [130, 143]],
    ["SIGKILL", ["SIGKILL"], [null]],
  ])("%s", async (_, signals, codes) => {
    const run = await startShrinking();
    for (const signal of signals) run.process.kill(signal);
    const ended = await run.ended;
    expect(codes).toContain(ended.code);
    expect(ended.stdout).toBe("");
    const { signature, origin, reproduced, schedule, original } = keptReplay();
    expect(ended.stderr).toContain(`case ${String(origin?.case)}: ${signature}, kept in ${folder}`);
    expect(reproduced).toBe(false);
    expect(schedule).toEqual(original);
  });

  it("SIGKILL while others are still looked for", async () => {
    const migrations = await plantedMigrations(join(folder, "migrations"), "fence-without-token");
    const run = start("--migrations", migrations, "--out", join(folder, "out"));
    await run.stderrHas("kept in");
    run.process.kill("SIGKILL");
    const { stderr } = await run.ended;
    expect(stderr).not.toContain("shrinking");
    // A next one may just have been in the making.
    const kept = readdirSync(join(folder, "out")).filter((name) => name.endsWith(".json"));
    expect(kept).not.toEqual([]);
    for (const name of kept) parseReplay(readFileSync(join(folder, "out", name), "utf8"));
  });

  it("the server's death: it is reported as it was found, exit 1", async () => {
    const run = await startShrinking();
    const [path = ""] = runFolders();
    sendTo(serverProcesses(join(path, "data")), "SIGQUIT");
    const { code, stdout } = await run.ended;
    const result = JSON.parse(stdout) as FuzzResult;
    expect(fuzzResultFaults(result)).toEqual([]);
    expect(result).toMatchObject({ verdict: "violated", failures: [{ reproduced: false }] });
    expect(result.unknown.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^no lane to shrink on: /),
    ]);
    expect(code).toBe(1);
    expect(keptReplay()).toMatchObject({ reproduced: false });
  });

  it("nothing: the files are those that are reported, shrunk", async () => {
    const { code, stdout } = await (await startShrinking()).ended;
    const { failures } = JSON.parse(stdout) as FuzzResult;
    const names = readdirSync(join(folder, "out"));
    expect(names.map((name) => join(folder, "out", name)).sort()).toEqual(
      failures.map(({ replay }) => replay).sort(),
    );
    for (const { replay, steps } of failures) {
      const { schedule, original } = parseReplay(readFileSync(String(replay), "utf8"));
      expect(schedule.steps.length).toBe(steps);
      expect(steps).toBeLessThan(original.steps.length);
    }
    expect(code).toBe(1);
  });
});
