import { type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openAdmin } from "../kit/browser.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const UID = "order-4711";

let waypost: Waypost;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  const flow = await waypost.seedFlow({ name: "Brazil, push" });
  const click = await waypost.click(flow.key);
  await waypost.postback({ click, uid: UID, status: "Lead OK", revenue: "12.50" });
});
afterAll(() => waypost.close());

const conversions = async () =>
  (await waypost.ask(`{ conversions(filter: { uid: "${UID}" }) { items { status revenue } } }`)).conversions.items;

it("a missing conversion is found, explained and mended by an operator who knows only the uid", async () => {
  const { page, close } = await openAdmin(waypost);
  const findUid = async () => {
    await page.keyboard.press("/");
    await page.keyboard.type(UID);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Journey of a click" }).waitFor();
  };
  expect(await conversions()).toEqual([]);

  await findUid();
  await page.getByText(`The parameter "status" is "Lead OK", a word that nobody has mapped`).waitFor();
  await page.getByText("The word for the status means nothing yet").waitFor();
  await page.getByText("Map the word in the status words of the postback key").waitFor();

  await page.getByRole("link", { name: "Say what “Lead OK” means" }).click();
  await choose(page, "Approved");
  await page.getByRole("button", { name: "Save" }).click();

  await page.waitForURL(/postbackLogs\?filter=/);
  await page
    .locator("tbody tr")
    .getByText(/nobody has mapped/)
    .click();
  const drawer = page.getByRole("dialog", { name: "Postback" });
  await drawer.getByRole("button", { name: "Replay" }).click();
  await drawer.getByText("It would be recorded.").waitFor();
  await drawer.getByRole("button", { name: "Yes, replay" }).click();
  await drawer.getByText("It was recorded.").waitFor();
  await page.keyboard.press("Escape");
  await findUid();
  const again = page.locator(".timeline > li", { hasText: "sent through again" });
  await again.getByText("RECORDED", { exact: true }).waitFor();
  await again.getByRole("link", { name: "Conversion" }).click();
  await page.getByRole("dialog", { name: "Conversion" }).getByText("12.50").first().waitFor();
  expect(await conversions()).toEqual([{ status: "APPROVED", revenue: "12.5000" }]);
  await close();
});

it("2.10 a click says that a postback with its hash was refused, and 2.11 that one says all that is wrong with it", async () => {
  const { page, close } = await openAdmin(waypost);
  const { key } = await waypost.seedFlow();
  const click = await waypost.click(key);
  await waypost.ask("{ me { id } }");
  await waypost.track(`/postback/${waypost.postbackKey}?status=REVERSED&currency=XYZ`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ data: { click_id: click } }),
  });
  await page.goto(`${waypost.apiUrl}/#/clicks?view=${click}`);
  const ofClick = page.getByRole("dialog", { name: "Click" });
  await ofClick.getByText("a click hash stands under data.click_id: send it as click").waitFor();
  await ofClick.getByRole("link", { name: "A postback that names this click was refused" }).click();
  const drawer = page.getByRole("dialog", { name: "Postback" });
  await drawer.getByText("CLICK_ELSEWHERE", { exact: true }).waitFor();
  for (const cure of [
    "Have it sent under the name",
    "Map the word in the status words",
    "Have USD, EUR and so on sent",
  ])
    await drawer.getByText(cure).waitFor();
  await drawer.getByRole("link", { name: "Say what “REVERSED” means" }).waitFor();
  await drawer.getByRole("link", { name: "Open the click" }).waitFor();
  await drawer.getByRole("link", { name: "Journey of the click" }).click();
  await page.locator(".timeline").getByText("CLICK_ELSEWHERE", { exact: true }).waitFor();
  await close();
});

/** Says what the word that was asked about means. */
async function choose(page: Page, meaning: string): Promise<void> {
  const field = page.locator(".item-rows").getByRole("combobox");
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press("Enter");
  await page.getByRole("option", { name: meaning }).click();
}
