import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { openBrowser, type TestBrowser } from "./browser.ts";

/** A browser for the tests of a describe block: opened before the first, closed after the last. */
export function useBrowser(): { readonly browser: Browser } {
  let opened: TestBrowser;
  beforeAll(async () => {
    opened = await openBrowser();
  });
  afterAll(() => opened.close());
  return {
    get browser() {
      return opened.browser;
    },
  };
}
