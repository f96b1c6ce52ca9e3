import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations } from "../kit/axe.js";
import { openAdmin } from "../kit/browser.js";
import { type EngineAdmin, engines, openEngine, watchedAdmin } from "../kit/engines.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const NOW = Date.parse("2026-11-30T12:00:00Z");

let waypost: Waypost;
beforeAll(async () => {
  waypost = await startWaypost("SQLite", { now: () => NOW, adminFolder: watchedAdmin(NOW) });
});
afterAll(() => waypost.close());

describe.each(engines)("5.6 In %s the choice of a zone", (engine) => {
  let admin: EngineAdmin;
  beforeAll(async () => {
    admin = await openEngine(engine, waypost, "Asia/Kolkata");
    await admin.go("/");
  });
  afterAll(() => admin?.close());
  const button = () =>
    admin.run(() => (document.querySelector(".top .zone") as HTMLElement).innerText.replace(/\s+/g, " ").trim());
  const options = () =>
    admin.run(() => [...document.querySelectorAll("[role=option]")].map(({ textContent }) => textContent));
  async function open(): Promise<void> {
    await admin.click(".top .zone");
    await admin.see(".zone-choice input");
    await expect.poll(() => admin.run(() => document.activeElement?.getAttribute("role"))).toBe("combobox");
  }
  const isClosed = () => admin.run(() => document.querySelector(".zone-choice") === null);

  it("5.17 says the city as it is called now", async () => {
    await expect.poll(button).toBe("Kolkata UTC+5:30");
  });

  it.each([
    ["brazil", /^America\/Sao PauloBrazil · UTC-3$/, "Sao Paulo UTC-3"],
    ["utc-3", /UTC-3$/, null],
    ["kyiv", /^Europe\/KyivUkraine · UTC\+2$/, "Kyiv UTC+2"],
    ["ho chi minh", /^Asia\/Ho Chi MinhVietnam · UTC\+7$/, "Ho Chi Minh UTC+7"],
    ["calcutta", /^Asia\/KolkataIndia · UTC\+5:30$/, "Kolkata UTC+5:30"],
    ["utc", /^UTCUTC$/, "UTC"],
  ])("is typed into, finds %s, and is chosen from by keys", async (text, option, shown) => {
    await open();
    // It opens below its field, with the focus in it, and all zones to choose from.
    await expect.poll(async () => (await options()).length).toBeGreaterThan(300);
    expect(
      await admin.run(() => {
        const [field, list] = ["input", "ul"].map((name) =>
          document.querySelector(`.zone-choice ${name}`)?.getBoundingClientRect(),
        );
        return field && list && list.top >= field.bottom;
      }),
    ).toBe(true);
    await admin.type(text);
    await expect.poll(async () => (await options()).length).toBeLessThan(60);
    expect(await options()).toContainEqual(expect.stringMatching(option));
    if (shown === null) {
      await admin.key("Escape");
    } else {
      const steps = (await options()).findIndex((each) => option.test(each ?? ""));
      for (let step = 0; step < steps; step += 1) await admin.key("ArrowDown");
      await admin.key("Enter");
    }
    await expect.poll(isClosed).toBe(true);
    if (shown) await expect.poll(button).toBe(shown);
    await expect.poll(() => admin.run(() => document.activeElement?.classList.contains("zone"))).toBe(true);
  });

  it("is chosen from by the pointer, and says when nothing is found", async () => {
    await open();
    await admin.type("nowhere");
    await admin.see(".zone-choice [role=status]", "No zone is called this.");
    await admin.key("Escape");
    await expect.poll(isClosed).toBe(true);
    await open();
    await admin.type("rangoon");
    await admin.click("[role=option]", /^Asia\/Yangon/);
    await expect.poll(button).toBe("Yangon UTC+6:30");
  });
});

it.each([
  [1440, "light"],
  [1440, "dark"],
  [390, "light"],
] as const)("5.6 axe finds nothing in the open choice of a zone, %i px wide, %s", async (width, scheme) => {
  const { page, settled, close } = await openAdmin(waypost, { width, height: 800, scheme, timezone: "Asia/Kolkata" });
  await page.locator(".top .zone").click();
  await page.getByRole("option").first().waitFor();
  await settled();
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish();
  });
  await expect
    .poll(() => page.locator(".MuiPopover-paper").evaluate((paper) => getComputedStyle(paper).opacity))
    .toBe("1");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("combobox").fill("nowhere");
  await page.getByText("No zone is called this.").waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await close();
});
