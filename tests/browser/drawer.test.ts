import { type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ParameterReading } from "../../server/conversions/parameter-reader.js";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { openFacts } from "../kit/facts.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const HOSTILE = {
  subid: `<img src=x onerror="document.title='owned'">`,
  __proto__x: "{{constructor.constructor('alert(1)')()}}",
  name: "\u202Egnp.exe\u0007",
  "<b>key</b>": "x".repeat(3000),
  status: ["approved", "rejected"],
  revenue: "4.91",
  deep: { a: [1, "</td><script>document.title='owned'</script>"] },
};

/** How the tracker has read it. */
const READING: ParameterReading[] = [
  { parameter: "click", name: "subid", place: "query", value: HOSTILE.subid },
  { parameter: "revenue", name: "revenue", place: "query", value: "4.91", means: "4.9100" },
];

/** Names without a value, as advertisers send them whose field is empty. */
const EMPTY = { click: "", txid: "  ", goal: ["", null], kw: "a word" };

let waypost: Waypost;
let admin: AdminPage;
let page: Page;
let ids: string[];
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  const facts = await openFacts(waypost);
  const now = Date.now();
  const logs = await facts.logs(
    Array.from({ length: 5 }, (_, index) => ({
      at: now - index * 60_000,
      status: index === 1 ? 422 : 200,
      code: index === 1 ? "CLICK_MISSING" : "RECORDED",
      message: index === 1 ? HOSTILE.subid : "Recorded.",
      reading: [null, READING, []][index] ?? null,
      payload: [null, HOSTILE, EMPTY][index] ?? { click: String(index) },
      suppressed: index === 1 ? 3 : 0,
      payloadCut: index === 1,
    })),
  );
  ids = logs.map(({ id }) => id);
  await facts.close();
  admin = await openAdmin(waypost, { path: "/postbackLogs" });
  page = admin.page;
});
afterAll(async () => {
  await admin?.close();
  await waypost.close();
});
beforeEach(async () => {
  await admin.show("/postbackLogs");
  await drawer().waitFor({ state: "detached" });
});

const drawer = () => page.getByRole("dialog", { name: "Postback" });
const openId = () => new URLSearchParams(new URL(page.url()).hash.split("?")[1]).get("view");
const view = (index: number) => page.getByRole("button", { name: `View ${ids[index]}` });

describe("The View drawer", () => {
  it("opens by mouse, shows everything that was sent, as sent, and leaves the list in use", async () => {
    await view(1).click();
    await drawer().getByText("CLICK_MISSING").waitFor();
    const sent = drawer().locator(".json-table tr");
    const rows = () =>
      sent.evaluateAll((all) => all.map((row) => [...row.children].map(({ textContent }) => textContent)));
    await expect.poll(rows).toEqual([
      ["subid", HOSTILE.subid, "not usable as click"],
      ["__proto__x", HOSTILE.__proto__x, "kept"],
      ["name", HOSTILE.name, "kept"],
      ["<b>key</b>", HOSTILE["<b>key</b>"], "kept"],
      ["status", "approved\nrejected", "kept"],
      ["revenue", "4.91", "read as revenue"],
      ["deep", JSON.stringify(HOSTILE.deep), "kept"],
    ]);
    await expect.poll(() => drawer().locator("img, script, b").count()).toBe(0);
    expect(await page.title()).not.toContain("owned");
    await expect.poll(() => drawer().getByText("3 more like this one were answered").isVisible()).toBe(true);
    await expect.poll(() => drawer().getByText("longer than is kept").isVisible()).toBe(true);
    expect(await drawer().evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    await page
      .locator("td.column-flow")
      .first()
      .click({ position: { x: 8, y: 8 } });
    await expect.poll(openId).toBe(ids[0]);
  });

  it("5.14 calls empty what was sent without a value, and not kept", async () => {
    await view(2).click();
    await drawer().getByText("kw", { exact: true }).waitFor();
    expect(await drawer().locator(".json-table .read-as").allInnerTexts()).toEqual(["empty", "empty", "empty", "kept"]);
  });

  it("1.6 says of a click what of it is cut", async () => {
    const { key } = await waypost.seedFlow();
    const click = await waypost.click(key, `?sub_id=${"x".repeat(600)}&kw=${"y".repeat(600)}`);
    await waypost.ask("{ clicks { totalCount } }");
    await admin.show(`/clicks?view=${click}`);
    const opened = page.getByRole("dialog", { name: "Click" });
    await opened.getByText("Truncated", { exact: true }).waitFor();
    await opened.getByText("query.kw, sub_id", { exact: true }).waitFor();
  });

  it("opens, walks and closes by keyboard alone, and gives the focus back", async () => {
    await view(0).focus();
    await page.keyboard.press("Enter");
    await drawer().getByText("RECORDED", { exact: true }).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await drawer()
      .getByText(ids[2] as string)
      .waitFor();
    await page.keyboard.press("k");
    await drawer()
      .getByText(ids[1] as string)
      .waitFor();
    await expect.poll(openId).toBe(ids[1]);
    await page.keyboard.press("Escape");
    await drawer().waitFor({ state: "detached" });
    await expect.poll(openId).toBe(null);
    await expect.poll(() => view(1).evaluate((button) => button === document.activeElement)).toBe(true);
  });

  it("stays with the address: Back closes it, reload keeps it, a link opens it for somebody else", async () => {
    await view(3).click();
    await drawer().waitFor();
    const link = page.url();
    await page.reload();
    await drawer().waitFor();
    await page.goBack();
    await drawer().waitFor({ state: "detached" });
    const colleague = await openAdmin(waypost, { width: 390, height: 844 });
    await colleague.page.goto(link);
    await colleague.page
      .getByRole("dialog", { name: "Postback" })
      .getByText(ids[3] as string)
      .waitFor();
    await colleague.page.keyboard.press("Escape");
    await colleague.page.getByRole("dialog").waitFor({ state: "detached" });
    await colleague.close();
  });

  it("says so when there is no such entry", async () => {
    await admin.show(`/postbackLogs?view=${"f".repeat(32)}`);
    await page.getByText("There is no such entry.").waitFor();
  });
});
