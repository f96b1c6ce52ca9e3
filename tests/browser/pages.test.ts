import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { helpPages } from "../../admin/help/help-pages.js";
import { COLOUR_RULES, violations } from "../kit/axe.js";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { seedShowcase } from "../kit/showcase.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

/** Where `npm run screenshots` wants a picture of each page. */
const pictures = process.env.SCREENSHOTS;

/** When all of this is, on the clocks of browser and server. */
const NOW = Date.parse("2026-11-23T17:43:00Z");

/** All that axe has is asked in the first scheme of a size; in the other only what colours can do wrong. */
const sizes = [
  { name: "1440", width: 1440, height: 900, schemes: ["light", "dark"] },
  { name: "390", width: 390, height: 844, schemes: ["dark", "light"] },
] as const;

let waypost: Waypost;
let empty: Waypost;
let seeded: Awaited<ReturnType<typeof seedShowcase>>;
beforeAll(async () => {
  const now = () => NOW;
  [waypost, empty] = [await startWaypost("SQLite", { now }), await startWaypost("SQLite", { now })];
  seeded = await seedShowcase(waypost, NOW);
  if (pictures) mkdirSync(pictures, { recursive: true });
});
afterAll(async () => {
  await waypost.close();
  await empty.close();
});

/** Whose page it is: of a system with all kinds of facts, of one that was just started, of somebody who has not signed in. */
type System = "seeded" | "empty" | "stranger";

/** The address of a list. Its first rows have all that a row may have, and axe takes its time for each; pictures show them all. */
const list = (name: string, query = "") => `/${name}?${query}${pictures ? "" : "&perPage=20"}`;

/** Every page there is: its name, its address, and of which system. */
const pages: [name: string, path: () => string, system?: System][] = [
  ["login", () => "/", "stranger"],
  ["dashboard", () => "/"],
  ["first-minute", () => "/", "empty"],
  ["flows", () => "/flows"],
  ["flow-create", () => "/flows/create"],
  ["flow-edit", () => `/flows/${seeded.flow}?trafficSource=adcash.com`],
  ["clicks", () => list("clicks")],
  ["clicks-drawer", () => list("clicks", `view=${seeded.click}`)],
  ["clicks-empty", () => "/clicks", "empty"],
  ["conversions", () => list("conversions")],
  ["conversions-drawer", () => list("conversions", `view=${seeded.conversion}`)],
  ["conversions-no-match", () => `/conversions?filter=${encodeURIComponent('{"uid":"nobody"}')}`],
  ["postback-log", () => list("postbackLogs")],
  ["postback-log-drawer", () => list("postbackLogs", `view=${seeded.log}`)],
  ["postback-test", () => `/postbackLogs/test?url=${encodeURIComponent(seeded.testUrl)}`],
  ["postback-keys", () => "/postbackKeys"],
  ["postback-key-edit", () => "/postbackKeys/1?word=hold&network=12Monkiss"],
  ["postback-key-create", () => "/postbackKeys/create"],
  ["journey", () => `/journey/${seeded.converted}`],
  ["journey-unknown", () => "/journey/nobody"],
  ["journey-search", () => "/journey"],
  ["put-aside", () => "/putAsides"],
  ["password", () => "/password"],
  ["help", () => "/help"],
  ...helpPages.map(({ slug }): [string, () => string] => [`help-${slug}`, () => `/help/${slug}`]),
];

describe("At 1440 px and at 390 px", () => {
  /** One browser window for each system: page after page is shown in it. */
  const windows = new Map<System, Promise<AdminPage>>();
  afterAll(async () => {
    for (const admin of windows.values()) await (await admin).close();
  });
  function windowOf(system: System): Promise<AdminPage> {
    const admin = windows.get(system) ?? openWindow(system);
    windows.set(system, admin);
    return admin;
  }

  it.each(pages)(
    "axe finds nothing on %s, light and dark, and nothing scrolls sideways",
    async (name, path, system = "seeded") => {
      const { page, show, settled } = await windowOf(system);
      await show(path());
      await page.locator("h1").first().waitFor();
      // Between addresses of one list the page stays, and the drawer comes and goes.
      await page.getByRole("dialog").waitFor({ state: path().includes("view=") ? "visible" : "detached" });
      await settled();
      for (const { name: size, width, height, schemes } of sizes) {
        await page.setViewportSize({ width, height });
        for (const scheme of schemes) {
          await page.emulateMedia({ colorScheme: scheme });
          await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe(scheme);
          await settled();
          await page.evaluate(() => {
            for (const animation of document.getAnimations()) animation.finish();
          });
          if (pictures) await page.screenshot({ path: `${pictures}/${name}-${size}-${scheme}.png` });
          const rules = scheme === schemes[0] ? undefined : COLOUR_RULES;
          expect(await violations(page, rules), `${size} ${scheme}`).toEqual([]);
        }
        const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        await expect.poll(overflow, { message: size }).toBeLessThanOrEqual(0);
      }
    },
  );
});

async function openWindow(system: System): Promise<AdminPage> {
  const admin = await openAdmin(system === "empty" ? empty : waypost, { signedIn: system !== "stranger", now: NOW });
  // A form that the address has filled in asks before it is left.
  admin.page.on("dialog", (dialog) => void dialog.accept());
  return admin;
}
