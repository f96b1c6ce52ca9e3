import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdminPage, inAdmin, openAdmin } from "../kit/browser.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const MINUTE = 60_000;

let waypost: Waypost;
let facts: Facts;
let admin: AdminPage;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  facts = await openFacts(waypost);
  const { id, key } = await waypost.seedFlow();
  const now = Date.now();
  await facts.conversions(
    Array.from({ length: 120 }, (_, index) => ({ at: now - (index + 1) * MINUTE, flowId: Number(id) })),
  );
  await waypost.postback({ click: await waypost.click(key), status: "Odd word" });
  admin = await openAdmin(waypost);
});
afterAll(async () => {
  await admin?.close();
  await facts.close();
  await waypost.close();
});

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label") || document.activeElement?.textContent);
const idIn = (page: Page) => new URLSearchParams(new URL(page.url()).hash.split("?")[1]).get("view");
const rowIds = (page: Page) =>
  page.locator("[data-row]").evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset.row));

describe("The focus", () => {
  it.each([
    ["/conversions", "Reject", "Change the status"],
    ["/postbackLogs", "Replay", "Send postbacks through again"],
  ])("5.16 goes back to the button that opened a modal: %s, %s", (path, label, title) =>
    inAdmin(admin, path, async (page) => {
      await page.getByRole("checkbox", { name: "Select this row" }).first().check();
      for (const close of ["Escape", "Cancel"]) {
        await page.getByRole("button", { name: label, exact: true }).focus();
        await page.keyboard.press("Enter");
        const modal = page.getByRole("dialog", { name: title });
        await modal.waitFor();
        await admin.settled();
        if (close === "Escape") await page.keyboard.press("Escape");
        else await modal.getByRole("button", { name: "Cancel" }).click();
        await modal.waitFor({ state: "detached" });
        expect(await focused(page)).toBe(label);
      }
    }),
  );

  it.each([1440, 390])(
    "5.16 is on the drawer when it opens, so that a second Enter stays there, %d pixels wide",
    (width) =>
      inAdmin(
        admin,
        "/conversions",
        async (page) => {
          const open = page.locator("[data-row]").first();
          await open.focus();
          await page.keyboard.press("Enter");
          await page.getByRole("dialog", { name: "Conversion" }).waitFor();
          await page.keyboard.press("Enter");
          await admin.settled();
          expect(idIn(page)).not.toBeNull();
          expect(page.url()).toContain("#/conversions");
          await page.keyboard.press("Escape");
          await page.getByRole("dialog", { name: "Conversion" }).waitFor({ state: "detached" });
          expect(await open.evaluate((each) => each === document.activeElement)).toBe(true);
        },
        { width },
      ),
  );

  it("5.16 on a row's checkbox leaves J, K and Escape their meaning, and a question on top takes them", () =>
    inAdmin(admin, "/conversions", async (page) => {
      const ids = await rowIds(page);
      await page.locator("[data-row]").first().click();
      const drawer = page.getByRole("dialog", { name: "Conversion" });
      await drawer.waitFor();
      await page.getByRole("checkbox", { name: "Select this row" }).first().check();
      await page.keyboard.press("j");
      await expect.poll(() => idIn(page)).toBe(ids[1]);
      await page.keyboard.press("k");
      await expect.poll(() => idIn(page)).toBe(ids[0]);
      await page.getByRole("region", { name: "1 selected" }).getByRole("button", { name: "Reject" }).focus();
      await page.keyboard.press("Enter");
      const question = page.getByRole("dialog", { name: "Change the status" });
      await question.getByRole("button", { name: "Cancel" }).focus();
      await page.keyboard.press("j");
      await page.keyboard.press("Escape");
      await question.waitFor({ state: "detached" });
      expect(idIn(page)).toBe(ids[0]);
      await page.getByRole("checkbox", { name: "Select this row" }).first().focus();
      await page.keyboard.press("Escape");
      await drawer.waitFor({ state: "detached" });
    }));
});

it.each([
  [1440, ".RaDataTable-tableWrapper"],
  [390, ".phone-rows"],
] as const)("5.16 The next page begins with its first row, %d pixels wide", (width, rows) =>
  inAdmin(
    admin,
    "/conversions",
    async (page) => {
      const scroller = page.locator(rows);
      await scroller.evaluate((each) => each.scrollTo({ top: 400 }));
      await expect.poll(() => scroller.evaluate((each) => each.scrollTop)).toBeGreaterThan(300);
      await page.getByRole("button", { name: "Next page" }).click();
      await page.getByText("Page 2 of").waitFor();
      await expect.poll(() => scroller.evaluate((each) => each.scrollTop)).toBe(0);
    },
    { width },
  ),
);
