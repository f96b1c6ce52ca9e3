import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { graveViolations } from "../kit/axe.js";
import { type AdminPage, drawn, openAdmin } from "../kit/browser.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const MINUTE = 60_000;
/** When all of this is, on the clocks of browser and server. */
const NOW = Date.parse("2026-06-17T12:17:00Z");
/** As long as such addresses are. */
const IPV4 = "192.168.100.200";
/** The longest that advertisers and visitors can send. */
const LONG = {
  goal: "g".repeat(64),
  uid: "u".repeat(128),
  message: "m ".repeat(2000),
  ip: "2001:db8:85a3:1111:2222:8a2e:370:7334",
};

let waypost: Waypost;
let facts: Facts;
let admin: AdminPage;
let page: Page;
let deleted: string;
beforeAll(async () => {
  waypost = await startWaypost("SQLite", { now: () => NOW });
  facts = await openFacts(waypost);
  await waypost.seedFlow({ name: "Brazil, push", goals: [{ key: "sale" }, { key: "Lead" }] });
  await waypost.seedFlow({
    name: "A name as long as names can be ".repeat(4).slice(0, 120),
    goals: [{ key: "trial" }],
  });
  deleted = (await waypost.seedFlow({ name: "Gone" })).id;
  await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", { id: deleted });
  const at = (index: number) => NOW - (index + 1) * MINUTE;
  const isLong = (index: number) => index % 3 === 0;
  const rows = Array.from({ length: 60 }, (_, index) => ({ at: at(index), flowId: isLong(index) ? 2 : 1 }));
  await facts.clicks(
    rows.map((row, index) => ({
      ...row,
      country: "GB",
      ip: IPV4,
      ...(isLong(index)
        ? { ip: LONG.ip, subId: LONG.uid, source: LONG.uid, destinationUrl: `https://a.example/${LONG.uid}` }
        : {}),
    })),
  );
  await facts.conversions(
    rows.map((row, index) => ({
      ...row,
      status: ConversionStatus.PENDING,
      revenue: isLong(index) ? "999999999.9999" : "2.5000",
      goal: isLong(index) ? "trial" : "sale",
      goalSentKey: String(index),
      uidKey: isLong(index) ? LONG.uid : `order-${index}`,
    })),
  );
  await facts.logs(
    rows.map((row, index) => ({
      ...row,
      ip: IPV4,
      clickHash: "z".repeat(60),
      clickKey: "z".repeat(60),
      ...(isLong(index) ? LONG : {}),
    })),
  );
  admin = await openAdmin(waypost, { now: NOW });
  page = admin.page;
});
afterAll(async () => {
  await admin?.close();
  await facts.close();
  await waypost.close();
});

/** Left edges and widths of the columns, by name. */
const columns = () =>
  page.locator(".table thead th").evaluateAll((heads) =>
    heads.map((head) => {
      const { left, width } = head.getBoundingClientRect();
      return `${head.className.match(/column-\w+/)?.[0]} ${Math.round(left)} ${Math.round(width)}`;
    }),
  );
const filtered = (list: string, filter: object) => `/${list}?filter=${encodeURIComponent(JSON.stringify(filter))}`;
const total = () => page.locator(".page-head .total").innerText();

describe("A list of facts", () => {
  it.each([1366, 1440])("5.5 shows each of its columns whole at %i px, whatever was sent", async (width) => {
    await page.setViewportSize({ width, height: 900 });
    for (const list of ["clicks", "conversions", "postbackLogs"]) {
      await admin.show(`/${list}`);
      await page.locator(".table tbody tr").first().waitFor();
      const wrapper = page.locator(".table .RaDataTable-tableWrapper");
      expect(await wrapper.evaluate((each) => each.scrollWidth - each.clientWidth), list).toBe(0);
      // Nothing lies beyond its own cell, and a moment is never cut.
      const beyond = await page
        .locator(".table td")
        .evaluateAll((cells) =>
          cells
            .filter((cell) =>
              [...cell.querySelectorAll(".cut, time, .chip, .money, button")].some(
                (each) => each.getBoundingClientRect().right > cell.getBoundingClientRect().right + 1,
              ),
            )
            .map((cell) => cell.className),
        );
      expect(beyond, list).toEqual([]);
      // No address of IPv4 is cut.
      const addresses = page.locator("td.column-ip .cut", { hasText: IPV4 });
      if (list !== "conversions") {
        const [cut = 1] = await addresses.evaluateAll((all) => all.map((each) => each.scrollWidth - each.clientWidth));
        expect(cut, list).toBe(0);
      }
      expect(await page.locator("td.column-createdAt time").first().innerText()).toBe("17 Jun 12:16:00");
    }
  });

  it("5.5 shows in the log where a postback came from", async () => {
    await admin.show("/postbackLogs");
    await page.getByRole("columnheader", { name: "IP" }).waitFor();
  });

  it("5.14 keeps its columns where they are from page to page", async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await admin.show("/postbackLogs?perPage=2");
    await page.locator(".table tbody tr").first().waitFor();
    const before = await columns();
    await page.getByRole("button", { name: "Next page" }).click();
    await page.getByText("Page 2 of 30").waitFor();
    expect(await columns()).toEqual(before);
  });

  it("5.7 is asked for anew by a button, with the entry that is open beside it", async () => {
    await admin.show("/clicks");
    await expect.poll(total).toBe("60");
    await facts.clicks([{ at: NOW - 1, flowId: 1 }]);
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect.poll(total).toBe("61");
  });

  it("5.8 shows on a phone what a conversion earns", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await admin.show(filtered("conversions", { goal: "sale" }));
    await expect.poll(() => page.locator(".phone-row").first().innerText()).toMatch(/Pending\s+2\.50\s*USD/);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it("5.9 shows a deleted flow as deleted, in its list and its form", async () => {
    await admin.show(filtered("flows", { deleted: null }));
    const gone = page.locator("tbody tr", { hasText: "Gone" });
    await expect.poll(() => gone.locator(".chip").innerText()).toContain("Deleted");
    await expect
      .poll(() => page.locator("tbody tr", { hasText: "Brazil" }).locator(".chip").innerText())
      .toContain("Active");
    await admin.show(`/flows/${deleted}`);
    await expect.poll(() => page.locator(".page-head .chip").innerText()).toContain("Deleted");
  });

  it("5.14 says when its rows cannot be had, and none of those that are there moves", async () => {
    await admin.show("/clicks");
    const row = page.locator(".table tbody tr").first();
    const top = async () => (await row.boundingBox())?.y;
    const before = await top();
    await page.route("**/graphql", (route) => route.abort());
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByRole("alert").first().waitFor();
    expect(await top()).toBe(before);
    await page.unrouteAll();
    admin.wrong.length = 0;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator(".list-error").waitFor({ state: "detached" });
  });

  it("5.14 has one button that takes all filters away, only while one is set", async () => {
    await admin.show(filtered("conversions", { goal: "sale", status: "PENDING" }));
    await expect.poll(total).toBe("40");
    await page.getByRole("button", { name: "Clear filters" }).click();
    await expect.poll(total).toBe("60");
    expect(await page.getByRole("button", { name: "Clear filters" }).count()).toBe(0);
  });

  it("5.14 is filtered by a goal in any capitals, and offers the goals of the flow", async () => {
    await admin.show("/conversions");
    const goal = page.locator(".filters").getByLabel("Goal", { exact: true });
    const offered = () =>
      goal.evaluate((input: HTMLInputElement) => [...(input.list?.options ?? [])].map(({ value }) => value));
    await goal.focus();
    await expect.poll(offered).toEqual(["Lead", "sale", "trial"]);
    await goal.fill("SALE");
    await expect.poll(total).toBe("40");
    await expect.poll(() => goal.inputValue()).toBe("sale");
    await admin.show(filtered("conversions", { flowId: "2" }));
    await goal.focus();
    await expect.poll(offered).toEqual(["trial"]);
  });
});

/** What stands in the filters' own field and in the address, after whatever still waits has come. */
async function filtersAfterAll() {
  for (const ms of [1, 2000]) {
    await page.clock.runFor(ms);
    await drawn(page);
  }
  await page.clock.resume();
  await admin.settled();
  const filter = JSON.parse(new URLSearchParams(new URL(page.url()).hash.split("?")[1]).get("filter") ?? "{}");
  return { filter, typed: await uid().inputValue() };
}
const uid = () => page.locator(".filters").getByLabel("UID", { exact: true });
const lead = (place: string) =>
  page.evaluate((hash) => {
    location.hash = hash;
  }, `#${place}`);
const YESTERDAY = { zone: "UTC", word: "yesterday" };

describe("A filter that was typed and is not in the address yet", () => {
  const ways: [way: string, act: () => Promise<unknown>, filter: object][] = [
    ["is dropped by a link", () => lead(filtered("conversions", { goal: "sale" })), { goal: "sale" }],
    ["is dropped by the menu", () => page.getByRole("link", { name: "Conversions" }).first().click(), {}],
    ["is dropped by Clear filters", () => page.getByRole("button", { name: "Clear filters" }).click(), {}],
    ["is dropped by the way back", () => page.goBack(), { status: "APPROVED" }],
    [
      "stays with the range that is chosen after it",
      async () => {
        await page.locator(".range").click();
        await page.clock.runFor(400);
        await page.getByRole("menuitem", { name: "Yesterday" }).click();
      },
      { status: "PENDING", uid: "order-1", range: YESTERDAY },
    ],
  ];
  it.each(ways)("5.15 %s", async (_, act, filter) => {
    await admin.show(filtered("conversions", { status: "APPROVED" }));
    await admin.show(filtered("conversions", { status: "PENDING" }));
    await page.locator(".filters").getByText("Pending").waitFor();
    await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1000);
    await uid().fill("order-1");
    await act();
    expect(await filtersAfterAll()).toEqual({ filter, typed: (filter as { uid?: string }).uid ?? "" });
  });

  it("5.15 leaves no trace when it is taken out again: the next link is shown", async () => {
    await admin.show("/conversions");
    await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1000);
    await uid().fill("x");
    await uid().fill("");
    await page.clock.runFor(2000);
    await lead(filtered("conversions", { uid: "order-1" }));
    expect(await filtersAfterAll()).toEqual({ filter: { uid: "order-1" }, typed: "order-1" });
  });
});

describe("The drawer", () => {
  it("5.10 leaves the pages of its list in reach", async () => {
    await page.setViewportSize({ width: 1366, height: 768 });
    await admin.show("/clicks");
    await page
      .getByRole("button", { name: /^View / })
      .first()
      .click();
    await page.getByRole("dialog", { name: "Click" }).waitFor();
    await page.getByRole("button", { name: "Next page" }).click();
    await page.getByText("Page 2 of 2").waitFor();
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it.each([1100, 1366])("5.10 covers nothing of what stands below the rows, %i pixels wide", async (width) => {
    await page.setViewportSize({ width, height: 768 });
    await admin.show("/postbackLogs");
    await page.getByRole("checkbox", { name: "Select this row" }).first().check();
    const view = page.getByRole("button", { name: /^View / }).first();
    await view.focus();
    await page.keyboard.press("Enter");
    const drawer = page.getByRole("dialog", { name: "Postback" });
    await drawer.waitFor();
    await admin.settled();
    const edge = await drawer.evaluate((each) => (each as HTMLElement).offsetLeft);
    for (const part of [page.getByRole("region", { name: "1 selected" }), page.locator(".list-foot")]) {
      const ends = await part
        .locator("button, select, [role=combobox], span")
        .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().right));
      expect(ends.length).toBeGreaterThan(2);
      expect(Math.max(...ends)).toBeLessThanOrEqual(edge);
    }
    await page.getByRole("button", { name: "Select none" }).click();
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it("5.10 goes on to the next row after its own has left the list", async () => {
    await admin.show(`${filtered("conversions", { status: "PENDING", goal: "sale" })}&perPage=5`);
    const views = page.getByRole("button", { name: /^View / });
    const ids = await views.evaluateAll((all) => all.map((each) => each.getAttribute("data-row")));
    await views.nth(1).click();
    const drawer = page.getByRole("dialog", { name: "Conversion" });
    await drawer.getByRole("button", { name: "Approve" }).click();
    await drawer.getByRole("button", { name: "Approve" }).last().click();
    await page.locator(`[data-row="${ids[1]}"]`).waitFor({ state: "detached" });
    const openId = () => new URLSearchParams(new URL(page.url()).hash.split("?")[1]).get("view");
    await drawer.getByRole("button", { name: "Next row" }).click();
    await expect.poll(openId).toBe(ids[2]);
    await drawer.getByRole("button", { name: "Previous row" }).click();
    await expect.poll(openId).toBe(ids[0]);
  });
});

describe("Menus that are open", () => {
  it.each([
    ["columns", () => page.getByRole("button", { name: "Columns" })],
    ["account", () => page.getByRole("button", { name: "Account" })],
    ["date range", () => page.locator(".range")],
    ["time zone", () => page.locator(".zone")],
    ["country", () => page.locator(".filters").getByLabel("Country")],
    ["flow", () => page.locator(".filters").getByLabel("Flow")],
  ])("5.11 have nothing that axe calls serious: %s", async (_, button) => {
    await admin.show("/clicks");
    await button().click();
    await page.locator("[role=menu], [role=listbox], [role=dialog]").first().waitFor();
    await admin.settled();
    // While a menu comes its colours are pale.
    const isThere = () =>
      page
        .locator(".MuiPopover-paper")
        .evaluateAll((papers) => papers.every((each) => getComputedStyle(each).opacity === "1"));
    await expect.poll(isThere).toBe(true);
    const wrong = await graveViolations(page);
    // The first may only close what is offered.
    for (const _ of "12") await page.keyboard.press("Escape");
    expect(wrong).toEqual([]);
  });

  it("5.11 choose and order columns by keyboard", async () => {
    await admin.show("/clicks");
    const heads = () => page.locator(".table thead th").allInnerTexts();
    await page.getByRole("button", { name: "Columns" }).press("Enter");
    const choice = page.getByRole("dialog", { name: "Columns" });
    await choice.getByLabel("Browser", { exact: true }).press("Space");
    await expect.poll(heads).toContain("Browser");
    await choice.getByRole("button", { name: "Move Flow up" }).press("Enter");
    await expect.poll(async () => (await heads()).slice(0, 2)).toEqual(["Flow", "Click hash"]);
    await choice.getByRole("button", { name: "Reset" }).press("Enter");
    await expect.poll(async () => (await heads()).slice(0, 2)).toEqual(["Click hash", "Flow"]);
    await page.keyboard.press("Escape");
    await choice.waitFor({ state: "detached" });
  });
});
