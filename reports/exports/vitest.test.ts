import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedServer, embeddedProvider } from "../../sim/database/embedded/provider.ts";
import { migrationsWith } from "../../sim/testing/embedded-stage.ts";
import { recorded } from "../testing/recorded.ts";
import { scriptOf } from "./script.ts";
import { withMigrated } from "./testing/isolationtester.ts";
import { plantedMigrations } from "./testing/planted-migrations.ts";
import { runVitest } from "./testing/run-vitest.ts";
import { vitestText } from "./vitest.ts";

let server: EmbeddedServer;
beforeAll(async () => {
  server = await embeddedProvider().start();
});
afterAll(() => server.stop());

const textOf = (bug: string): string => vitestText(scriptOf(recorded(bug)), recorded(bug));

describe("an exported test, run by vitest alone on a database that was just migrated", () => {
  it.each([
    ["fence-without-token", "toEqual({ error: expect.stringMatching"],
    ["claim-waits", "waited).toBe(false)"],
    ["siblings-locked", 'not.toContainEqual({ error: "40P01" })'],
    ["claim-in-subquery", "not.toEqual({"],
  ])(
    "%s: fails on the broken migrations, by its one assertion, and passes on the right ones",
    async (bug, asserts) => {
      const text = textOf(bug);
      expect(text).toContain(asserts);
      const broken = await withMigrated(server, await plantedMigrations(bug), ({ name }) =>
        runVitest(server, name, text),
      );
      expect(broken.output).toContain("AssertionError");
      expect(broken.output).toMatch(/Tests +1 failed/);
      expect(broken.code).toBe(1);
      const right = await withMigrated(server, await migrationsWith(new Map()), ({ name }) =>
        runVitest(server, name, text),
      );
      expect(right.output).toMatch(/Tests +1 passed/);
      expect(right.code).toBe(0);
    },
  );

  it("is refused for what stops inside functions", () => {
    expect(() => textOf("claim-in-two-statements")).toThrow("must not bring the functions that it tests");
  });
});
