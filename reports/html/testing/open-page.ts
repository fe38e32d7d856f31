import type { Browser, Page } from "playwright-core";

/** A page in the browser, and what it did that a report must not do. */
export interface OpenPage {
  readonly page: Page;
  /** Messages on the console, errors, dialogs, and requests for anything but the page itself. */
  readonly faults: readonly string[];
}

/** Opens the HTML as a browser opens a file. The page may go where it likes: it is seen. */
export async function openHtml(
  browser: Browser,
  html: string,
  colorScheme: "light" | "dark" = "light",
): Promise<OpenPage> {
  const page = await browser.newPage({ colorScheme, viewport: { width: 1400, height: 900 } });
  const faults: string[] = [];
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const address = "http://report.test/";
  await page.route("**/*", async (route) => {
    if (route.request().url() === address)
      return route.fulfill({ body: html, contentType: "text/html; charset=utf-8" });
    faults.push(`request: ${route.request().url()}`);
    return route.abort();
  });
  await page.goto(address);
  await page.waitForSelector("h1");
  return { page, faults };
}
