import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { until } from "../kit/until.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const HOUR = 3_600_000;
const ZONE = "America/Sao_Paulo";
/** When all of this is, on the browser's clock. */
const NOW = Date.parse("2026-06-17T12:17:00Z");
/** Three hours behind UTC, without summer time: today there began at this moment. */
const today = Date.parse("2026-06-17T03:00:00Z");
const yesterday = today - 24 * HOUR;
/** Rows on a page where their number does not matter: the fewer are drawn, the less time it takes. */
const FEW = 5;
const CLICK = "0123456789abcdef0123456789abcdef";
const HOSTILE = `<img src=x onerror="document.title='owned'">\u202Etxt.exe'"\`;--`;

/** The filter in a list's address. */
function filterOf(url: string): string {
  return new URLSearchParams(new URL(url).hash.split("?")[1]).get("filter") ?? "{}";
}

/** A filter as an operator sets it, and as the API takes it. */
interface Filter {
  label: string;
  /** Typed, or chosen from a list. */
  type?: string;
  choose?: string;
  api: object;
}

const range: Filter = {
  label: "range",
  choose: "Yesterday",
  api: { from: new Date(yesterday).toISOString(), to: new Date(today).toISOString() },
};
const flow: Filter = { label: "Flow", choose: "Brazil, push", api: { flowId: "1" } };

/** Every list of facts with every filter it has. */
const lists: [name: string, title: string, filters: Filter[]][] = [
  ["clicks", "Clicks", [range, flow, { label: "Country", choose: "Brazil", api: { country: "BR" } }]],
  [
    "conversions",
    "Conversions",
    [
      range,
      flow,
      { label: "Goal", type: " sale ", api: { goal: "sale" } },
      { label: "Status", choose: "Approved", api: { status: "APPROVED" } },
      { label: "Goal kind", choose: "A goal of the flow", api: { other: false } },
      { label: "UID", type: "Order-7", api: { uid: "Order-7" } },
      { label: "Click hash", type: CLICK.toUpperCase(), api: { clickHash: CLICK } },
    ],
  ],
  [
    "postbackLogs",
    "Postback log",
    [
      range,
      flow,
      { label: "Answer", choose: "404", api: { status: 404 } },
      { label: "Click hash", type: "{clickid}", api: { clickHash: "{clickid}" } },
    ],
  ],
];

/** Its neighbours have SQLite behind them; that both answer alike is tested where they are asked: by the API. */
describe("Lists in the browser, on MySQL", () => {
  let waypost: Waypost;
  let facts: Facts;
  let admin: AdminPage;
  let page: Page;

  beforeAll(async () => {
    waypost = await startWaypost("MySQL");
    facts = await openFacts(waypost);
    for (const name of ["Brazil, push", "Brazil, search"]) {
      await waypost.seedFlow({ name, key: name.replace(/\W+/g, "-").toLowerCase(), goals: [{ key: "sale" }] });
    }
    const times = [today + 1, today - 1, yesterday, yesterday - 1];
    /** Every combination of time, flow and one more property, so that each condition alone tells rows apart. */
    const spread = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        at: times[index % 4] as number,
        flowId: 1 + ((index >> 2) % 2),
        turn: index >> 3,
      }));
    await facts.clicks(
      spread(208).map(({ turn, ...row }) => ({
        ...row,
        country: ["BR", "DE", null][turn % 3] ?? null,
        subId: turn % 5 ? `sub-${turn}` : HOSTILE,
        source: HOSTILE,
      })),
    );
    await facts.conversions(
      spread(96).map(({ turn, ...row }, index) => ({
        ...row,
        goal: turn % 2 ? "sale" : null,
        goalSentKey: `${index} ${HOSTILE.slice(0, 40)}`,
        status: Object.values(ConversionStatus)[(turn >> 1) % 3] as ConversionStatus,
        uidKey: turn < 6 ? "Order-7" : `order-${index}`,
        ...(turn < 4 ? { clickHash: CLICK } : {}),
      })),
    );
    await facts.logs(
      spread(96).map(({ turn, ...row }) => ({
        ...row,
        status: [200, 404, 422, 401][turn % 4] as number,
        message: HOSTILE,
        ...(turn % 3 ? {} : { clickHash: "{clickid}", clickKey: "{clickid}" }),
      })),
    );
    admin = await openAdmin(waypost, { timezone: ZONE, now: NOW });
    page = admin.page;
  });
  afterAll(async () => {
    await admin?.close();
    await facts.close();
    await waypost.close();
  });

  /** What the list says; nothing as long as it does not know. */
  const total = async () => {
    const text = await page.locator(".total").textContent();
    return text ? Number(text.replaceAll(",", "")) : null;
  };
  async function expected(list: string, filter: object): Promise<number> {
    const type = `${list.charAt(0).toUpperCase()}${list.slice(1, -1)}Filter`;
    const answer = await waypost.ask(`query($filter: ${type}) { ${list}(filter: $filter) { totalCount } }`, { filter });
    return answer[list].totalCount;
  }
  async function set({ label, type, choose }: Filter): Promise<void> {
    const before = filterOf(page.url());
    const field = page.locator(".filters").getByLabel(label, { exact: true });
    if (type !== undefined) await field.fill(type);
    else if (label === "range") {
      await page.locator(".range").click();
      await page.getByRole("menuitem", { name: choose }).click();
    } else {
      await field.click();
      await page.getByRole("option", { name: choose }).first().click();
    }
    // Typing is waited for half a second; then the address says it.
    await page.waitForURL((url) => filterOf(url.href) !== before);
  }

  /** Reads until what is read is as it has to be. */
  async function pollFor<T>(read: () => Promise<T>, isRight: (value: T) => boolean): Promise<T> {
    let value = await read();
    await until(async () => {
      value = await read();
      return isRight(value);
    });
    return value;
  }

  it.each(lists)("%s: each filter alone and all together show what the API counts", async (list, title, filters) => {
    const all = await expected(list, {});
    const clear = async () => {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `#/${list}?filter={}&perPage=${FEW}`);
      await expect.poll(total).toBe(all);
    };
    for (const filter of filters) {
      await clear();
      await set(filter);
      const count = await expected(list, filter.api);
      await expect.poll(total, { message: `${list} by ${filter.label}` }).toBe(count);
      expect(count, filter.label).toBeGreaterThan(0);
      expect(count, filter.label).toBeLessThan(all);
      await expect.poll(() => page.getByRole("heading", { level: 1 }).textContent()).toBe(title);
    }
    await clear();
    for (const filter of filters) await set(filter);
    const together = Object.assign({}, ...filters.map(({ api }) => api));
    const left = await expected(list, together);
    expect(left).toBeGreaterThan(0);
    await expect.poll(total).toBe(left);
    await expect.poll(() => page.locator("tbody tr").count()).toBe(Math.min(FEW, left));
  });

  it("pages lead to the last one; Back, reload and a sent link show the same", async () => {
    await admin.go("/clicks");
    const hashesOf = (list: Page) =>
      list
        .locator("td.column-id")
        .evaluateAll((cells) => cells.map((cell) => cell.querySelector("[title]")?.getAttribute("title") ?? ""));
    const hashes = () => hashesOf(page);
    await expect.poll(async () => (await hashes()).length).toBe(50);
    const seen = new Set(await hashes());
    for (let turn = 2; turn <= 5; turn += 1) {
      await page.getByRole("button", { name: "Next page" }).click();
      await page.getByText(`Page ${turn} of 5`).waitFor();
      const shown = await pollFor(hashes, (all) => all.length > 0 && !all.some((hash) => seen.has(hash)));
      for (const hash of shown) seen.add(hash);
    }
    expect(seen.size).toBe(208);
    await page.getByText("201–208 of 208").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Next page" }).isDisabled()).toBe(true);

    await admin.go("/clicks");
    await set(flow);
    await set(range);
    // The rows have followed: what is pressed while the page still draws them takes the filter of before.
    await expect.poll(total).toBe(await expected("clicks", { ...flow.api, ...range.api }));
    await page.getByRole("columnheader", { name: "Time" }).getByRole("button").click();
    const rows = await pollFor(hashes, (all) => all.length > 0 && all.join() === [...all].sort().join());
    const view = { url: page.url(), rows };
    await page.reload();
    await expect.poll(hashes).toEqual(view.rows);
    await page.getByRole("link", { name: "Conversions" }).first().click();
    await page.getByRole("heading", { name: "Conversions" }).waitFor();
    await page.goBack();
    await expect.poll(hashes).toEqual(view.rows);

    const colleague = await openAdmin(waypost, { timezone: "Asia/Tokyo", now: NOW });
    await colleague.page.goto(view.url);
    await expect.poll(() => hashesOf(colleague.page)).toEqual(view.rows);
    await colleague.page.getByText("Sao Paulo, from link").waitFor();
    await colleague.page.getByRole("button", { name: "Back to Tokyo" }).click();
    await colleague.page.getByText("Tokyo", { exact: true }).waitFor();
    await colleague.close();
  });

  it("a custom range includes its last day", async () => {
    await admin.go("/clicks");
    await page.locator(".range").click();
    const day = (ms: number) => new Date(ms - 3 * HOUR).toISOString().slice(0, 10);
    await page.getByLabel("First day").fill(day(yesterday));
    await page.getByLabel("Last day").fill(day(today));
    await page.getByRole("button", { name: "Show" }).click();
    const days = { from: new Date(yesterday).toISOString(), to: new Date(today + 24 * HOUR).toISOString() };
    expect(await expected("clicks", days)).toBe(156);
    await expect.poll(total).toBe(156);
  });

  it("what visitors and advertisers sent is text, whatever it is", async () => {
    for (const [name, title] of lists) {
      const path = `/${name}`;
      await admin.show(path);
      await page.getByRole("heading", { name: title, level: 1 }).waitFor();
      await page.locator("tbody tr").first().waitFor();
      await expect.poll(() => page.getByText("<img src=x").count()).toBeGreaterThan(path === "/conversions" ? -1 : 0);
      await expect.poll(() => page.locator("td img:not(.flag)").count()).toBe(0);
      expect(await page.title()).not.toContain("owned");
    }
  });

  it.each([
    ["a broken filter", "/clicks?filter=%7Bbroken"],
    ["a filter that is none", "/clicks?filter=%5B1%5D"],
    ["a zone that is none", '/clicks?filter={"range":{"word":"7d","zone":"Mars/Olympus"}}'],
    ["a day that is none", '/clicks?filter={"range":{"from":"2026-02-31","zone":"UTC"}}'],
    ["a page beyond the end", "/clicks?page=99&perPage=50"],
    ["a page that is none", "/clicks?page=-1&perPage=50"],
  ])("an address with %s shows a list or says what is wrong, and crashes nothing", async (_, path) => {
    await admin.show(path);
    await page.getByRole("heading", { name: "Clicks", level: 1 }).waitFor();
    await expect
      .poll(async () => (await page.locator("tbody tr").count()) + (await page.locator(".empty").count()))
      .toBeGreaterThan(0);
    await admin.settled();
    admin.wrong.length = 0;
  });
});
