import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { openFacts } from "../kit/facts.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const IMAGE = `<img src=x onerror="document.title='owned'">`;
const SCRIPT = `</td></script><script>document.title='owned'</script>`;
const TEMPLATE = "{{constructor.constructor('alert(1)')()}} %{smart_count} ||||";
const BACKWARDS = "\u202Egnp.exe\u2066\u200B";
const CONTROLS = "\u0001\u0007\u001b[31mred\u007f\u0085";
const LONG = "W".repeat(3000);
const ADDRESS = `javascript:document.title='owned'//${IMAGE}`;

/** Where in a list, and where in the drawer of its entry, each of these stands as it was sent. */
interface Place {
  list: string;
  drawer: string;
  listed: string[];
  whole: string[];
}
const places: Place[] = [
  {
    list: "clicks",
    drawer: "Click",
    listed: [IMAGE, BACKWARDS, CONTROLS, `evil.example/${SCRIPT}`],
    whole: [IMAGE, SCRIPT, TEMPLATE, BACKWARDS, CONTROLS, LONG, ADDRESS],
  },
  { list: "conversions", drawer: "Conversion", listed: [IMAGE, TEMPLATE], whole: [IMAGE, SCRIPT, TEMPLATE] },
  {
    list: "postbackLogs",
    drawer: "Postback",
    listed: [IMAGE, SCRIPT, BACKWARDS, CONTROLS],
    whole: [IMAGE, SCRIPT, TEMPLATE, BACKWARDS, CONTROLS, LONG],
  },
];

let waypost: Waypost;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  const flow = await waypost.seedFlow({
    name: IMAGE,
    status: "ACTIVE",
    defaultSource: SCRIPT,
    paths: [{ name: BACKWARDS, url: "https://example.com/?c={click}" }],
    goals: [{ key: SCRIPT, name: TEMPLATE }],
  });
  await waypost.ask("mutation($name: String) { generatePostbackKey(name: $name) { id } }", { name: IMAGE });
  const facts = await openFacts(waypost);
  const flowId = Number(flow.id);
  await facts.clicks([
    {
      flowId,
      subId: BACKWARDS,
      source: CONTROLS,
      userAgent: LONG,
      referrer: ADDRESS,
      language: TEMPLATE,
      destinationUrl: `https://evil.example/${SCRIPT}`,
      params: { [IMAGE]: SCRIPT, more: LONG },
    },
  ]);
  await facts.conversions([{ flowId, goal: IMAGE, goalSentKey: SCRIPT, uidKey: TEMPLATE }]);
  await facts.logs([
    {
      flowId,
      status: 422,
      code: "CLICK_UNREPLACED",
      clickHash: BACKWARDS,
      clickKey: BACKWARDS,
      goal: CONTROLS,
      message: SCRIPT,
      payload: { [IMAGE]: TEMPLATE, click: BACKWARDS, long: LONG, status: [SCRIPT, CONTROLS] },
    },
  ]);
  await facts.close();
});
afterAll(() => waypost.close());

/** What stands in the page as text where nothing of it has become an element or has run. */
async function textOf(page: Page, place: string): Promise<string> {
  const element = page.locator(place);
  const ours = 'img:not(.flag), script, iframe, b, a[href^="javascript" i], [onerror]';
  await expect.poll(() => element.locator(ours).count()).toBe(0);
  expect(await page.title()).not.toContain("owned");
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
    .toBeLessThanOrEqual(0);
  return (await element.evaluate((each) => each.textContent)) ?? "";
}

describe.each([1440, 390])("What strangers send, at %d px", (width) => {
  let admin: AdminPage;
  let page: Page;
  beforeAll(async () => {
    admin = await openAdmin(waypost, { width });
    page = admin.page;
  });
  afterAll(() => admin?.close());

  it.each(places)("is text in $list and in the drawer of its entry", async ({ list, drawer, listed, whole }) => {
    await admin.show(`/${list}`);
    await page.locator("[data-row]").first().waitFor();
    const text = await textOf(page, "main");
    if (width === 1440) for (const each of listed) expect(text).toContain(each);
    await page.locator("[data-row]").first().click();
    await page.getByRole("dialog", { name: drawer }).getByText(IMAGE).first().waitFor();
    const shown = await textOf(page, "dialog");
    for (const each of whole) expect(shown).toContain(each);
  });

  it("is text in the list of flows, in the form of one, in the filters and on the dashboard", async () => {
    const { show } = admin;
    await show("/flows");
    await page.locator("[data-row]").first().waitFor();
    expect(await textOf(page, "main")).toContain(IMAGE);
    await page.locator("[data-row]").first().click();
    await page.getByRole("heading", { name: IMAGE }).waitFor();
    expect(await textOf(page, "main")).toContain(IMAGE);
    await expect.poll(() => page.locator('[name="goals.0.key"]').inputValue()).toBe(SCRIPT);

    await show("/clicks");
    await page.locator(".filters").getByLabel("Flow", { exact: true }).click();
    await page.getByRole("option", { name: IMAGE }).click();
    await expect.poll(() => page.locator(".filters").getByLabel("Flow", { exact: true }).inputValue()).toBe(IMAGE);
    await textOf(page, "body");
    await show("/postbackKeys");
    await page.getByText(IMAGE).first().waitFor();
    await textOf(page, "main");
    await show("/");
    await page.locator('[data-panel="conversions"]').getByText(IMAGE).waitFor();
    expect(await textOf(page, "main")).toContain(SCRIPT);
  });
});
