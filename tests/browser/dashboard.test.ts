import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/conversions/conversion-status.js";
import { openAdmin } from "../kit/browser.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

/** The tests share their machine with other tests. */
const PATIENCE = { timeout: 20_000 };
const HOUR = 3_600_000;
/** Three in which no day ends while the tests run: what happened just before would be yesterday's. */
const ZONES = ["Pacific/Kiritimati", "Asia/Kathmandu", "America/Sao_Paulo", "Europe/Berlin"]
  .filter(isWithinDay)
  .slice(0, 3);
const TILES = ["clicks", "conversions", "revenue", "flows"];
const statuses = Object.values(ConversionStatus);
const currencies = ["EUR", "USD", "USD", "JPY"];

let waypost: Waypost;
let facts: Facts;
let flowId: number;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  facts = await openFacts(waypost);
  flowId = Number((await waypost.seedFlow({ name: "Summer sale" })).id);
  await waypost.seedFlow({ status: "PAUSED" });
  await waypost.seedFlow();
  // Two days of facts, so that every zone has another part of them in its today.
  const past = Array.from({ length: 160 }, (_, index) => ({ at: Date.now() - index * (index / 500) * HOUR, flowId }));
  await facts.clicks(past);
  await facts.conversions(
    past.map((fact, index) => ({
      ...fact,
      uidKey: `${index}`,
      status: statuses[index % 3],
      revenue: `${index}.0${index % 7}00`,
      currency: currencies[index % 4],
    })),
  );
  await facts.logs(past.map(({ at }, index) => ({ at, status: index % 4 ? 200 : 422, message: `Reason ${index}` })));
});
afterAll(async () => {
  await facts.close();
  await waypost.close();
});

function isWithinDay(timeZone: string): boolean {
  const day = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short" });
  return day.format(Date.now() - HOUR / 4) === day.format(Date.now() + HOUR / 4);
}

const tile = (page: Page, name: string) => page.locator(`[data-tile="${name}"]`);
const text = async (page: Page, selector: string) => (await page.locator(selector).first().innerText()).trim();
/** Back to the dashboard, as by its link in the menu. */
const home = async (page: Page) => {
  await page.evaluate(() => {
    location.hash = "#/";
  });
  await page.locator("[data-tile]").first().waitFor();
};
const total = (page: Page) => page.locator(".page-head .total");

/** At once: each waits on a page of its own, and none changes what the others see. */
describe.concurrent("The dashboard", { timeout: 120_000 }, () => {
  it.for(ZONES)(
    "has every label, count and number equal to what its list shows, in %s",
    async (timezone, { expect }) => {
      const { page, close } = await openAdmin(waypost, { timezone });
      await page.locator("[data-tile]").first().waitFor();
      const day = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, day: "numeric", month: "short" }).format();
      expect(await text(page, "h1")).toMatch(new RegExp(`^Today\\s*[A-Z][a-z]{2} ${day}, until \\d\\d:\\d\\d$`));

      for (const [name, title] of [
        ["clicks", "Clicks"],
        ["conversions", "Conversions"],
        ["flows", "Flows"],
      ] as const) {
        const number = await tile(page, name).locator(".tile-number").innerText();
        expect(Number(number), name).toBeGreaterThan(0);
        await tile(page, name).click();
        await expect.poll(() => text(page, "h1"), PATIENCE).toBe(title);
        await expect.poll(() => total(page).innerText(), { ...PATIENCE, message: name }).toBe(number);
        await expect.poll(() => page.locator(".list tbody tr").count(), PATIENCE).toBe(Math.min(Number(number), 50));
        await home(page);
      }

      const shown = `${await tile(page, "revenue").locator(".tile-number").innerText()} · ${await tile(page, "revenue").locator(".tile-note").innerText()}`;
      await tile(page, "revenue").click();
      await expect.poll(() => total(page).innerText(), PATIENCE).toMatch(/\d/);
      await page.locator(".list .panel[aria-busy=false]").waitFor();
      expect(await page.getByRole("button", { name: /^Today/ }).count()).toBe(1);
      const rows = await page.locator(".list tbody .money").allInnerTexts();
      expect(await total(page).innerText()).toBe(String(rows.length));
      expect(
        shown
          .split(" · ")
          .filter((each) => each !== "Approved conversions")
          .sort(),
      ).toEqual(sumsOf(rows));

      for (const [panel, title] of [
        ["conversions", "Conversions"],
        ["refused", "Postback log"],
      ]) {
        await home(page);
        const link = page.locator(`[data-panel="${panel}"] .entries-head a`);
        const number = (await link.innerText()).replace("All ", "");
        await link.click();
        await expect.poll(() => text(page, "h1"), PATIENCE).toBe(title);
        await expect.poll(() => total(page).innerText(), { ...PATIENCE, message: panel }).toBe(number);
      }
      await close();
    },
  );

  it("shows the largest currency as the number and every other below it, all numbers on one line", async ({
    expect,
  }) => {
    const { page, close } = await openAdmin(waypost);
    const label = await tile(page, "revenue").locator(".tile-label").innerText();
    expect(label).toBe("Revenue today +2 currencies");
    expect((await tile(page, "revenue").locator(".tile-note").innerText()).split(" · ")).toHaveLength(2);
    const tops = await Promise.all(
      TILES.map(async (name) => (await tile(page, name).locator(".tile-number").boundingBox())?.y),
    );
    expect(new Set(tops).size).toBe(1);
    await close();
  });

  it("leads from an entry of a panel to that entry", async () => {
    const { page, close } = await openAdmin(waypost);
    await page.locator('[data-panel="refused"] .entry').first().click();
    await page.getByRole("dialog").getByText("Reason 0", { exact: true }).waitFor();
    await close();
  });

  it.for([1440, 390])("stands still from its first paint on, %i pixels wide", async (width, { expect }) => {
    const { page, close } = await openAdmin(waypost, { width, path: "/clicks" });
    await page.evaluate(watchShifts);
    await page.evaluate(() => {
      location.hash = "#/";
    });
    // Until the numbers have come, and come again.
    await page.getByText(/^Updated [4-9]s ago$/).waitFor(PATIENCE);
    await page.getByText(/^Updated [0-2]s ago$/).waitFor(PATIENCE);
    expect(await page.evaluate(() => window.shifts)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await close();
  });
});

describe("The dashboard, as time goes by,", () => {
  it("counts on by itself while somebody looks, without moving, and rests while nobody does", async () => {
    const { page, requests, close } = await openAdmin(waypost);
    const number = async () =>
      Number((await tile(page, "clicks").locator(".tile-number").innerText()).replace(",", ""));
    const boxes = () => Promise.all(TILES.map((name) => tile(page, name).boundingBox()));
    const [before, places] = [await number(), await boxes()];
    await facts.clicks([{ at: Date.now(), flowId }]);
    await expect.poll(number, PATIENCE).toBe(before + 1);
    expect(await boxes()).toEqual(places);
    await expect.poll(() => text(page, ".updated"), PATIENCE).toMatch(/^Updated [2-5]s ago$/);

    await hide(page, true);
    await page.waitForTimeout(500);
    const asked = requests.length;
    await page.waitForTimeout(8000);
    expect(requests.length).toBe(asked);
    await hide(page, false);
    await expect.poll(() => requests.length, PATIENCE).toBeGreaterThan(asked);
    await close();
  });

  it("keeps its numbers when the server does not answer, says so, and tries again", async () => {
    const { page, wrong, close } = await openAdmin(waypost);
    const before = await tile(page, "clicks").innerText();
    await page.route("**/graphql", (route) => route.abort());
    await page.getByRole("alert").waitFor(PATIENCE);
    expect(await page.getByRole("alert").innerText()).toContain("The server cannot be reached.");
    expect(await tile(page, "clicks").innerText()).toBe(before);
    await page.unroute("**/graphql");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("alert").waitFor({ state: "detached" });
    expect(wrong.splice(0).every((each) => /ERR_FAILED/.test(each))).toBe(true);
    await close();
  });
});

declare global {
  interface Window {
    /** What moved by itself: how far, by Chromium's measure, and what it was. */
    shifts: string[];
  }
}

function watchShifts(): void {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { value, sources } = entry as unknown as { value: number; sources: { node: Element | null }[] };
      window.shifts.push(`${value.toFixed(4)} ${sources.map(({ node }) => node?.className ?? node?.nodeName)}`);
    }
  }).observe({ type: "layout-shift" });
}

/** Makes the page believe that its tab is in the background, or in front again. */
function hide(page: Page, isHidden: boolean): Promise<void> {
  return page.evaluate((hidden) => {
    Object.defineProperty(document, "visibilityState", { value: hidden ? "hidden" : "visible", configurable: true });
    window.dispatchEvent(new Event("visibilitychange"));
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);
}

/** Amounts of one currency each, added up by currency, as the dashboard writes them. */
function sumsOf(amounts: string[]): string[] {
  const sums = new Map<string, number>();
  for (const amount of amounts) {
    const [, value = "", currency = ""] = /^([\d,.]+)\s*([A-Z]{3})$/.exec(amount) ?? [];
    sums.set(currency, (sums.get(currency) ?? 0) + Math.round(Number(value.replaceAll(",", "")) * 100));
  }
  return [...sums]
    .map(([currency, cents]) => `${(cents / 100).toLocaleString("en", { minimumFractionDigits: 2 })} ${currency}`)
    .sort();
}
