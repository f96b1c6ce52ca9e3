import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations } from "../kit/axe.js";
import { type AdminPage, inAdmin, openAdmin, type WindowSize } from "../kit/browser.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

let waypost: Waypost;
let admin: AdminPage;
let keyId: string;
let flow: Awaited<ReturnType<Waypost["seedFlow"]>>;
let clicks: string[];
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  keyId = (await waypost.ask("{ postbackKeys { items { id } } }")).postbackKeys.items[0].id;
  flow = await waypost.seedFlow({ name: "Brazil, push" });
  clicks = await Promise.all(Array.from({ length: 8 }, () => waypost.click(flow.key)));
  for (const click of clicks) await waypost.postback({ click, status: "Lead OK", payout: "2.5", geo: "VN" });
  admin = await openAdmin(waypost, { now: Date.now() });
});
afterAll(async () => {
  await admin?.close();
  await waypost.close();
});

const mapWords = (statusWords: object[]) =>
  waypost.ask(
    "mutation($id: ID!, $words: [StatusWordInput!]) { updatePostbackKey(id: $id, input: { statusWords: $words }) { id } }",
    { id: keyId, words: statusWords },
  );
const entriesOf = async (click: string) =>
  (
    await waypost.ask("query($click: String) { postbackLogs(filter: { clickHash: $click }) { items { id } } }", {
      click,
    })
  ).postbackLogs.items;
const totals = async () => {
  const { conversions, postbackLogs } = await waypost.ask("{ conversions { totalCount } postbackLogs { totalCount } }");
  return [conversions.totalCount, postbackLogs.totalCount];
};
const unknown = `/postbackLogs?filter=${encodeURIComponent('{"code":"STATUS_UNKNOWN"}')}`;
const withAdmin = (path: string, run: (page: Page) => Promise<void>, size?: WindowSize) =>
  inAdmin(admin, path, run, size);
const textOf = async (page: Page, selector: string) =>
  (await page.locator(selector).allInnerTexts()).map((text) => text.replace(/\s+/g, " "));

describe("The postback log", () => {
  it("says of an entry why it was refused and how it was read, and shows before it is replayed what that would come to", async () => {
    const [{ id }] = await entriesOf(clicks[0] as string);
    await withAdmin(`/postbackLogs?view=${id}`, async (page) => {
      const drawer = page.getByRole("dialog", { name: "Postback" });
      const focused = () => page.evaluate(() => document.activeElement?.textContent);
      await drawer.getByText("a word that nobody has mapped").waitFor();
      await expect
        .poll(() => textOf(page, ".json-table tr"))
        .toEqual([
          `click ${clicks[0]} read as click`,
          "status Lead OK not usable as status",
          "payout 2.5 Means 2.50 read as revenue",
          "geo VN kept",
        ]);
      const link = drawer.getByRole("link", { name: "Say what “Lead OK” means" });
      await expect.poll(() => link.getAttribute("href")).toBe(`#/postbackKeys/${keyId}?word=Lead%20OK`);
      await drawer.getByRole("button", { name: "Replay", exact: true }).focus();
      await page.keyboard.press("Enter");
      await drawer.getByText("It would still be refused:").waitFor();
      await expect.poll(focused).toBe("Yes, replay");
      await mapWords([{ word: "lead ok", meaning: "APPROVED" }]);
      // However soon it is asked again: the clock is put ahead, beyond what a slow machine takes, and stands still.
      await page.clock.pauseAt(await page.evaluate(() => Date.now() + 600_000));
      await page.keyboard.press("Escape");
      await drawer.getByRole("button", { name: "Replay", exact: true }).press("Enter");
      await page.clock.resume();
      await drawer.getByText("It would be recorded.").waitFor();
      await expect.poll(async () => (await textOf(page, ".question .change-line"))[0]).toMatch(/Approved 2\.50 USD$/);
      expect(await violations(page)).toEqual([]);
      expect(await totals()).toEqual([0, 8]);
      await expect.poll(focused).toBe("Yes, replay");
      await page.keyboard.press("Enter");
      await drawer.getByText("It was recorded.").waitFor();
      await drawer.getByRole("link", { name: "Open the new entry" }).click();
      await drawer.getByText("RECORDED", { exact: true }).waitFor();
      await expect
        .poll(() => textOf(page, ".json-table tr:nth-child(2)"))
        .toEqual(["status Lead OK Means Approved, as the postback key says read as status"]);
      await drawer.getByRole("link", { name: "Open the postback that was sent through again" }).click();
      await drawer.getByText("STATUS_UNKNOWN").waitFor();
      expect(await totals()).toEqual([1, 9]);
    });
  });

  it("replays all that a filter leaves once the preview is confirmed, and once only", async () => {
    await waypost.track(`/postback/${waypost.postbackKey}?click=${clicks[1]}&status=other`);
    await withAdmin(unknown, async (page) => {
      const replayAll = async () => {
        await page.getByRole("checkbox", { name: "Select this row" }).first().check();
        await page.getByRole("button", { name: "All 9 in this filter" }).click();
        await page.getByRole("region", { name: "9 selected" }).getByRole("button", { name: "Replay" }).click();
        const question = page.getByRole("dialog", { name: "Send postbacks through again" });
        await question.getByRole("heading", { name: "Send 9 postbacks through again?" }).waitFor();
        await question.getByRole("button", { name: "Yes, replay" }).waitFor();
        return question;
      };
      const question = await replayAll();
      await expect
        .poll(() => textOf(page, ".outcomes li > p:first-child"))
        .toEqual([
          "7 would be recorded.",
          "One would repeat what is known, and change nothing.",
          "One would still be refused:",
        ]);
      await question.getByText("Show each of the 9").click();
      await expect.poll(() => page.locator(".each li").count()).toBe(9);
      expect(await violations(page)).toEqual([]);
      await question.getByRole("button", { name: "Yes, replay" }).click();
      await question.getByRole("heading", { name: "9 postbacks were sent through again" }).waitFor();
      await question.getByText("7 were recorded.").waitFor();
      await question.getByText("Show each of the 9").click();
      await question.getByRole("link", { name: "REPEATED" }).click();
      await page.getByRole("dialog", { name: "Postback" }).getByText("REPEATED", { exact: true }).waitFor();
      await page.getByRole("region", { name: "9 selected" }).waitFor({ state: "detached" });
      expect(decodeURIComponent(page.url())).toContain("STATUS_UNKNOWN");
      expect(await totals()).toEqual([8, 18]);
    });
  });

  it("replays those that were counted and seen, and none that has come since", async () => {
    const send = () => waypost.postback({ click: clicks[3] as string, status: "approved", uid: "counted" });
    await send();
    await send();
    await withAdmin(`/postbackLogs?filter=${encodeURIComponent('{"uid":"counted"}')}`, async (page) => {
      await page.getByRole("checkbox", { name: "Select this row" }).first().check();
      await page.getByRole("button", { name: "All 2 in this filter" }).click();
      await page.getByRole("button", { name: "Replay" }).click();
      const question = page.getByRole("dialog");
      const yes = question.getByRole("button", { name: "Yes, replay" });
      await yes.waitFor();
      await send();
      const [, before] = await totals();
      await yes.click();
      await question.getByRole("heading", { name: "2 postbacks were sent through again" }).waitFor();
      expect((await totals())[1]).toBe(before + 2);
    });
  });

  it("replays on a phone too, and says when nothing of an entry can be sent again", async () => {
    await waypost.track(`/postback/no-such-key?click=${clicks[2]}`);
    await withAdmin(
      `/postbackLogs?filter=${encodeURIComponent('{"status":401}')}`,
      async (page) => {
        await page.getByRole("checkbox", { name: "Select this row" }).first().click();
        await page.getByRole("button", { name: "Replay" }).click();
        const question = page.getByRole("dialog");
        await question.getByText("It cannot be sent through again:").waitFor();
        await question.getByText("Its postback key is not known").waitFor();
        await expect.poll(() => question.getByRole("button", { name: "Yes, replay" }).count()).toBe(0);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      },
      { width: 390, height: 844 },
    );
  });
});

describe("A postback is tried", () => {
  it("from its key, by a URL in the address, with a body, and nothing is written", async () => {
    const click = await waypost.click(flow.key);
    const before = await totals();
    await withAdmin(`/postbackKeys/${keyId}`, async (page) => {
      await page.getByRole("link", { name: "Test it" }).click();
      await page.getByRole("heading", { name: "What it would come to" }).waitFor();
      await page.getByText("CLICK_UNREPLACED").waitFor();
      const url = page.getByLabel("Postback URL");
      await url.fill((await url.inputValue()).replace("{click}", click));
      await url.press("Enter");
      await page.getByText("RECORDED", { exact: true }).waitFor();
      await expect
        .poll(async () => (await textOf(page, ".test-answer .sent .change-line"))[0])
        .toMatch(/Approved 2\.50 USD$/);
      await page.goBack();
      await page.getByText("CLICK_UNREPLACED").waitFor();
      await expect.poll(() => url.inputValue()).toContain("{click}");

      await url.fill(`/postback/${waypost.postbackKey}`);
      await page.getByText("Method and body").click();
      await page.getByRole("textbox", { name: "Body" }).fill(`click=${click}&uid=order-2`);
      await page.getByRole("button", { name: "Test it" }).click();
      await page.getByText("RECORDED", { exact: true }).waitFor();
      await expect
        .poll(async () => (await textOf(page, ".json-table tr"))[1])
        .toBe("uid order-2 In the body read as uid");
      await url.fill("https://example.com/thanks");
      await page.getByRole("button", { name: "Test it" }).click();
      await page.getByText('This is no postback URL: its path is "/thanks".').waitFor();
      expect(await violations(page)).toEqual([]);
    });
    expect(await totals()).toEqual(before);
  });
});
