import { fileURLToPath } from "node:url";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { functionPlaces } from "../../sim/database/function-places.ts";
import { readMigrations } from "../../sim/database/migrations.ts";
import { plantedMigrations } from "../exports/testing/planted-migrations.ts";
import { explain } from "../explanation/explain.ts";
import { recorded } from "../testing/recorded.ts";
import { campaignHtml } from "./campaign-html.ts";
import { caseHtml } from "./case-html.ts";
import { recallHtml } from "./recall-html.ts";
import { hasBrowser, openBrowser, type TestBrowser } from "./testing/browser.ts";
import { campaignOfOwnMigrations } from "./testing/campaign.ts";
import { openHtml } from "./testing/open-page.ts";
import { madeRecall } from "./testing/recall.ts";

const folder = new URL("../../schema/migrations", import.meta.url);

const pages: Readonly<Record<string, () => Promise<string>>> = {
  "a case": async () => {
    const migrations = await plantedMigrations("claim-in-two-statements");
    const places = functionPlaces(migrations);
    const explanation = explain(recorded("claim-in-two-statements"), { places });
    return caseHtml(explanation, { replayCommand: "npx counterpoint replay case.json", migrations });
  },
  "a campaign": async () => {
    const migrations = await readMigrations(fileURLToPath(folder));
    return campaignHtml(campaignOfOwnMigrations(migrations), {
      againCommand: "npx counterpoint fuzz --seed 7",
      replayCommand: (path) => `npx counterpoint replay ${path}`,
      migrations,
    });
  },
  "a recall table": () => Promise.resolve(recallHtml(madeRecall)),
};

/** What can be operated, as CSS. */
const controls = "button:not(:disabled), input, summary, [tabindex='0']";

describe.runIf(hasBrowser).each(Object.entries(pages))("%s, in a real browser", (_, make) => {
  let opened: TestBrowser;
  let html: string;
  beforeAll(async () => {
    [opened, html] = await Promise.all([openBrowser(), make()]);
  });
  afterAll(async () => {
    await opened.close();
  });

  test.each(["light", "dark"] as const)("breaks no rule of axe-core: %s", async (scheme) => {
    const { page } = await openHtml(opened.browser, html, scheme);
    await page.evaluate(axe.source);
    expect(await page.evaluate(violations)).toEqual([]);
    await page.close();
  });

  test("every control is reached with Tab, and the focus is seen", async () => {
    const { page } = await openHtml(opened.browser, html);
    const all = await page.locator(controls).count();
    await page.evaluate("globalThis.reached = new Set()");
    for (let pressed = 0; pressed < all + 2; pressed += 1) {
      await page.keyboard.press("Tab");
      await page.evaluate("reached.add(document.activeElement)");
    }
    expect(await page.evaluate(missedControls)).toEqual([]);
    expect(all).toBeGreaterThan(2);
    await page.close();
  });

  test("on paper nothing is cut off, and what only a screen has is left out", async () => {
    const { page } = await openHtml(opened.browser, html);
    await page.setViewportSize({ width: paperWidth, height: 1000 });
    await page.emulateMedia({ media: "print" });
    expect(await page.evaluate(cutOff)).toEqual([]);
    expect(await visibleScrubbers(page)).toBe(0);
    await page.close();
  });
});

/** A4 without its margins, at 96 pixels an inch. */
const paperWidth = 718;

const visibleScrubbers = (page: Page): Promise<number> => page.locator(".scrubber:visible").count();

const violations = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ": " + nodes.map(({ target }) => target.join(" ")).join(", ")))`;

const missedControls = `[...document.querySelectorAll("${controls}")]
  .filter((control) => control.checkVisibility() && !reached.has(control))
  .map((control) => control.outerHTML.slice(0, 200))`;

/** What holds more than it shows, and what stands out of the paper. */
const cutOff = `[...document.querySelectorAll("body *")]
  .filter((each) => each.checkVisibility() && !each.closest("svg"))
  .filter((each) => {
    const { overflowX, overflowY } = getComputedStyle(each);
    const hides = (overflow) => overflow !== "visible";
    return (hides(overflowX) && each.scrollWidth > each.clientWidth + 1)
      || (hides(overflowY) && each.scrollHeight > each.clientHeight + 1)
      || each.getBoundingClientRect().right > innerWidth + 1;
  })
  .map((each) => each.tagName + "." + each.className + ": " + each.textContent.slice(0, 60))`;
