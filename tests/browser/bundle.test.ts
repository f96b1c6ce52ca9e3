import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { texts } from "../../admin/texts.js";
import { type AdminOptions, type AdminPage, openAdmin } from "../kit/browser.js";
import { LAN_HOST } from "../kit/lan-host.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

/** In kB of script on the wire: what the first list may take in all, and any further page on top of it. */
const FIRST_LIST_KB = 400;
const FURTHER_PAGE_KB = 160;

let waypost: Waypost;
/** The window in which the first list was loaded, and what was asked for then. */
let admin: AdminPage;
let firstRequests: string[];
let firstList: Map<string, number>;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  await waypost.click((await waypost.seedFlow()).key);
  admin = await openAdmin(waypost, { path: "/clicks" });
  firstRequests = [...admin.requests];
  firstList = await scriptsIn(admin);
});
afterAll(async () => {
  await admin?.close();
  await waypost.close();
});

describe("5.4 The script that Chromium loads", () => {
  // To a name of the local network by plain http browsers do not say that they take brotli.
  it.for<[how: string, host: string]>([
    ["brotli", "127.0.0.1"],
    ["gzip", LAN_HOST],
  ])(`for the first list is at most ${FIRST_LIST_KB} kB on the wire, as %s`, async ([, host], { annotate }) => {
    const scripts = host === LAN_HOST ? await scriptsFrom(waypost.apiUrl.replace("127.0.0.1", host)) : firstList;
    await annotate(`${kB(scripts)} kB`);
    expect(scripts.size).toBeGreaterThan(1);
    expect(kB(scripts)).toBeGreaterThan(100);
    expect(kB(scripts)).toBeLessThanOrEqual(FIRST_LIST_KB);
  });

  it("is not loaded a second time", async () => {
    await admin.go("/clicks");
    const again = await scriptsIn(admin);
    expect([...again.keys()].toSorted()).toEqual([...firstList.keys()].toSorted());
    expect(kB(again)).toBe(0);
  });

  it.for<AdminOptions>([
    { signedIn: false },
    { path: "/" },
    { path: "/flows" },
    { path: "/flows/create" },
    { path: "/flows/1" },
    { path: "/conversions" },
    { path: "/postbackLogs" },
    { path: "/postbackLogs/test" },
    { path: "/postbackKeys" },
    { path: "/postbackKeys/1" },
    { path: "/password" },
    { path: "/help/click-tracking-and-macros" },
  ])(`for any further page is at most ${FURTHER_PAGE_KB} kB more: %o`, async (options, { annotate }) => {
    const scripts = await scriptsOf(options);
    const more = new Map([...scripts].filter(([url]) => !firstList.has(url)));
    await annotate(`${kB(scripts)} kB, ${kB(more)} kB of them more than the first list`);
    expect(kB(more)).toBeLessThanOrEqual(FURTHER_PAGE_KB);
  });
});

it("5.13 has words of our own for all that react-admin's parts may say", () => {
  const scripts = readdirSync("dist/admin/assets").filter((file) => file.endsWith(".js"));
  const said = scripts.flatMap((file) => [
    ...readFileSync(`dist/admin/assets/${file}`, "utf8").matchAll(/["'`](ra(?:\.\w+){2,})["'`]/g),
  ]);
  const keys = [...new Set(said.map(([, key = ""]) => key))];
  expect(keys.length).toBeGreaterThan(20);
  const textOf = (key: string) =>
    key.split(".").reduce((tree: unknown, word) => (tree as Record<string, unknown> | undefined)?.[word], texts);
  expect(keys.filter((key) => typeof textOf(key) !== "string")).toEqual([]);
});

it("A page's own script is asked for before anything of the API", async () => {
  const scriptAt = firstRequests.findIndex((url) => /\/list-page-[^/]*\.js$/.test(url));
  expect(scriptAt).toBeGreaterThan(-1);
  expect(scriptAt).toBeLessThan(firstRequests.findIndex((url) => url.endsWith("/graphql")));
});

it.each(["constructor", "__proto__", "toString"])("An address that names no page, %s, is told so", async (word) => {
  await admin.go(`/${word}`);
  expect(await admin.page.getByRole("main").innerText()).not.toBe("");
});

/** What a browser that has nothing yet loads for a page: bytes on the wire by URL. */
async function scriptsOf(options: AdminOptions): Promise<Map<string, number>> {
  const opened = await openAdmin(waypost, options);
  const scripts = await scriptsIn(opened);
  await opened.close();
  return scripts;
}

/** What of the first list's scripts somebody loads who signs in at another of the server's addresses. */
async function scriptsFrom(origin: string): Promise<Map<string, number>> {
  const opened = await openAdmin(waypost, { path: "/clicks", origin, signedIn: false });
  const { page, settled, close } = opened;
  await page.getByLabel("E-mail").fill(waypost.config.adminEmail);
  await page.getByLabel("Password").fill(waypost.config.adminPassword ?? "");
  await page.keyboard.press("Enter");
  await page.locator(".list tbody tr").first().waitFor();
  await settled();
  const scripts = await scriptsIn(opened);
  await close();
  return new Map([...firstList.keys()].map((url) => [url, scripts.get(url.replace(waypost.apiUrl, origin)) as number]));
}

/** What the browser says that the scripts of a page took on the wire, without headers, in bytes by URL: 0 for what it had already. */
async function scriptsIn({ page }: AdminPage): Promise<Map<string, number>> {
  const loaded = await page.evaluate(() =>
    (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
      .filter(({ name }) => name.endsWith(".js"))
      .map(({ name, transferSize, encodedBodySize }): [string, number] => [name, transferSize && encodedBodySize]),
  );
  return new Map(loaded);
}

function kB(sizes: Map<string, number>): number {
  return Math.round([...sizes.values()].reduce((sum, size) => sum + size, 0) / 1000);
}
