import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdminOptions, type AdminPage, openAdmin } from "../kit/browser.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

/** In kB of script, gzipped: what the first list may take in all, and any further page on top of it. */
const FIRST_LIST_KB = 400;
const FURTHER_PAGE_KB = 160;

let waypost: Waypost;
/** The window in which the first list was loaded, and what was asked for then. */
let admin: AdminPage;
let firstRequests: string[];
let firstList: Map<string, number>;
/** Bytes of each script that was looked at. */
const known = new Map<string, number>();
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  await waypost.click((await waypost.seedFlow()).key);
  admin = await openAdmin(waypost, { path: "/clicks" });
  firstRequests = [...admin.requests];
  firstList = await sizesOf(firstRequests);
});
afterAll(async () => {
  await admin?.close();
  await waypost.close();
});

describe("The script that Chromium loads", () => {
  it(`for the first list is at most ${FIRST_LIST_KB} kB`, async ({ annotate }) => {
    await annotate(`${kB(firstList)} kB`);
    expect(firstList.size).toBeGreaterThan(1);
    expect(kB(firstList)).toBeGreaterThan(100);
    expect(kB(firstList)).toBeLessThanOrEqual(FIRST_LIST_KB);
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

it("A page's own script is asked for before anything of the API", async () => {
  const scriptAt = firstRequests.findIndex((url) => /\/list-page-[^/]*\.js$/.test(url));
  expect(scriptAt).toBeGreaterThan(-1);
  expect(scriptAt).toBeLessThan(firstRequests.findIndex((url) => url.endsWith("/graphql")));
});

it.each(["constructor", "__proto__", "toString"])("An address that names no page, %s, is told so", async (word) => {
  await admin.go(`/${word}`);
  expect(await admin.page.getByRole("main").innerText()).not.toBe("");
});

/** What a browser that has nothing yet loads for a page: bytes by URL. */
async function scriptsOf(options: AdminOptions): Promise<Map<string, number>> {
  const { requests, close } = await openAdmin(waypost, options);
  await close();
  return sizesOf(requests);
}

/** Bytes of the scripts among what was asked for. */
async function sizesOf(requests: string[]): Promise<Map<string, number>> {
  const scripts = new Map<string, number>();
  for (const url of requests.filter((each) => each.endsWith(".js"))) {
    const size = known.get(url) ?? gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length;
    known.set(url, size);
    scripts.set(url, size);
  }
  return scripts;
}

function kB(sizes: Map<string, number>): number {
  return Math.round([...sizes.values()].reduce((sum, size) => sum + size, 0) / 1000);
}
