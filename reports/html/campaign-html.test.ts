import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { FuzzResult } from "../../schema/json/fuzz-result.ts";
import { type Migration, readMigrations } from "../../sim/database/migrations.ts";
import { fuzzResultFaults } from "../schema.ts";
import { campaignHtml } from "./campaign-html.ts";
import { hasBrowser } from "./testing/browser.ts";
import { campaignOfOwnMigrations, madeCampaign } from "./testing/campaign.ts";
import { hostileTexts } from "./testing/hostile.ts";
import { openHtml } from "./testing/open-page.ts";
import { useBrowser } from "./testing/use-browser.ts";

const failures = [
  {},
  {
    signature: "response: claim: takes a row that it must not take",
    oracle: "response",
    invariant: null,
    rule: "claim: takes a row that it must not take",
    replay: null,
  },
] as const;

const pageOf = (result: FuzzResult, migrations: readonly Migration[] | null = null): Promise<string> =>
  campaignHtml(result, {
    againCommand: "npx counterpoint fuzz --seed 7",
    replayCommand: (path) => `npx counterpoint replay ${path}`,
    migrations,
  });

test("the made campaign is a document of its schema", () => {
  expect(fuzzResultFaults(madeCampaign(failures))).toEqual([]);
});

test("a campaign in which every one of 50,000 cases could not be judged stays small", async () => {
  const unknown = Array.from({ length: 50_000 }, (_, index) => ({ case: index, reason: "x".repeat(1000) }));
  expect((await pageOf(madeCampaign([], unknown))).length).toBeLessThan(5_000_000);
});

describe.runIf(hasBrowser)("in a real browser", () => {
  const opened = useBrowser();

  test("tells the verdict, and marks what was never reached", async () => {
    const { page, faults } = await openHtml(opened.browser, await pageOf(madeCampaign(failures)));
    expect(await page.textContent("h1")).toBe("violated seed 7");
    const tampered = page.getByRole("row", { name: "append-only" });
    expect(await tampered.getByText("never").count()).toBe(1);
    expect(await page.getByRole("cell", { name: "100,000" }).count()).toBeGreaterThan(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  test("draws how fast it went and what it had reached, where it has that", async () => {
    const { page, faults } = await openHtml(opened.browser, await pageOf(madeCampaign([])));
    expect(await page.locator("figcaption").allTextContents()).toEqual([
      "Cases a second: 50 at the end, at most 50",
      "Names of the coverage that were reached: 118 at the end, at most 118",
    ]);
    expect(faults).toEqual([]);
    await page.close();
    const merged = await openHtml(opened.browser, await pageOf({ ...madeCampaign([]), series: [] }));
    expect(await merged.page.locator("figure").count()).toBe(0);
    await merged.page.close();
  });

  test("filters the failures by what is typed", async () => {
    const { page, faults } = await openHtml(opened.browser, await pageOf(madeCampaign(failures)));
    const cards = page.locator("article.failure");
    expect(await cards.count()).toBe(2);
    await page.getByLabel("Filter").fill("TOKEN inv-05");
    expect(await cards.allTextContents()).toEqual([expect.stringContaining("completed with another token")]);
    expect(await page.locator(".filter [role=status]").textContent()).toBe("1 of 2 signatures");
    await page.getByLabel("Filter").fill("nothing has this");
    expect(await cards.count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  test("shows statements that were missed in the functions' text, if the migrations are the same", async () => {
    const folder = fileURLToPath(new URL("../../schema/migrations", import.meta.url));
    const migrations = await readMigrations(folder);
    const result = campaignOfOwnMigrations(migrations);
    const { page } = await openHtml(opened.browser, await pageOf(result, migrations));
    const missed = await page.locator(".body .missed").allTextContents();
    expect(missed).toEqual([expect.stringMatching(/lease_seconds must be.*never reached/)]);
    expect(await page.locator(".body .unreachable").textContent()).toContain("IF");
    expect(await page.locator(".body .reached .mark").allTextContents()).toEqual(["12,345 ×"]);
    expect(await page.locator("#statements ~ details[open] summary").allTextContents()).toEqual([
      "claim_outbox_batch: 1 of 2 statements reached, not: line 10",
    ]);
    await page.close();

    const { page: other } = await openHtml(opened.browser, await pageOf(madeCampaign([]), migrations));
    expect(await other.locator(".body").count()).toBe(0);
    expect(await other.locator("#statements ~ ul").first().textContent()).toContain(
      "line 10: RAISE EXCEPTION",
    );
    await other.close();
  });

  test("hostile texts are shown as text: nothing runs, nothing is loaded", async () => {
    const texts = hostileTexts.join(" ");
    const result = madeCampaign(
      [{ signature: texts, rule: texts, replay: texts, metWhileShrinking: texts }],
      [{ case: 1, reason: texts }],
    );
    const { page, faults } = await openHtml(opened.browser, await pageOf(result));
    expect(await page.locator("article.failure").textContent()).toContain(hostileTexts[0]);
    expect(await page.locator("#unknown ~ ul").textContent()).toContain(hostileTexts[1]);
    expect(await page.locator("img, a").count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });
});
