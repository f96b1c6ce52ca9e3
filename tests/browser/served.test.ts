import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { LAN_HOST } from "../kit/lan-host.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

let waypost: Waypost;
let admin: AdminPage;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  admin = await openAdmin(waypost);
});
afterAll(async () => {
  await admin?.close();
  await waypost.close();
});

describe("The built admin in a browser", () => {
  it.each(["/", "/flows", "/clicks", "/conversions", "/postbackLogs", "/postbackKeys", "/password", "/flows/create"])(
    "opens %s without an error, and asks nobody but its own server",
    async (path) => {
      admin.requests.length = 0;
      await admin.go(path);
      expect(new URL(admin.page.url()).hash).toBe(`#${path}`);
      expect(admin.requests).toContain(`${waypost.apiUrl}/graphql`);
    },
  );

  it("shows a stranger how to sign in", async () => {
    const { page, close } = await openAdmin(waypost, { signedIn: false });
    await expect.poll(() => page.getByLabel("Password").isVisible()).toBe(true);
    await close();
  });

  it("works by plain http on a local network", async () => {
    const origin = waypost.apiUrl.replace("127.0.0.1", LAN_HOST);
    const { page, close } = await openAdmin(waypost, { origin, signedIn: false });
    await page.getByLabel("E-mail").fill(waypost.config.adminEmail);
    await page.getByLabel("Password").fill(waypost.config.adminPassword ?? "");
    await page.keyboard.press("Enter");
    await page.getByRole("navigation").first().waitFor();
    await close();
  });

  it.each([
    ["a script of its own", () => void document.body.appendChild(document.createElement("script")).append("1")],
    ["a style without the nonce", () => void document.head.appendChild(document.createElement("style")).append("a{}")],
    ["an address elsewhere", () => void fetch("http://203.0.113.1/").catch(() => {})],
    ["an image from elsewhere", () => void Object.assign(new Image(), { src: "http://203.0.113.1/" })],
  ])("would be stopped, and found out, using %s", async (_, misdeed) => {
    const { page, wrong, go } = admin;
    await go("/");
    await page.evaluate(misdeed);
    await expect
      .poll(() => wrong)
      .toEqual(expect.arrayContaining([expect.stringContaining("Content Security Policy")]));
    await admin.settled();
    wrong.length = 0;
  });
});
