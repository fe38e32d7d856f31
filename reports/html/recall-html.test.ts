import { describe, expect, test } from "vitest";
import { mutantsResultFaults } from "../schema.ts";
import { recallHtml } from "./recall-html.ts";
import { hasBrowser } from "./testing/browser.ts";
import { openHtml } from "./testing/open-page.ts";
import { madeRecall } from "./testing/recall.ts";
import { useBrowser } from "./testing/use-browser.ts";

test("the made table is a document of its schema", () => {
  expect(mutantsResultFaults(madeRecall)).toEqual([]);
});

describe.runIf(hasBrowser)("in a real browser", () => {
  const opened = useBrowser();

  test("tells the verdict, marks what was missed, and filters by what is typed", async () => {
    const { page, faults } = await openHtml(opened.browser, recallHtml(madeRecall));
    expect(await page.textContent("h1")).toBe("incomplete 1 of 2 planted bugs found with every seed");
    expect(await page.locator("tr.missed th").allTextContents()).toEqual(["fence-lost"]);
    const rows = page.locator(".recall tbody tr");
    expect(await rows.first().locator("td").allTextContents()).toEqual([
      "a completion is not fenced by its token",
      "weak fence",
      "sequence",
      "yes",
      "INV-05",
      "12/12",
      "0.4/0.4",
      "3/3",
      "10/10",
    ]);
    await page.getByLabel("Filter").fill("ALERT weak");
    expect(await rows.locator("th").allTextContents()).toEqual(["fence-lost"]);
    expect(await page.locator(".filter [role=status]").textContent()).toBe("1 of 2 planted bugs");
    expect(faults).toEqual([]);
    await page.close();
  });
});
