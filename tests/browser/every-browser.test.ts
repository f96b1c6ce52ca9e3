import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { helpPages } from "../../admin/help/help-pages.js";
import { type EngineAdmin, openEngine, watchedAdmin } from "../kit/engines.js";
import { seedShowcase } from "../kit/showcase.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

/** Where somebody wants a picture of each page. */
const pictures = process.env.SCREENSHOTS;
/** When all of this is, on the clocks of browser and server. */
const NOW = Date.parse("2026-11-23T17:43:00Z");

let waypost: Waypost;
let empty: Waypost;
let seeded: Awaited<ReturnType<typeof seedShowcase>>;
beforeAll(async () => {
  const options = { now: () => NOW, adminFolder: watchedAdmin(NOW) };
  [waypost, empty] = [await startWaypost("SQLite", options), await startWaypost("SQLite", options)];
  seeded = await seedShowcase(waypost, NOW);
  if (pictures) mkdirSync(pictures, { recursive: true });
});
afterAll(async () => {
  await waypost.close();
  await empty.close();
});

const filled = (name: string, filter: object) => `/${name}?filter=${encodeURIComponent(JSON.stringify(filter))}`;

/** Every page: its name, its address, and what is on it only when its data have come. */
const pages: [name: string, path: () => string, shows: RegExp[]][] = [
  ["dashboard", () => "/", [/Clicks today\s+\d+/, /Latest conversions/, /until 17:4\d/]],
  ["flows", () => "/flows", [/Active/, /1–\d+ of \d+/]],
  ["flow-create", () => "/flows/create", [/Path 1|Paths/]],
  ["flow-edit", () => `/flows/${seeded.flow}`, [/Traffic source/]],
  ["clicks", () => "/clicks?perPage=20", [/23 Nov \d\d:\d\d:\d\d/, /1–20 of 420/]],
  ["clicks-drawer", () => `/clicks?perPage=20&view=${seeded.click}`, [/\(UTC\)/]],
  [
    "clicks-range",
    () => filled("clicks", { range: { zone: "Asia/Kathmandu", word: "today" } }),
    [/23 Nov/, /from link/],
  ],
  ["conversions", () => "/conversions?perPage=20", [/Approved/, /USD/]],
  ["conversions-drawer", () => `/conversions?perPage=20&view=${seeded.conversion}`, [/\(UTC\)/]],
  ["postback-log", () => "/postbackLogs?perPage=20", [/The conversion is updated/, /1–20 of \d+/]],
  ["postback-log-drawer", () => `/postbackLogs?perPage=20&view=${seeded.log}`, [/What was sent/]],
  ["postback-test", () => `/postbackLogs/test?url=${encodeURIComponent(seeded.testUrl)}`, [/What it would come to/]],
  ["postback-keys", () => "/postbackKeys", [/1–1 of 1|Default|First/]],
  ["postback-key-edit", () => "/postbackKeys/1", [/Save/]],
  ["postback-key-create", () => "/postbackKeys/create", [/Save/]],
  ["journey", () => `/journey/${seeded.converted}`, [/Conversion/, /23 Nov|22 Nov|21 Nov/]],
  ["journey-unknown", () => "/journey/nobody", [/nobody/]],
  ["journey-search", () => "/journey", [/./]],
  ["put-aside", () => "/putAsides", [/Data too long/, /1–1 of 1/]],
  ["password", () => "/password", [/Change password/]],
  ["help", () => "/help", [/./]],
  ...helpPages.map(({ slug }): (typeof pages)[number] => [`help-${slug}`, () => `/help/${slug}`, [/\w{3}/]]),
];

/** Chromium has all other tests of this folder. */
describe.each(["Firefox", "WebKit"] as const)("5.0 In %s", (engine) => {
  let admin: EngineAdmin;
  beforeAll(async () => {
    admin = await openEngine(engine, waypost, "UTC");
    await admin.go("/");
  });
  afterAll(() => admin?.close());
  const text = () => admin.run(() => document.body.innerText);
  async function picture(name: string): Promise<void> {
    if (pictures) writeFileSync(`${pictures}/${engine}-${name}.png`, await admin.screenshot());
  }

  it.each(pages)("%s shows its data", async (name, path, shows) => {
    await admin.show(path());
    for (const each of shows) await expect.poll(text).toMatch(each);
    await admin.settled();
    expect(await text()).not.toMatch(/That did not work|Invalid Date|\bNaN\b|UTC\s+UTC/);
    expect(await admin.run(() => document.documentElement.lang)).toBe("en");
    await picture(`${name}-1440`);
    if (!pictures) return;
    await admin.resize(390, 844);
    await admin.settled();
    await picture(`${name}-390`);
    await admin.resize(1440, 900);
  });

  it("every menu of a list opens, and does what it says", async () => {
    await admin.show("/clicks?perPage=20");
    await admin.click("button", "Columns");
    await admin.see(".MuiPopover-paper, .MuiPopper-root", /Country/);
    await picture("columns");
    await admin.key("Escape");
    await admin.click(".list .range");
    await admin.click("[role=menuitem], [role=dialog] button", /^Yesterday/);
    await admin.see(".list .range", /^Yesterday/);
    await admin.click("[role=combobox][aria-haspopup=listbox]:not(input), .filter-field [role=combobox]");
    await admin.click("[role=option]");
    await expect.poll(() => admin.run(() => location.hash)).toMatch(/(?=.*yesterday)(?=.*flowId)/);
    await admin.show("/clicks?perPage=20");
  });

  it("a row's drawer opens, leads to the next row, and closes by a key", async () => {
    await admin.show("/clicks?perPage=20");
    await admin.click(".list tbody tr:first-child td:nth-child(3)");
    const opened = () => admin.run(() => new URLSearchParams(location.hash.split("?")[1]).get("view"));
    await admin.see("dialog.drawer h2", "Click");
    const first = await opened();
    expect(first).not.toBe(null);
    await admin.click("dialog.drawer button", "Next row");
    await expect.poll(opened).not.toBe(first);
    await admin.see("dialog.drawer", /\(UTC\)/);
    await admin.key("Escape");
    await expect.poll(() => admin.run(() => document.querySelector("dialog.drawer") === null)).toBe(true);
  });

  it("rows are selected, and a replay is asked about", async () => {
    await admin.show("/conversions?perPage=20");
    await admin.click(".list tbody tr:first-child input[type=checkbox]");
    await expect.poll(text).toMatch(/1 selected|1 conversion/i);
    await picture("selection");
    await admin.show(filled("postbackLogs", { refused: true }));
    await admin.click(".list tbody tr:first-child input[type=checkbox]");
    await admin.click("button", "Replay");
    await admin.see("dialog[open]", /Send this postback through again/);
    await picture("replay");
    await admin.key("Escape");
    await expect.poll(() => admin.run(() => document.querySelector("dialog[open]") === null)).toBe(true);
  });

  it("the colours change, the account's menu opens, and signing in works by keys alone", async () => {
    await admin.show("/");
    await admin.click("button", /colours$/);
    await expect.poll(() => admin.run(() => document.documentElement.dataset.theme)).toBe("dark");
    await picture("dark");
    await admin.click("button", /colours$/);
    await admin.click("button", "Account");
    await picture("account");
    await admin.click("[role=menuitem]", "Sign out");
    await admin.click("input[name=email]");
    await picture("login");
    await admin.type(waypost.config.adminEmail);
    await admin.click("input[type=password]");
    await admin.type(waypost.config.adminPassword ?? "");
    await admin.key("Enter");
    await admin.see("h1", /^Today/);
  });
});

describe.each(["Firefox", "WebKit"] as const)("5.0 In %s, on a system that was just started,", (engine) => {
  it("the first minute is shown, and every list says what to do", async () => {
    const admin = await openEngine(engine, empty, "Asia/Kolkata");
    await admin.go("/");
    await admin.see("h2", /From nothing to your first conversion/);
    await admin.see(".top .zone", /UTC\+5:30/);
    if (pictures) writeFileSync(`${pictures}/${engine}-first-minute-1440.png`, await admin.screenshot());
    for (const [list, says] of [
      ["flows", /No flows yet/],
      ["clicks", /No clicks yet/],
      ["conversions", /No conversions yet/],
      ["postbackLogs", /No postbacks yet/],
    ] as const) {
      await admin.show(`/${list}`);
      await admin.see("main", says);
    }
    expect(await admin.run(() => window.wrong)).toEqual([]);
    await admin.close();
  });
});
