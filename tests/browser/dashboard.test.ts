import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { violations } from "../kit/axe.js";
import { type AdminPage, drawn, openAdmin } from "../kit/browser.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** When all of this is, on the clocks of browser and server. */
const NOW = Date.parse("2026-06-17T12:17:00Z");
/** In the first it is the next day already; none has its midnight while the tests run. */
const ZONES = ["Pacific/Kiritimati", "Asia/Kathmandu", "America/Sao_Paulo"];
/** A little more than the dashboard lets pass before it asks again. */
const REFRESH_SECONDS = 7;
const TILES = ["clicks", "conversions", "revenue", "flows"];
const statuses = Object.values(ConversionStatus);
const currencies = ["EUR", "USD", "USD", "JPY"];

let waypost: Waypost;
let facts: Facts;
let flowId: number;
beforeAll(async () => {
  waypost = await startWaypost("SQLite", { now: () => NOW });
  facts = await openFacts(waypost);
  flowId = Number((await waypost.seedFlow({ name: "Summer sale" })).id);
  await waypost.seedFlow({ status: "PAUSED" });
  await waypost.seedFlow();
  // Two days of facts, so that every zone has another part of them in its today.
  const past = Array.from({ length: 160 }, (_, index) => ({ at: NOW - index * (index / 500) * HOUR, flowId }));
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

const open = (options: object = {}) => openAdmin(waypost, { now: NOW, ...options });
/** Lets seconds pass by the page's clock, and has it drawn after each. */
async function pass(page: Page, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await page.clock.runFor(1000);
    await drawn(page);
  }
}
/** Lets time pass until the dashboard has asked anew, and shows the answer. */
async function passUntilAsked({ page, requests, settled }: AdminPage): Promise<void> {
  const before = requests.length;
  await pass(page, REFRESH_SECONDS);
  await expect.poll(() => requests.length).toBeGreaterThan(before);
  await settled();
  await drawn(page);
}

describe("The dashboard", () => {
  it.for(ZONES)("has every label, count and number equal to what its list shows, in %s", async (timezone) => {
    const { page, close } = await open({ timezone });
    await page.locator("[data-tile]").first().waitFor();
    const day = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, day: "numeric", month: "short" }).format(NOW);
    expect(await text(page, "h1")).toMatch(new RegExp(`^Today\\s*[A-Z][a-z]{2} ${day}, until \\d\\d:\\d\\d$`));

    for (const [name, title] of [
      ["clicks", "Clicks"],
      ["conversions", "Conversions"],
      ["flows", "Flows"],
    ] as const) {
      const number = await tile(page, name).locator(".tile-number").innerText();
      expect(Number(number), name).toBeGreaterThan(0);
      await tile(page, name).click();
      await expect.poll(() => text(page, "h1")).toBe(title);
      await expect.poll(() => total(page).innerText(), { message: name }).toBe(number);
      await expect.poll(() => page.locator(".list tbody tr").count()).toBe(Math.min(Number(number), 50));
      await home(page);
    }

    const shown = `${await tile(page, "revenue").locator(".tile-number").innerText()} · ${await tile(page, "revenue").locator(".tile-note").innerText()}`;
    await tile(page, "revenue").click();
    await expect.poll(() => total(page).innerText()).toMatch(/\d/);
    await page.locator(".list .panel[aria-busy=false]").waitFor();
    await page.getByRole("button", { name: /^Today/ }).waitFor();
    const amounts = () => page.locator(".list tbody .money").allInnerTexts();
    await expect.poll(async () => String((await amounts()).length)).toBe(await total(page).innerText());
    expect(
      shown
        .split(" · ")
        .filter((each) => each !== "Approved conversions")
        .sort(),
    ).toEqual(sumsOf(await amounts()));

    for (const [panel, title] of [
      ["conversions", "Conversions"],
      ["refused", "Postback log"],
    ]) {
      await home(page);
      const link = page.locator(`[data-panel="${panel}"] .entries-head a`);
      await expect.poll(() => link.innerText()).toMatch(/^All \d/);
      const number = (await link.innerText()).replace("All ", "");
      await link.click();
      await expect.poll(() => text(page, "h1")).toBe(title);
      await expect.poll(() => total(page).innerText(), { message: panel }).toBe(number);
    }
    await close();
  });
});

/** In one window, one after the other. */
describe("The dashboard", () => {
  let admin: AdminPage;
  let page: Page;
  beforeAll(async () => {
    admin = await open();
    page = admin.page;
  });
  afterAll(() => admin?.close());

  it("shows the largest currency as the number and every other below it, all numbers on one line", async () => {
    const label = await tile(page, "revenue").locator(".tile-label").innerText();
    expect(label).toBe("Revenue today +2 currencies");
    expect((await tile(page, "revenue").locator(".tile-note").innerText()).split(" · ")).toHaveLength(2);
    const tops = await Promise.all(
      TILES.map(async (name) => (await tile(page, name).locator(".tile-number").boundingBox())?.y),
    );
    expect(new Set(tops).size).toBe(1);
  });

  it("leads from an entry of a panel to that entry", async () => {
    await page.locator('[data-panel="refused"] .entry').first().click();
    await page.getByRole("dialog").getByText("Reason 0", { exact: true }).waitFor();
  });

  it.for([1440, 390])("stands still from its first paint on, %i pixels wide", async (width) => {
    await page.setViewportSize({ width, height: 900 });
    await admin.go("/clicks");
    await page.evaluate(watchShifts);
    await admin.show("/");
    // The numbers have come, grow older second by second, and come again.
    await passUntilAsked(admin);
    await pass(page, 2);
    expect(await page.evaluate(() => window.readShifts())).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  it("7.4 says up to when data is complete while a tracker is away, and retires it once that is confirmed", async () => {
    const status = page.getByRole("status").filter({ hasText: "Data is complete" });
    const retire = (id: number) => page.getByRole("button", { name: `Retire tracker ${id}`, exact: true });
    const question = page.getByRole("dialog");
    const yes = question.getByRole("button", { name: "Yes, retire it" });
    await admin.show("/");
    expect(await status.count()).toBe(0);
    // Two that are away, and one that is here and has yet to load; by the database's clock they are waited for since now.
    const late = [NOW - HOUR, NOW - 2 * MINUTE, NOW - MINUTE].map(
      (until, index) => `('gone/0${index}', 0, 0, ${until}, ${index === 2 ? NOW : until + 1000}, ${Date.now()}, 0)`,
    );
    await facts.execute(
      `insert into journal_writer (name, segment, position, loaded_until, seen_at, awaited_from, closed) values ${late}`,
    );
    const rows = (await facts.execute("select id from journal_writer where name like 'gone/%' order by name")) as {
      id: number;
    }[];
    const [first = 0, second = 0, third = 0] = rows.map(({ id }) => id);
    await admin.go("/");
    for (const said of [
      "Data is complete up to 17 Jun 11:17:00 only.",
      `Tracker ${first} was last heard of on 17 Jun 11:17:01`,
      /last heard of on 17 Jun 12:15:01, \dm ago\./,
      `Tracker ${third} is loading what it has.`,
    ]) {
      await status.getByText(said).waitFor();
    }
    expect(await retire(third).count()).toBe(0);
    // So does a search that finds nothing.
    await admin.show("/journey/nobody");
    await status.waitFor();
    await admin.show("/");
    for (const [width, scheme] of [
      [1440, "dark"],
      [390, "light"],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme });
      await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe(scheme);
      await retire(first).press("Enter");
      // Nothing is done by a second one.
      await page.keyboard.press("Enter");
      await question.waitFor({ state: "detached" });
      await expect.poll(() => retire(first).evaluate((each) => each === document.activeElement)).toBe(true);
      await admin.settled();
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }

    await retire(first).click();
    await question.getByText("took after 17 Jun 11:17:00 and that only the journal in its DATA_DIR holds").waitFor();
    // Somebody else is faster.
    await waypost.ask("mutation($id: ID!) { retireTracker(id: $id) }", { id: String(first) });
    await yes.click();
    await question.getByRole("alert").getByText(`Nobody waits for tracker ${first}`).waitFor();
    await retire(first).waitFor({ state: "detached" });
    await question.getByRole("button", { name: "Cancel" }).click();

    await status.getByText("Data is complete up to 17 Jun 12:15:00 only.").waitFor();
    await retire(second).click();
    await yes.dblclick();
    await page.getByText(`Tracker ${second} is retired`).waitFor();
    await status.waitFor({ state: "detached" });
    expect(waypost.logLines.filter((line) => line.includes("A tracker is retired"))).toHaveLength(2);
    await facts.execute("delete from journal_writer where name like 'gone/%'");
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});

describe("The dashboard, as time goes by,", () => {
  it("counts on by itself while somebody looks, without moving, and rests while nobody does", async () => {
    const admin = await open();
    const { page, requests, settled, close } = admin;
    const number = async () =>
      Number((await tile(page, "clicks").locator(".tile-number").innerText()).replace(",", ""));
    const boxes = () => Promise.all(TILES.map((name) => tile(page, name).boundingBox()));
    const [before, places] = [await number(), await boxes()];
    await facts.clicks([{ at: NOW, flowId }]);
    await passUntilAsked(admin);
    await expect.poll(number).toBe(before + 1);
    expect(await boxes()).toEqual(places);
    await expect
      .poll(async () => {
        await pass(page, 1);
        return text(page, ".updated");
      })
      .toMatch(/^Updated [2-5]s ago$/);

    await hide(page, true);
    await settled();
    const asked = requests.length;
    await page.clock.runFor(10 * MINUTE);
    await settled();
    expect(requests.length).toBe(asked);
    await hide(page, false);
    await expect.poll(() => requests.length).toBeGreaterThan(asked);
    await close();
  });

  it("keeps its numbers when the server does not answer, says so, and tries again", async () => {
    const { page, wrong, settled, close } = await open();
    const before = await tile(page, "clicks").innerText();
    await page.route("**/graphql", (route) => route.abort());
    await pass(page, REFRESH_SECONDS);
    await page.getByRole("alert").getByText("The server cannot be reached.").waitFor();
    await expect.poll(() => tile(page, "clicks").innerText()).toBe(before);
    await page.unroute("**/graphql");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("alert").waitFor({ state: "detached" });
    await settled();
    expect(wrong.splice(0).filter((each) => !/ERR_FAILED/.test(each))).toEqual([]);
    await close();
  });
});

declare global {
  interface Window {
    /** What moved by itself: how far, by Chromium's measure, and what it was. */
    readShifts(): string[];
  }
}

function watchShifts(): void {
  const shifts: string[] = [];
  const keep = (entries: PerformanceEntryList) => {
    for (const entry of entries) {
      const { value, sources } = entry as unknown as { value: number; sources: { node: Element | null }[] };
      shifts.push(`${value.toFixed(4)} ${sources.map(({ node }) => node?.className ?? node?.nodeName)}`);
    }
  };
  const observer = new PerformanceObserver((list) => keep(list.getEntries()));
  observer.observe({ type: "layout-shift" });
  window.readShifts = () => {
    keep(observer.takeRecords());
    return shifts;
  };
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
