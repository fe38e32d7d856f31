import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ownMigrationsDirectory } from "../../sim/testing/embedded-stage.ts";
import { plantedBugs } from "../planted/bugs.ts";
import { runnerBugs } from "../planted/runner-bugs.ts";
import { register, registerAsMarkdown } from "./register.ts";

const planted = [...plantedBugs, ...runnerBugs];
const migrations = readdirSync(ownMigrationsDirectory)
  .map((file) => readFileSync(join(ownMigrationsDirectory, file), "utf8"))
  .join("\n");

test("the register has every invariant of the contract once", () => {
  const ids = Array.from({ length: 20 }, (_, index) => `INV-${String(index + 1).padStart(2, "0")}`);
  expect(register.map(({ id }) => id)).toEqual(ids);
});

test.each(register.map((entry) => [entry.id, entry] as const))(
  "%s: what enforces it is in the migrations, and its planted bugs are its own",
  (id, { mechanism, plantedBugs: own }) => {
    expect(mechanism).not.toBe("");
    for (const [, name = ""] of mechanism.matchAll(/`([^`]+)`/g)) expect(migrations).toContain(name);
    expect(own).not.toEqual([]);
    for (const bug of own) expect(planted.find((each) => each.id === bug)?.invariant).toBe(id);
  },
);

test("docs/invariants.md is what npm run generate writes", () => {
  const page = readFileSync(new URL("../../docs/invariants.md", import.meta.url), "utf8");
  expect(page).toBe(registerAsMarkdown());
});
