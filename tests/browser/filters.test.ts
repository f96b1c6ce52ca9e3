import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { dayOf } from "../../server/reports/dashboard.js";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { openFacts } from "../kit/facts.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const ZONE = "Europe/Berlin";
const CLICK = "0123456789abcdef0123456789abcdef";
const ANSWERS = [200, 401, 404, 405, 413, 422, 431, 500, 503];
/** When all of this is, on the browser's clock. */
const NOW = Date.parse("2026-06-17T12:17:00Z");
const today = dayOf(ZONE, NOW);
const yesterday = dayOf(ZONE, today.from.getTime() - 1);
/** Days on which clocks change there: of 23 and of 25 hours. */
const SHORT_DAY = { day: "2025-03-30", from: "2025-03-29T23:00:00.000Z", to: "2025-03-30T22:00:00.000Z" };
const LONG_DAY = { day: "2025-10-26", from: "2025-10-25T22:00:00.000Z", to: "2025-10-26T23:00:00.000Z" };

/** Every combination of one of each: a condition that a list forgets shows in its total. */
function everyOf<A, B, C, D = null, E = null>(a: A[], b: B[], c: C[], d = [null] as D[], e = [null] as E[]) {
  return a.flatMap((one) =>
    b.flatMap((two) =>
      c.flatMap((three) => d.flatMap((four) => e.map((five) => [one, two, three, four, five] as const))),
    ),
  );
}
const times = [today.from.getTime(), yesterday.from.getTime(), today.from.getTime() - 1, yesterday.from.getTime() - 1];
const flowIds = [1, 2];

/** A filter as an address carries it; the API takes it alike, but for the range. */
type Filter = Record<string, unknown>;
const range = { range: { zone: ZONE, word: "yesterday" } };
const flow = { flowId: "1" };
const lists: [name: string, type: string, combined: Filter[], more: Filter[]][] = [
  [
    "flows",
    "FlowFilter",
    [{ search: "SALE" }, { status: "PAUSED" }, { archived: false }, { deleted: true }],
    [{ archived: true }, { deleted: false }, { search: " sale " }, { status: "ARCHIVED" }],
  ],
  ["clicks", "ClickFilter", [range, flow, { country: "BR" }], [{ country: "DE" }]],
  [
    "conversions",
    "ConversionFilter",
    [range, flow, { goal: "sale" }, { status: "APPROVED" }, { other: false }, { uid: "Order-7" }, { clickHash: CLICK }],
    [{ other: true }, { status: "PENDING" }, { status: "REJECTED" }, { clickHash: CLICK.toUpperCase() }],
  ],
  [
    "postbackLogs",
    "PostbackLogFilter",
    [range, flow, { status: 404 }, { refused: true }, { clickHash: "{clickid}" }],
    [...ANSWERS.map((status) => ({ status })), { refused: false }],
  ],
];

let waypost: Waypost;
let admin: AdminPage;
let page: Page;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  const facts = await openFacts(waypost);
  await seedFlows();
  await facts.clicks(
    everyOf(times, flowIds, ["BR", "DE", null], Array(10).fill(0)).map(([at, flowId, country]) => ({
      at,
      flowId,
      country,
    })),
  );
  const edges = [SHORT_DAY, LONG_DAY].flatMap(({ from, to }) => [Date.parse(from), Date.parse(to)]);
  await facts.clicks(edges.flatMap((edge) => [edge - 1, edge]).map((at) => ({ at, flowId: 2, country: "FR" })));
  await facts.conversions(
    everyOf(times, flowIds, ["sale", null], Object.values(ConversionStatus), [0, 1, 2, 3]).map(
      ([at, flowId, goal, status, turn], index) => ({
        at,
        flowId,
        goal,
        status,
        goalSentKey: String(index),
        uidKey: turn % 2 ? "Order-7" : "order-7",
        ...(turn > 1 ? { clickHash: CLICK } : {}),
      }),
    ),
  );
  await facts.logs(
    everyOf(times, flowIds, ANSWERS, ["{clickid}", CLICK]).map(([at, flowId, status, clickHash]) => ({
      at,
      flowId,
      status,
      clickHash,
      clickKey: clickHash,
    })),
  );
  await facts.close();
  admin = await openAdmin(waypost, { timezone: ZONE, now: NOW });
  page = admin.page;
});
afterAll(async () => {
  await admin?.close();
  await waypost.close();
});

async function seedFlows(): Promise<void> {
  for (const [name, status, deleted] of everyOf(
    ["Big sale", "Lead"],
    ["ACTIVE", "PAUSED", "ARCHIVED"],
    [false, true],
  )) {
    const { id } = await waypost.seedFlow({ name, status });
    if (deleted) await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", { id });
  }
}

/** Shows a list with a filter, as a link of a colleague does. @returns the total it says, and that of its question. */
async function shownTotal(list: string, filter: Filter): Promise<{ shown: string; answered: string }> {
  // Read on its way: a browser does not keep what must not be stored.
  const answer = new Promise<string>((resolve) => {
    void page.route("**/graphql", async (route) => {
      const response = await route.fetch();
      const body = await response.text();
      if (route.request().postData()?.includes(`"${list}"`)) resolve(body);
      await route.fulfill({ response, body });
    });
  });
  await page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    // The total is the same, and so few rows are drawn in a fraction of the time.
    `#/${list}?filter=${encodeURIComponent(JSON.stringify(filter))}&perPage=2`,
  );
  const { data } = JSON.parse(await answer);
  const answered = data.page.totalCount.toLocaleString("en");
  const total = page.locator(".page-head .total");
  await expect.poll(() => total.innerText(), { message: JSON.stringify(filter) }).toBe(answered);
  await page.unrouteAll({ behavior: "wait" });
  return { shown: await total.innerText(), answered };
}

async function apiTotal(list: string, type: string, { range: isRanged, ...filter }: Filter): Promise<number> {
  const { totalCount } = (
    await waypost.ask(`query($filter: ${type}) { list: ${list}(filter: $filter) { totalCount } }`, {
      filter: { ...filter, ...(isRanged ? { from: yesterday.from, to: yesterday.to } : {}) },
    })
  ).list;
  return totalCount;
}

describe("Filters of a list", () => {
  it.each(lists)(
    "show in %s what the API counts, each alone and each with each",
    async (list, type, combined, more) => {
      const pairs = combined.flatMap((one, index) => combined.slice(index + 1).map((other) => ({ ...one, ...other })));
      const all = await apiTotal(list, type, {});
      for (const filter of [...combined, ...more, ...pairs]) {
        const expected = await apiTotal(list, type, filter);
        expect(expected, JSON.stringify(filter)).toBeGreaterThan(0);
        const isNarrower = !("deleted" in filter) && JSON.stringify(filter) !== '{"deleted":false}';
        if (isNarrower) expect(expected, JSON.stringify(filter)).toBeLessThan(all);
        const shown = expected.toLocaleString("en");
        expect(await shownTotal(list, filter), JSON.stringify(filter)).toEqual({ shown, answered: shown });
      }
    },
  );

  it.each([SHORT_DAY, LONG_DAY])("take a day whole where clocks change: $day", async ({ day }) => {
    const days = { zone: ZONE, from: day, to: day };
    expect((await shownTotal("clicks", { range: days, country: "FR" })).shown).toBe("2");
  });
});

describe("A long list", () => {
  it("is read to its last page by one button, and back again page by page", async () => {
    await admin.show("/clicks");
    await page.getByRole("button", { name: "Last page" }).click();
    await page.getByText("Page 5 of 5").waitFor();
    await page.getByText("201–248 of 248").waitFor();
    await expect.poll(() => page.locator(".list tbody tr").count()).toBe(48);
    await expect.poll(() => page.getByRole("button", { name: "Last page" }).isDisabled()).toBe(true);
    for (const turn of [4, 3, 2, 1]) {
      await page.getByRole("button", { name: "Previous page" }).click();
      await page.getByText(`Page ${turn} of 5`).waitFor();
      await expect.poll(() => page.locator(".list tbody tr").count()).toBe(50);
    }
    await expect.poll(() => page.getByRole("button", { name: "Previous page" }).isDisabled()).toBe(true);
  });
});
