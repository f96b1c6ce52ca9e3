import { type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AdminOptions, type AdminPage, openAdmin } from "../kit/browser.js";
import { PASSWORD, startWaypost, type Waypost } from "../kit/waypost.js";

let passwords = 0;
function nextPassword(): string {
  passwords += 1;
  return `a new and longer passphrase, no. ${passwords}`;
}

let waypost: Waypost;
/** The password that is right now: tests change it. */
let password = PASSWORD;
let admin: AdminPage;
let page: Page;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
});
afterAll(() => waypost.close());
beforeEach(async () => {
  admin = await open({ path: "/password" });
  page = admin.page;
});
afterEach(() => admin.close());

/** A session of its own, begun with the password that is right now. */
function open(options?: AdminOptions): Promise<AdminPage> {
  return openAdmin({ ...waypost, config: { ...waypost.config, adminPassword: password } }, options);
}

/** An input with what stands around it: label, help, and what is wrong. */
const control = (label: string) => page.locator(".MuiFormControl-root", { has: page.getByLabel(label) });
async function change(current: string, next: string): Promise<void> {
  await page.getByLabel("Current password").fill(current);
  await page.getByLabel("New password").fill(next);
  await page.getByRole("button", { name: "Change password" }).click();
}
async function changed(): Promise<{ before: string; after: string }> {
  const [before, after] = [password, nextPassword()];
  await change(before, after);
  await page.getByText("The password is changed. Your other sessions have ended.").waitFor();
  password = after;
  return { before, after };
}
/** What the browser itself says of answers that had to come. */
function forgive({ wrong }: AdminPage, expected: RegExp): void {
  expect(wrong.splice(0).filter((each) => !expected.test(each))).toEqual([]);
}

describe("Changing the password", () => {
  it("says next to its field what is wrong, and changes nothing", async () => {
    await change("not the password", nextPassword());
    await control("Current password").getByText("The current password is wrong.").waitFor();
    await expect.poll(() => page.getByLabel("New password").getAttribute("aria-invalid")).toBe("false");
    await change(password, "short");
    await control("New password").getByText("The new password has 5 characters; 8 to 1024 are allowed.").waitFor();
    await expect.poll(() => page.getByLabel("Current password").getAttribute("aria-invalid")).toBe("false");
    const again = await open();
    await again.close();
  });

  it("ends one's other sessions, keeps this one, and takes the new password only from then on", async () => {
    const elsewhere = await open({ path: "/flows" });
    const { before, after } = await changed();
    await expect.poll(() => page.getByLabel("New password").inputValue()).toBe("");
    await admin.go("/clicks");
    await page.getByRole("heading", { name: "Clicks", level: 1 }).waitFor();

    await elsewhere.page.getByRole("link", { name: "Clicks" }).first().click();
    await elsewhere.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await elsewhere.page.getByLabel("E-mail").fill(waypost.config.adminEmail);
    await elsewhere.page.getByLabel("Password").fill(before);
    await elsewhere.page.keyboard.press("Enter");
    await elsewhere.page.getByText("The e-mail address or the password is wrong.").waitFor();
    await elsewhere.page.getByLabel("Password").fill(after);
    await elsewhere.page.keyboard.press("Enter");
    await elsewhere.page.getByRole("navigation").first().waitFor();
    await elsewhere.settled();
    forgive(elsewhere, /status of 401/);
    await elsewhere.close();
  });

  it("5.1 asks to sign in where the session has ended meanwhile, keeps what was typed, and is done then", async () => {
    const [before, after] = [password, nextPassword()];
    await page.context().request.post(`${waypost.apiUrl}/graphql`, { data: { query: "mutation { logout }" } });
    await change(before, after);
    const dialog = page.getByRole("dialog", { name: "Sign in" });
    await dialog.getByText("Your session has ended: sign in again.").waitFor();
    const said = page.getByText("The password is changed. Your other sessions have ended.");
    expect(await said.count()).toBe(0);
    expect(await page.locator("input[name=new]").inputValue()).toBe(after);
    await dialog.getByLabel("Password").fill(before);
    await page.keyboard.press("Enter");
    await said.waitFor();
    password = after;
    await dialog.waitFor({ state: "detached" });
    await admin.settled();
    forgive(admin, /status of 401/);
    const again = await open();
    await again.close();
  });

  it("tells whoever is signed out by it why they are asked to sign in", async () => {
    const elsewhere = await open({ path: "/flows" });
    await changed();
    await elsewhere.page.getByRole("link", { name: "Clicks" }).first().click();
    await elsewhere.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await elsewhere.page.getByText("Your session has ended: sign in again.").waitFor();
    await elsewhere.page.getByLabel("Password").fill(password);
    await elsewhere.page.keyboard.press("Enter");
    await elsewhere.page.getByRole("heading", { name: "Clicks", level: 1 }).waitFor();
    await elsewhere.settled();
    forgive(elsewhere, /status of 401/);
    await elsewhere.close();
  });

  it("says so when the server does not answer, and works once it does", async () => {
    await page.route("**/graphql", (route) => route.abort());
    const next = nextPassword();
    await change(password, next);
    await expect.poll(() => admin.wrong.length).toBeGreaterThan(0);
    forgive(admin, /ERR_FAILED/);
    await page.getByText("The server cannot be reached. Is Waypost running?").waitFor();
    expect(await page.getByRole("main").innerText()).not.toContain("waypost.");
    await expect.poll(() => page.getByLabel("New password").inputValue()).toBe(next);
    await page.unroute("**/graphql");
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByText("The password is changed.").waitFor();
    password = next;
  });

  it("is done without a mouse", async () => {
    await page.getByLabel("Current password").focus();
    const next = nextPassword();
    await page.keyboard.type(password);
    await page.keyboard.press("Tab");
    await page.keyboard.type(next);
    await page.keyboard.press("Enter");
    await page.getByText("The password is changed.").waitFor();
    password = next;
  });
});

describe("Signing out", () => {
  it("ends the session: the page asks to sign in, and so does its address", async () => {
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByText(waypost.config.adminEmail).waitFor();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto(`${waypost.apiUrl}/#/clicks`);
    await page.reload();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    forgive(admin, /status of 401/);
  });
});
