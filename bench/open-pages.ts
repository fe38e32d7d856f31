/** How soon the pages of a report can be used in a real browser: a case of 200 steps, played here, and the document of a
 *  campaign of 50,000 cases, with 200 signatures that fail. Prints a table: bytes, milliseconds until the first drawing is
 *  done, and until what is typed or pressed then is seen. Exit code 1 beyond a second or 5 MB.
 *  `node --import tsx bench/open-pages.ts` */
import type { Browser } from "playwright-core";
import type { ScheduleSize } from "../properties/generate/schedules.ts";
import { caseOf } from "../properties/generate/cases.ts";
import { playOn } from "../properties/audit.ts";
import { explain } from "../reports/explanation/explain.ts";
import { campaignHtml } from "../reports/html/campaign-html.ts";
import { caseHtml } from "../reports/html/case-html.ts";
import { openBrowser } from "../reports/html/testing/browser.ts";
import { campaignOfOwnMigrations, madeCampaign } from "../reports/html/testing/campaign.ts";
import { openHtml } from "../reports/html/testing/open-page.ts";
import { functionPlaces } from "../sim/database/function-places.ts";
import { withLaneSlot } from "../sim/lane-slot.ts";
import type { Schedule } from "../sim/schedule.ts";
import type { Stage } from "../sim/stage.ts";
import { startOwnStage } from "../sim/testing/embedded-stage.ts";

const opens = 10;
const limits = { milliseconds: 1_000, bytes: 5_000_000 };
const steps = 200;

/** What is done with a page that is open, and what must then be seen, as an expression that becomes true. */
interface Use {
  readonly act: string;
  readonly seen: string;
}

interface Measured {
  readonly opened: number;
  readonly used: number;
}

/** The first case of seed 1 that has so many steps. */
function scheduleOf(size: ScheduleSize): Schedule {
  let index = 0;
  let schedule = caseOf(1, index, size, "mix");
  while (schedule.steps.length !== size.steps) {
    index += 1;
    schedule = caseOf(1, index, size, "mix");
  }
  return schedule;
}

/** As if its last event were wrong. */
async function longCase(stage: Stage): Promise<string> {
  const size = { sessions: 8, steps };
  const schedule = scheduleOf(size);
  const { history } = await withLaneSlot(
    (kind) => stage.openLane(size.sessions, kind),
    (slot) => playOn(slot, schedule),
  );
  if (history === null) throw new Error("the case could not be played");
  const violation = {
    oracle: "state",
    invariant: null,
    rule: "measured, not wrong",
    event: history.events.findIndex(({ kind }) => kind === "closing") - 1,
    expected: ["nothing"],
    observed: "nothing",
  } as const;
  const counterexample = { signature: "measured", violations: [violation], schedule, history } as const;
  const places = functionPlaces(stage.migrations);
  return caseHtml(explain(counterexample, { places }), {
    replayCommand: null,
    migrations: stage.migrations,
  });
}

function longCampaign({ migrations }: Stage): Promise<string> {
  const { failures } = madeCampaign(
    Array.from({ length: 200 }, (_, index) => ({ signature: `INV-05: way ${index}`, rule: `way ${index}` })),
  );
  return campaignHtml(
    { ...campaignOfOwnMigrations(migrations), failures },
    {
      againCommand: "npx counterpoint fuzz",
      replayCommand: (path) => `npx counterpoint replay ${path}`,
      migrations,
    },
  );
}

/** By the page's own clock, which starts where it is asked for. */
async function open(browser: Browser, html: string, { act, seen }: Use): Promise<Measured> {
  const { page, faults } = await openHtml(browser, html);
  const painted =
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))";
  const opened = await page.evaluate<number>(painted);
  const before = await page.evaluate<number>(`(${act}, performance.now())`);
  const used = (await page.evaluate<number>(painted)) - before;
  if (!(await page.evaluate<boolean>(seen))) throw new Error("what was typed or pressed is not seen");
  await page.close();
  if (faults.length > 0) throw new Error(faults.join("; "));
  return { opened, used };
}

async function measure(browser: Browser, name: string, html: string, use: Use): Promise<boolean> {
  const bytes = Buffer.byteLength(html);
  const all: Measured[] = [];
  for (let index = 0; index < opens; index += 1) all.push(await open(browser, html, use));
  const text = (times: readonly number[]): string => {
    const sorted = times.toSorted((a, b) => a - b);
    return `${(sorted[sorted.length >> 1] ?? 0).toFixed(0)} / ${(sorted.at(-1) ?? 0).toFixed(0)}`;
  };
  const [opened, used] = [all.map((each) => each.opened), all.map((each) => each.used)];
  console.log(`| ${name} | ${bytes} | ${text(opened)} | ${text(used)} |`);
  return bytes < limits.bytes && Math.max(...opened) < limits.milliseconds;
}

const pressed: Use = {
  act: `document.dispatchEvent(new KeyboardEvent("keydown", { key: "Home", bubbles: true }))`,
  seen: `document.querySelector(".place").textContent.startsWith("1 of ")`,
};
const typed: Use = {
  act: `(() => {
    const field = document.querySelector("input[type=search]");
    field.value = "way 199";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  })()`,
  seen: `document.querySelectorAll("article.failure").length === 1`,
};

const [own, opened] = await Promise.all([startOwnStage(), openBrowser()]);
const { browser } = opened;
try {
  console.log(`| page | bytes | ms until drawn: median / worst of ${opens} | ms until used: the same |`);
  console.log("| --- | --- | --- | --- |");
  const isCaseFast = await measure(browser, `a case of ${steps} steps`, await longCase(own.stage), pressed);
  const isCampaignFast = await measure(
    browser,
    "a campaign of 50,000 cases",
    await longCampaign(own.stage),
    typed,
  );
  if (!isCaseFast || !isCampaignFast) process.exitCode = 1;
} finally {
  await opened.close();
  await own.stop();
}
