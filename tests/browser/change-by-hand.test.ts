import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations } from "../kit/axe.js";
import { type AdminPage, inAdmin, openAdmin, type WindowSize } from "../kit/browser.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { EMAIL, startWaypost, type Waypost } from "../kit/waypost.js";

const MINUTE = 60_000;
const HOSTILE = `<img src=x onerror="document.title='owned'"> by phone`;

let waypost: Waypost;
let admin: AdminPage;
let facts: Facts;
let flowId: number;
let flowKey: string;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  facts = await openFacts(waypost);
  const { id, key } = await waypost.seedFlow({ name: "Brazil, push" });
  [flowId, flowKey] = [Number(id), key];
  const now = Date.now();
  await facts.conversions(
    Array.from({ length: 70 }, (_, index) => ({ at: now - (index + 1) * MINUTE, flowId, uidKey: `order-${index}` })),
  );
  admin = await openAdmin(waypost);
});
afterAll(async () => {
  await admin?.close();
  await facts.close();
  await waypost.close();
});

const total = async (filter: object) =>
  (await waypost.ask("query($filter: ConversionFilter) { conversions(filter: $filter) { totalCount } }", { filter }))
    .conversions.totalCount;
const change = (ids: string[], status: string) =>
  waypost.ask(
    "mutation($ids: [ID!], $expected: Int!, $status: ConversionStatus!) { changeConversions(filter: { ids: $ids }, expected: $expected, status: $status) { changed } }",
    { ids, expected: ids.length, status },
  );
const filtered = (filter: object) => `/conversions?filter=${encodeURIComponent(JSON.stringify(filter))}`;
const withAdmin = (path: string, run: (page: Page) => Promise<void>, size?: WindowSize) =>
  inAdmin(admin, path, run, size);

describe("Conversions are changed by hand", () => {
  it("some, once their number is confirmed, with a note, by keyboard alone", () =>
    withAdmin("/conversions", async (page) => {
      const rows = page.getByRole("checkbox", { name: "Select this row" });
      for (const index of [0, 2]) {
        await rows.nth(index).focus();
        await page.keyboard.press("Space");
      }
      const bar = page.getByRole("region", { name: "2 selected" });
      await bar.getByRole("button", { name: "Approve" }).focus();
      await page.keyboard.press("Enter");
      const question = page.getByRole("dialog", { name: "Change the status" });
      await question.getByRole("heading", { name: "Approve 2 conversions?" }).waitFor();
      await page.keyboard.type("Confirmed by phone");
      await page.keyboard.press("Enter");
      await page.getByText("2 conversions were changed.").waitFor();
      await bar.waitFor({ state: "detached" });
      await page.locator("tbody tr").nth(2).getByText("Approved").waitFor();
      expect(await total({ status: "APPROVED" })).toBe(2);
    }));

  it("none, when the question is left by Escape", () =>
    withAdmin("/conversions", async (page) => {
      await page.getByRole("checkbox", { name: "Select this row" }).nth(5).check();
      await page.getByRole("button", { name: "Reject" }).click();
      await page.getByRole("heading", { name: "Reject this conversion?" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Select none" }).click();
      await page.getByRole("region", { name: "selected" }).waitFor({ state: "detached" });
      expect(await total({ status: "REJECTED" })).toBe(0);
    }));

  it("all that a filter leaves, on all pages, and none that comes in meanwhile", () =>
    withAdmin(filtered({ status: "PENDING" }), async (page) => {
      await page.getByRole("checkbox", { name: "Select all" }).check();
      await page.getByRole("region", { name: "50 selected" }).waitFor();
      await page.getByRole("button", { name: "All 68 in this filter" }).click();
      await page.getByRole("region", { name: "68 selected" }).waitFor();
      await page.getByRole("checkbox", { name: "Select this row" }).first().uncheck();
      await page.getByRole("region", { name: "49 selected" }).waitFor();
      await page.getByRole("button", { name: "All 68 in this filter" }).click();
      await page.getByRole("region", { name: "68 selected" }).waitFor();
      await facts.conversions([{ flowId }]);
      await page.getByRole("button", { name: "Reject" }).click();
      await page.getByText("Reject 68 conversions?").waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole("button", { name: "Yes, reject" }).click();
      await page.getByText("68 conversions were changed.").waitFor();
      await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
      expect(await total({ status: "REJECTED" })).toBe(68);
    }));

  it("none, where there are others than were counted: that is said, with the new number", () =>
    withAdmin(filtered({ status: "REJECTED" }), async (page) => {
      await page.getByRole("checkbox", { name: "Select this row" }).first().check();
      await page.getByRole("button", { name: "All 68 in this filter" }).click();
      await page.getByRole("button", { name: "Set pending" }).click();
      const question = page.getByRole("dialog");
      await question.getByText("Set 68 conversions to pending?").waitFor();
      const { items } = (await waypost.ask("{ conversions(filter: { status: REJECTED }) { items { id } } }"))
        .conversions;
      await change([items[9].id], "APPROVED");
      await question.getByRole("button", { name: "Yes, set pending" }).click();
      await question.getByRole("alert").getByText("leaves 67 now, not 68: nothing was changed").waitFor();
      await question.getByText("Set 67 conversions to pending?").waitFor();
      expect(await total({ status: "REJECTED" })).toBe(67);
      await question.getByRole("button", { name: "Yes, set pending" }).click();
      await page.getByText("67 conversions were changed.").waitFor();
    }));

  it("one in its drawer, whose history says what changed, by which postback or by whom, and why", async () => {
    const click = await waypost.click(flowKey);
    const { body } = await waypost.postback({ click, uid: "order-x", revenue: "2.5" });
    await waypost.postback({ click, uid: "order-x", revenue: "3" });
    await withAdmin(`/conversions?view=${body.conversionId}`, async (page) => {
      const drawer = page.getByRole("dialog", { name: "Conversion" });
      await drawer.getByRole("button", { name: "Approve" }).click();
      await drawer.getByRole("heading", { name: "Approve this conversion?" }).waitFor();
      await page.keyboard.press("Escape");
      await drawer.getByRole("button", { name: "Approve" }).click();
      await drawer.getByLabel("Note for the history").fill("x".repeat(501));
      await drawer.getByRole("button", { name: "Yes, approve" }).click();
      await drawer.getByRole("alert").getByText("The note has 501 characters; at most 500 are allowed.").waitFor();
      await drawer.getByLabel("Note for the history").fill(HOSTILE);
      await drawer.getByRole("button", { name: "Yes, approve" }).click();
      await page.getByText("One conversion was changed.").waitFor();
      const entries = drawer.locator(".history li");
      await expect.poll(() => entries.count()).toBe(3);
      const said = (await entries.allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
      expect(said[0]).toMatch(/by a postback ◷ ?Pending 2\.50 USD$/);
      expect(said[1]).toMatch(/by a postback 2\.50 USD → 3\.00 USD$/);
      expect(said[2]).toContain(`by ${EMAIL}`);
      expect(said[2]).toMatch(/◷ ?Pending → ✓ ?Approved /);
      expect(said[2]).toContain(HOSTILE);
      expect(await violations(page)).toEqual([]);
      await entries.nth(1).getByRole("link", { name: "by a postback" }).click();
      await page.getByRole("dialog", { name: "Postback" }).getByText("UPDATED", { exact: true }).waitFor();
    });
  });

  it("on a phone too", () =>
    withAdmin(
      filtered({ status: "PENDING" }),
      async (page) => {
        await page.getByRole("checkbox", { name: "Select this row" }).first().click();
        await page.getByRole("region", { name: "1 selected" }).getByRole("button", { name: "Approve" }).click();
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        expect(await violations(page)).toEqual([]);
        await page.getByRole("button", { name: "Yes, approve" }).click();
        await page.getByText("One conversion was changed.").waitFor();
      },
      { width: 390, height: 844 },
    ));
});
