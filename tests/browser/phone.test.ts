import { type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { openFacts } from "../kit/facts.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const HOUR = 3_600_000;
/** When all of this is, on the browser's clock, and when that day began. */
const NOW = Date.parse("2026-06-17T12:17:00Z");
const midnight = Date.parse("2026-06-17T00:00:00Z");

let waypost: Waypost;
let admin: AdminPage;
let page: Page;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  await waypost.seedFlow({ name: "Push" });
  await waypost.seedFlow({ name: "Search" });
  const facts = await openFacts(waypost);
  await facts.clicks(
    [1, 2].flatMap((flowId) =>
      ["BR", "DE"].flatMap((country) =>
        [-1, -26, -50].map((hours) => ({ flowId, country, at: midnight + hours * HOUR })),
      ),
    ),
  );
  await facts.close();
  admin = await openAdmin(waypost, { width: 390, height: 844, timezone: "UTC", now: NOW });
  page = admin.page;
});
afterAll(async () => {
  await admin?.close();
  await waypost.close();
});
beforeEach(() => admin.begin("/clicks"));

const total = () => page.locator(".page-head .total").innerText();
const filter = (label: string) => page.locator(".filters").getByLabel(label, { exact: true });
const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

describe("On a phone", () => {
  it("filters are set, seen and taken away again by touch", async () => {
    await expect.poll(total).toBe("12");
    await page.locator(".range").click();
    await page.getByRole("menuitem", { name: "Yesterday" }).click();
    await expect.poll(total).toBe("4");
    await expect.poll(() => page.locator(".range").innerText()).toContain("Yesterday");
    await filter("Flow").click();
    await page.getByRole("option", { name: "Push" }).click();
    await expect.poll(total).toBe("2");
    await filter("Country").fill("Germ");
    await page.getByRole("option", { name: "Germany" }).click();
    await expect.poll(total).toBe("1");
    expect(await fits()).toBe(true);
    await expect.poll(() => page.locator(".phone-rows li").count()).toBe(1);

    const country = page.locator(".filters .MuiAutocomplete-root", {
      has: page.getByLabel("Country", { exact: true }),
    });
    await country.hover();
    await country.getByRole("button", { name: /clear/i }).click();
    await expect.poll(total).toBe("2");
    await page.locator(".range").click();
    await page.getByRole("menuitem", { name: "Any time" }).click();
    await expect.poll(total).toBe("6");
    await filter("Flow").fill("");
    await page.keyboard.press("Tab");
    await expect.poll(total).toBe("12");
  });

  it("a row is opened by touch, closed, and the list is where it was", async () => {
    await page.locator(".phone-row").nth(3).click();
    const drawer = page.getByRole("dialog", { name: "Click" });
    await drawer.waitFor();
    expect(await fits()).toBe(true);
    await drawer.getByRole("button", { name: "Close" }).click();
    await drawer.waitFor({ state: "detached" });
    await expect.poll(total).toBe("12");
  });
});

describe("The time zone", () => {
  const first = () => page.locator(".phone-rows time").first().getAttribute("title");
  async function choose(zone: string): Promise<void> {
    await page.getByTitle("Time zone").click();
    await page.getByRole("combobox", { name: "Search a city or zone" }).fill(zone);
    await page.getByRole("option", { name: zone }).click();
  }

  it("that is chosen shows times in it, and moves the range of days along", async () => {
    await expect.poll(first).toContain("23:00:00.000 (UTC)");
    await page.locator(".range").click();
    await page.getByRole("menuitem", { name: "Yesterday" }).click();
    await expect.poll(total).toBe("4");
    const isMoved = (filter?: { from?: string }) => filter?.from?.endsWith("T10:00:00.000Z") === true;
    const asked = page.waitForRequest((each) => isMoved(each.postDataJSON()?.variables?.filter));
    await choose("Pacific/Kiritimati");
    const { from, to } = (await asked).postDataJSON().variables.filter;
    expect(Date.parse(to) - Date.parse(from)).toBe(24 * HOUR);
    expect(decodeURIComponent(page.url())).toContain('"zone":"Pacific/Kiritimati"');
    await page.locator(".range").click();
    await page.getByRole("menuitem", { name: "Any time" }).click();
    await expect.poll(first).toContain("13:00:00.000 (Kiritimati)");
  });

  it("stays chosen when the page is opened again", async () => {
    await choose("Asia/Tokyo");
    await expect.poll(first).toContain("08:00:00.000 (Tokyo)");
    await admin.go("/clicks");
    await expect.poll(first).toContain("08:00:00.000 (Tokyo)");
  });
});
