import { afterAll, beforeAll, expect, it } from "vitest";
import { type AdminPage, inAdmin, openAdmin } from "../kit/browser.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

let waypost: Waypost;
let facts: Facts;
let admin: AdminPage;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  facts = await openFacts(waypost);
  admin = await openAdmin(waypost);
});
afterAll(async () => {
  await admin?.close();
  await facts.close();
  await waypost.close();
});

it("5.18 Of the first minute the words that wait have a dot, and the step's number has none", async () => {
  await waypost.seedFlow();
  await inAdmin(admin, "/", async (page) => {
    const waiting = page.locator(".step.waiting");
    await waiting.waitFor();
    const dotOf = (selector: string) =>
      page.locator(selector).evaluate((each) => {
        const { backgroundColor, width, borderRadius } = getComputedStyle(each, "::before");
        return borderRadius === "50%" && width === "8px" && backgroundColor !== "rgba(0, 0, 0, 0)";
      });
    expect([await dotOf(".step.waiting"), await dotOf(".step.waiting p.waiting")]).toEqual([false, true]);
  });
});

it("5.19 A moment in ISO 8601 stands on one line", async () => {
  const { id } = await waypost.seedFlow();
  const [conversion] = await facts.conversions([{ flowId: Number(id) }]);
  await inAdmin(
    admin,
    `/conversions?view=${conversion?.id}`,
    async (page) => {
      const times = page.getByRole("dialog", { name: "Conversion" }).locator("time span");
      await times.first().waitFor();
      const lines = await times.evaluateAll((all) => all.map((each) => each.getClientRects().length));
      expect(lines.length).toBeGreaterThan(1);
      expect(new Set(lines)).toEqual(new Set([1]));
    },
    { width: 390 },
  );
});

it("5.19 No line of currencies begins with a dot", async () => {
  const { id } = await waypost.seedFlow();
  await facts.conversions(
    ["USD", "EUR", "GBP", "BRL", "JPY", "CHF", "PLN"].map((currency, index) => ({
      flowId: Number(id),
      status: "APPROVED" as never,
      currency,
      revenue: `${9000 - index}.5000`,
    })),
  );
  await inAdmin(
    admin,
    "/",
    async (page) => {
      const note = page.locator("[data-tile=revenue] .tile-note, .tile-note").filter({ hasText: "EUR" }).first();
      await note.waitFor();
      const begins = await note.locator("span").evaluateAll((all) => {
        const tops = all.map((each) => each.getBoundingClientRect().top);
        return all
          .filter((_, index) => tops[index] !== tops[index - 1])
          .map((each) => each.textContent?.charAt(0) ?? "");
      });
      expect(begins.length).toBeGreaterThan(1);
      expect(begins.filter((first) => !/\d/.test(first))).toEqual([]);
    },
    { width: 390 },
  );
});

it("5.19 The revenue of a new goal is typed over its nought", () =>
  inAdmin(admin, "/flows/create", async (page) => {
    await page.getByRole("button", { name: "Add goal" }).click();
    const revenue = page.locator('[name="goals.0.revenue"]');
    await revenue.fill("0");
    await page.locator("[name=name]").click();
    await revenue.click();
    await page.keyboard.type("2,5");
    expect(await revenue.inputValue()).toBe("2,5");
    await revenue.fill("0");
    await page.locator('[name="goals.0.name"]').focus();
    await page.keyboard.press("Tab");
    await revenue.focus();
    await page.keyboard.type("12.5");
    expect(await revenue.inputValue()).toBe("12.5");
  }));

it("5.19 Words that were typed and not added are not dropped by saving", () =>
  inAdmin(admin, "/postbackKeys/1", async (page) => {
    await page.getByText("Add several at once").first().click();
    const several = page.locator(".several").first();
    const words = several.getByLabel("Words");
    await words.fill("rebill, hold on");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await several.getByText("These words are not added yet").waitFor();
    await expect.poll(() => words.evaluate((each) => each === document.activeElement)).toBe(true);
    expect(page.url()).toContain("/postbackKeys/1");
    await several.getByRole("combobox").click();
    await page.getByRole("option", { name: "Approved" }).click();
    await several.getByRole("button", { name: "Add 2 words" }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("heading", { name: "Postback keys", level: 1 }).waitFor();
    const { postbackKey } = await waypost.ask('{ postbackKey(id: "1") { statusWords { word } } }');
    expect(postbackKey.statusWords.map(({ word }: { word: string }) => word)).toEqual(["rebill", "hold on"]);
  }));
