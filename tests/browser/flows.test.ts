import { type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

let waypost: Waypost;
let admin: AdminPage;
let page: Page;
let ended: string;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  for (const [name, status] of [
    ["Summer sale", "ACTIVE"],
    ["Summer leads", "PAUSED"],
    ["Winter sale", "ACTIVE"],
    ["Old summer sale", "ARCHIVED"],
  ] as const) {
    await waypost.seedFlow({ name, status, key: name.toLowerCase().replaceAll(" ", "-") });
  }
  ended = (await waypost.seedFlow({ name: "Ended sale", key: "ended" })).id;
  await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", { id: ended });
  admin = await openAdmin(waypost);
  page = admin.page;
});
afterAll(async () => {
  await admin?.close();
  await waypost.close();
});
beforeEach(() => admin.begin("/flows"));

const names = () => page.locator("td.column-name").allInnerTexts();
const shows = (...expected: string[]) => expect.poll(async () => (await names()).sort()).toEqual(expected.sort());
const filter = (label: string) => page.locator(".filters").getByLabel(label, { exact: true });
async function choose(label: string, option: string): Promise<void> {
  await filter(label).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}
const tracked = async (key: string) => (await waypost.track(`/c/${key}`)).status;

describe("The list of flows", () => {
  it("finds flows by a part of their name or destination, as the field says, and leaves archived and deleted ones out unless asked", async () => {
    await shows("Summer sale", "Summer leads", "Winter sale");
    await filter("Search").fill(" SUMMER ");
    await shows("Summer sale", "Summer leads");
    await choose("Status", "Paused");
    await shows("Summer leads");
    await filter("Search").hover();
    await page.getByTitle("Part of the name, the key or a path's destination URL, in any case.").waitFor();
    await filter("Search").fill("winter");
    await page.getByText("Nothing matches these filters.").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await shows("Summer sale", "Summer leads", "Winter sale", "Old summer sale");
    await choose("Archived", "Yes");
    await shows("Old summer sale");
    await choose("Archived", "No");
    await choose("Deleted", "Yes");
    await shows("Ended sale");
    await page.reload();
    await shows("Ended sale");
  });

  it("copies a tracking URL that works, without opening the flow", async () => {
    const row = page.getByRole("row", { name: /Winter sale/ });
    await row.hover();
    await row.getByRole("button", { name: "Copy" }).click();
    await row.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await admin.copied();
    expect(copied).toBe(`${waypost.trackerUrl}/c/winter-sale`);
    expect((await fetch(copied, { redirect: "manual" })).status).toBe(302);
    expect(page.url()).not.toContain("/flows/");
  });

  it("opens a flow by mouse and by keyboard, and shows its name, key and tracking URL", async () => {
    await page.getByRole("cell", { name: "Winter sale", exact: true }).click();
    await page.getByRole("heading", { name: "Winter sale", level: 1 }).waitFor();
    await expect
      .poll(() => page.locator(".form-side .fixed").innerText())
      .toContain(`${waypost.trackerUrl}/c/winter-sale`);
    await page.goBack();
    await page.getByRole("button", { name: "Edit Winter sale" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Winter sale", level: 1 }).waitFor();
  });
});

describe("A flow that is deleted", () => {
  async function remove(name: string): Promise<void> {
    const { id } = await waypost.seedFlow({ name, key: name.toLowerCase() });
    await expect.poll(() => tracked(name.toLowerCase())).toBe(302);
    await admin.show(`/flows/${id}`);
    await page.getByRole("button", { name: "Delete" }).click();
  }
  const confirm = () => page.getByRole("button", { name: "Yes, delete" }).click();

  it("is asked about first, and comes back by Undo", async () => {
    await remove("Mistake");
    const question = page.getByRole("alertdialog", { name: "Delete Mistake?" });
    await question.getByText("its tracking URL stops working").waitFor();
    await question.getByText("It can be restored later.").waitFor();
    await page.keyboard.press("Escape");
    await question.waitFor({ state: "detached" });
    expect(await tracked("mistake")).toBe(302);
    await page.getByRole("button", { name: "Delete" }).click();
    await confirm();
    await page.getByText("Mistake is deleted.").waitFor();
    await shows("Summer sale", "Summer leads", "Winter sale");
    await expect.poll(() => tracked("mistake")).toBe(404);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Mistake is restored.").waitFor();
    await shows("Summer sale", "Summer leads", "Winter sale", "Mistake");
    await expect.poll(() => tracked("mistake")).toBe(302);
  });

  it("takes along what was typed and not saved, without a further question", async () => {
    await remove("Half");
    let questions = 0;
    page.on("dialog", (dialog) => {
      questions += 1;
      void dialog.accept();
    });
    await page.locator(".form-side").getByLabel("Name").fill("Half of a name");
    await confirm();
    await page.getByRole("heading", { name: "Flows", level: 1 }).waitFor();
    expect(questions).toBe(0);
  });

  it("says on its page what that means, and is restored there", async () => {
    await admin.show(`/flows/${ended}`);
    const notice = page.getByRole("status").filter({ hasText: "This flow is deleted" });
    await notice.waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Delete" }).count()).toBe(0);
    await notice.getByRole("button", { name: "Restore" }).click();
    await notice.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Delete" }).waitFor();
    await expect.poll(() => tracked("ended")).toBe(302);
  });
});
