import { type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../server/kit/id.js";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { openFacts } from "../kit/facts.js";
import { EMAIL, startWaypost, type Waypost } from "../kit/waypost.js";

/** How many postbacks that name no click have a uid after one that names one. */
const STRAYS = { followed: 60, flooded: 500 };
const STRANGE = `a/b%c?d#e "<b>é🎉`;

/** What the clock of the server shows: it stands, but for `later`, so that what came after what does not depend on the machine. */
let now = Date.now();
function later(): void {
  now += 1000;
}

let waypost: Waypost;
let admin: AdminPage;
let page: Page;
let click: string;
let other: string;
let refused: string;
let tailed: string;
let buried: string;
beforeAll(async () => {
  waypost = await startWaypost("SQLite", { now: () => now });
  const flow = await waypost.seedFlow({ name: "Brazil, push", goals: [{ key: "sale" }] });
  const visit = (query?: string) => {
    later();
    return waypost.click(flow.key, query);
  };
  click = await visit("?sub_id=zone-77");
  other = await visit();
  await send({ click, status: "no such word", uid: "order-1" });
  const { body } = await send({ click, uid: "order-1", goal: "sale", revenue: "2" });
  await send({ click, uid: STRANGE });
  for (const each of [click, other]) await send({ click: each, uid: "twice" });
  await send({ click: "{clickid}", uid: "twice-and-lost" });
  await send({ click: other, uid: "twice-and-lost" });
  refused = await visit();
  await send({ click: refused.toUpperCase(), status: "Lead OK", uid: "refused-1" });
  buried = await visit();
  tailed = await visit();
  later();
  await waypost.track(`/${waypost.postbackKey}/postback?subid=${tailed.toUpperCase()}_77&tid=tail-1&status=Lead+OK`);
  for (const [uid, count] of Object.entries(STRAYS)) await followUp(uid, count);
  later();
  await waypost.ask(
    `mutation($ids: [ID!]) { changeConversions(filter: { ids: $ids }, expected: 1, status: APPROVED, note: "By phone") { changed } }`,
    { ids: [body.conversionId] },
  );
  admin = await openAdmin(waypost);
  page = admin.page;
  // A form that the address has filled in asks before it is left.
  page.on("dialog", (dialog) => void dialog.accept());
});
afterAll(async () => {
  await admin.close();
  await waypost.close();
});

beforeEach(async () => {
  await admin.show("/flows");
  await page.getByRole("heading", { name: "Flows", level: 1 }).waitFor();
});

/** Sends a postback, a little later than all before it. */
function send(parameters: Record<string, string>): ReturnType<Waypost["postback"]> {
  later();
  return waypost.postback(parameters);
}

/** A refused postback of a click, and then so many with the same uid that name none. */
async function followUp(uid: string, count: number): Promise<void> {
  await send({ click: buried, uid, status: "Lead OK" });
  const facts = await openFacts(waypost);
  const stray = { uid, status: 404, code: "CLICK_UNREPLACED", clickHash: "{clickid}", message: "It is a macro." };
  await facts.logs(Array.from({ length: count }, (_, index) => ({ ...stray, at: now + index + 1 })));
  await facts.close();
}

const events = async () =>
  (await page.locator(".timeline > li").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
async function find(text: string): Promise<void> {
  await page.keyboard.press("/");
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

describe("The journey of a click", () => {
  it("shows all that happened to it in time order, and leads to each entry", async () => {
    await admin.show(`/journey/${click}`);
    await expect.poll(async () => (await events()).length).toBe(6);
    const shown = await events();
    expect(shown[0]).toMatch(/Click .*Brazil, push.*zone-77/);
    expect(shown[1]).toMatch(/^\+\d.* s .*Postback 422 STATUS_UNKNOWN .*"no such word"/);
    expect(shown[2]).toMatch(/Postback 200 RECORDED .*Conversion sale order-1 ◷ ?Pending 2\.00 USD/);
    expect(shown[5]).toMatch(
      new RegExp(`Changed by ${EMAIL} Conversion sale order-1 ◷ ?Pending → ✓ ?Approved By phone`),
    );
    for (const [index, link, name] of [
      [0, "Click", "Click"],
      [1, "Postback", "Postback"],
      [5, "Conversion", "Conversion"],
    ] as const) {
      await page.locator(".timeline > li").nth(index).getByRole("link", { name: link }).click();
      await page.getByRole("dialog", { name }).waitFor();
      await page.goBack();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
  });

  it.each([
    ["its hash", () => `  ${click.toUpperCase()} `],
    ["the uid of one of its conversions", () => "order-1"],
    ["a uid of any letters", () => STRANGE],
  ])("is found from anywhere by the key / and %s", async (_, text) => {
    await find(text());
    await expect.poll(async () => (await events()).length).toBe(6);
  });

  it("is chosen where several clicks have the uid", async () => {
    await find("twice");
    await page.getByRole("heading", { name: "Clicks with the uid twice" }).waitFor();
    await page.getByRole("link", { name: new RegExp(other) }).click();
    await expect.poll(async () => (await events()).length).toBe(3);
    await page.goBack();
    await page.getByRole("link", { name: new RegExp(click) }).waitFor();
  });

  it("is found by the uid of a postback that was refused, and says why, what to do, and where", async () => {
    await find("refused-1");
    await expect.poll(async () => (await events()).length).toBe(2);
    expect((await events())[1]).toMatch(
      /STATUS_UNKNOWN .* Cause The word for the status means nothing.* What to do \S/,
    );
    await page.getByRole("link", { name: "Say what “Lead OK” means" }).click();
    await expect.poll(() => page.locator('[name="statusWords.0.word"]').inputValue()).toBe("lead ok");
    await page.goBack();
    await page.getByRole("heading", { name: "Journey of a click" }).waitFor();
  });

  it("is chosen beside the postbacks with the uid that name no click", async () => {
    await find("twice-and-lost");
    await page.getByRole("heading", { name: "Clicks with the uid twice-and-lost" }).waitFor();
    await expect
      .poll(events)
      .toEqual([expect.stringMatching(/Postback 404 CLICK_UNREPLACED .*\{clickid\}.* Cause .* What to do /)]);
    await page.getByRole("link", { name: new RegExp(other) }).waitFor();
  });

  it("is found behind many postbacks with its uid that name no click", async () => {
    await find("followed");
    await page.getByRole("link", { name: new RegExp(buried) }).waitFor();
    await expect.poll(async () => (await events()).length).toBe(STRAYS.followed);
    await expect.poll(() => page.getByRole("link", { name: /only the newest/ }).count()).toBe(0);
  });

  it("says so where there are more postbacks with the uid than are shown, and leads to all", async () => {
    await find("flooded");
    await page.getByRole("link", { name: "All 501 postbacks with this uid: only the newest are here" }).click();
    await expect.poll(() => page.locator(".page-head .total").innerText()).toBe("501");
    await page.getByRole("button", { name: "Last page" }).click();
    await page
      .getByText("STATUS_UNKNOWN")
      .or(page.getByText(/nobody has mapped/))
      .first()
      .waitFor();
  });

  it.each([
    ["the uid of its postback", () => "tail-1"],
    ["the hash as that sent it", () => `${tailed}_77`],
    ["the hash with another tail", () => `${tailed.toUpperCase()}_other {tail}`],
  ])("is found by %s where the hash was sent with a tail, and found again from the postback", async (_, text) => {
    await find(text());
    await expect.poll(async () => (await events()).length).toBe(2);
    expect((await events())[1]).toMatch(/^\+\d.* s .*Postback 422 STATUS_UNKNOWN /);
    await page.locator(".timeline").getByRole("link", { name: "Postback" }).click();
    const ways = page.getByRole("dialog", { name: "Postback" }).locator(".ways");
    await ways.getByText(/^\d+\.\d s before$/).waitFor();
    await expect
      .poll(() => ways.getByRole("link", { name: "Open the click" }).getAttribute("href"))
      .toBe(`#/clicks?view=${tailed}`);
    await ways.getByRole("link", { name: "Journey of the click" }).click();
    await page.waitForURL(new RegExp(`/journey/${tailed}$`));
  });

  it("says of a postback what caused its end only where something is to be done about it; its entry always", async () => {
    await admin.show(`/journey/${click}`);
    await expect.poll(async () => (await events()).length).toBe(6);
    expect((await events())[2]).not.toMatch(/Cause|What to do/);
    await page.locator(".timeline > li").nth(2).getByRole("link", { name: "Postback" }).click();
    const reason = page.getByRole("dialog", { name: "Postback" }).locator(".reason");
    await expect
      .poll(async () => (await reason.innerText()).replace(/\s+/g, " "))
      .toMatch(/^Cause It is the first postback of this click/);
    expect(await reason.innerText()).not.toMatch("What to do");
  });

  it("is told of the postbacks alone where there is no such click", async () => {
    await find("{clickid}");
    await page.getByText("There is no such click here. These postbacks named it:").waitFor();
    await expect.poll(async () => (await events())[0]).toMatch(/Postback 404 CLICK_UNREPLACED/);
  });

  it.each([
    ["a hash", () => newId(Date.now() - 3_600_000), /no click with this hash.* it is from \d[^,]*, 1h ago\.$/],
    [
      "5.14 a hash of a time that is still to come",
      () => newId(Date.now() + 100 * 86_400_000),
      /a moment that is still to come/,
    ],
    ["5.14 a hash of a time that no calendar has", () => "f".repeat(32), /a moment that is still to come/],
    ["a hash of a time before Waypost", () => newId(0), /it is from 01 Jan 1970 00:00:00, [\d,]+d ago\.$/],
    ["a hash that was cut", () => click.slice(1), /A click hash has 32 characters/],
    ["a macro", () => "[SUB_ID]", /left as a macro/],
    ["a uid in other letters", () => "ORDER-1", /compared letter by letter/],
  ])("says of %s that nothing is known of it, and what to check", async (_, text, reason) => {
    const sought = text();
    await find(sought);
    await page.getByText(`Nothing is known of “${sought}”.`).waitFor();
    await page.getByText(reason).waitFor();
    await page.getByText("look into the postback log of that time").waitFor();
  });

  it("is one tap away on a phone", async () => {
    const phone = await openAdmin(waypost, { path: "/clicks", width: 390, height: 844 });
    await phone.page.getByRole("link", { name: "Find a click hash or uid" }).click();
    const input = phone.page.getByRole("searchbox");
    await expect.poll(() => input.evaluate((element) => element === document.activeElement)).toBe(true);
    await input.fill("order-1");
    await phone.page.keyboard.press("Enter");
    await phone.page.getByText("By phone").waitFor();
    await phone.close();
  });
});
