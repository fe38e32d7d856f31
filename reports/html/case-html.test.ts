import { describe, expect, test } from "vitest";
import { explain } from "../explanation/explain.ts";
import { fencingCounterexample } from "../testing/counterexamples.ts";
import { functionPlaces } from "../../sim/database/function-places.ts";
import { plantedMigrations } from "../exports/testing/planted-migrations.ts";
import { recorded, recordedBugs } from "../testing/recorded.ts";
import { caseHtml } from "./case-html.ts";
import { hasBrowser } from "./testing/browser.ts";
import { hostile, hostileTexts } from "./testing/hostile.ts";
import { openHtml } from "./testing/open-page.ts";
import { useBrowser } from "./testing/use-browser.ts";

const bug = "fence-at-expiry";
const longest = 5_000_000;

describe("the file", () => {
  test("is the same each time, and small", async () => {
    const [first, second] = [await caseHtml(explain(recorded(bug))), await caseHtml(explain(recorded(bug)))];
    expect(first).toBe(second);
    expect(first.length).toBeLessThan(100_000);
  });

  test("holds no text of the subject as markup, none that is unseen, none that is huge", async () => {
    const html = await caseHtml(hostile(explain(recorded(bug))));
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toContain("<img");
    expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u0000\u001b]/);
    expect(html.length).toBeLessThan(longest);
  });
});

describe.runIf(hasBrowser)("in a real browser", () => {
  const opened = useBrowser();

  test.each(recordedBugs)("%s: tells what is wrong, at the wrong step", async (name) => {
    const explanation = explain(recorded(name));
    const { page, faults } = await openHtml(opened.browser, await caseHtml(explanation));
    expect(await page.textContent("h1")).toBe(explanation.rule);
    const wrong = explanation.lines.findIndex((line) => line.wrong);
    expect(await page.locator(".place").textContent()).toBe(`${wrong + 1} of ${explanation.lines.length}`);
    expect(await page.locator(".rows [aria-current] .flag").count()).toBe(1);
    expect(faults).toEqual([]);
    await page.close();
  });

  test("is read with the keyboard: steps, ends, and everything that can be pressed", async () => {
    const { page, faults } = await openHtml(opened.browser, await caseHtml(explain(recorded("claim-waits"))));
    const place = () => page.locator(".place").textContent();
    const heading = () => page.locator(".details h3").textContent();
    expect(await heading()).toContain("step 4, A: claim");
    await page.keyboard.press("ArrowLeft");
    expect(await heading()).toContain("step 3, B: claim");
    await page.keyboard.press("Home");
    expect(await place()).toBe("1 of 6");
    await page.keyboard.press("ArrowLeft");
    expect(await place()).toBe("1 of 6");
    await page.keyboard.press("End");
    expect(await place()).toBe("6 of 6");
    await page.getByRole("button", { name: "To the wrong step" }).focus();
    await page.keyboard.press("Enter");
    expect(await place()).toBe("4 of 6");
    await page.getByRole("slider", { name: "Step" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await place()).toBe("5 of 6");
    expect(await page.getByRole("slider").getAttribute("aria-valuetext")).toContain("B: commit");
    expect(faults).toEqual([]);
    await page.close();
  });

  test("shows SQL, answers, and the row in which database and model differ", async () => {
    const { page } = await openHtml(
      opened.browser,
      await caseHtml(explain(recorded("claim-in-two-statements"))),
    );
    expect(await page.locator("td.wrong-value").allTextContents()).toContain("lease2model: lease1");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    expect(await page.locator(".sql .keyword").first().textContent()).toBe("SET");
    expect(await page.locator(".sql").textContent()).toContain("FROM public.claim_outbox_batch(");
    expect(await page.locator(".sessions").textContent()).toContain("claim_outbox_batch, line 23");
    await page.keyboard.press("ArrowRight");
    expect(await page.locator("td.changed-value").allTextContents()).toContain("NULL → lease1");
    await page.close();
  });

  test("shows the function that it concerns, marked where a call was stopped", async () => {
    const migrations = await plantedMigrations("claim-in-two-statements");
    const explanation = explain(recorded("claim-in-two-statements"), { places: functionPlaces(migrations) });
    const { file = "", line = 0 } = explanation.concerns ?? {};
    const { page, faults } = await openHtml(
      opened.browser,
      await caseHtml(explanation, { replayCommand: null, migrations }),
    );
    expect(await page.locator(".look h3").textContent()).toContain(`claim_outbox_batch ${file}:`);
    const marked = page.locator(".body .stood");
    expect(await marked.textContent()).toBe("  RETURN QUERY← B stood before this, step 2");
    const number = await page.evaluate(
      "(([item]) => item.parentNode.start + [...item.parentNode.children].indexOf(item))(document.querySelectorAll('.body .stood'))",
    );
    expect(number).toBe(line);
    expect(await marked.boundingBox()).not.toBeNull();
    expect(faults).toEqual([]);
    await page.close();
  });

  test("is dark where the system is, and where the reader wants it", async () => {
    const html = await caseHtml(explain(recorded(bug)));
    const { page } = await openHtml(opened.browser, html, "dark");
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const dark = await ground();
    await page.getByRole("button", { name: "Dark" }).click();
    expect(await ground()).toBe("rgb(255, 255, 255)");
    await page.getByRole("button", { name: "Dark" }).click();
    expect(await ground()).toBe(dark);
    expect(dark).not.toBe("rgb(255, 255, 255)");
    await page.close();
  });

  test("hostile texts are shown as text: nothing runs, nothing is loaded", async () => {
    const { page, faults } = await openHtml(opened.browser, await caseHtml(hostile(explain(recorded(bug)))));
    const [script = "", image = ""] = hostileTexts;
    expect(await page.textContent("h1")).toContain(script);
    expect(await page.textContent("h1")).toContain(image);
    expect(await page.textContent("h1")).toContain(String.raw`\u202egnp.exe`);
    for (const key of ["Home", "ArrowRight", "ArrowRight", "End"]) await page.keyboard.press(key);
    expect(await page.locator("img, iframe, a").count()).toBe(0);
    expect(await page.locator("script").count()).toBe(2);
    expect(faults).toEqual([]);
    await page.close();
  });

  test("the policy stops what would get in all the same", async () => {
    const html = await caseHtml(explain(fencingCounterexample));
    const injected = html.replace("<noscript>", `${hostileTexts[0] ?? ""}${hostileTexts[1] ?? ""}<noscript>`);
    const { page, faults } = await openHtml(opened.browser, injected);
    expect(faults.filter((fault) => fault.startsWith("dialog") || fault.startsWith("request"))).toEqual([]);
    expect(faults.some((fault) => fault.includes("Content Security Policy"))).toBe(true);
    await page.close();
  });
});
