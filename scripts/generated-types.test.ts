import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { generatedTypes } from "./generated-types.ts";

it("schema/json's types are up to date: npm run generate", async () => {
  const types = await generatedTypes();
  expect(types.size).toBeGreaterThan(0);
  for (const [path, text] of types) expect(await readFile(path, "utf8")).toBe(text);
});
