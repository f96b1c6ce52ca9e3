import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { helpPages } from "../../admin/help/help-pages.js";
import { COLOUR_RULES, violations } from "../kit/axe.js";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { seedShowcase } from "../kit/showcase.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

/** Where `npm run screenshots` wants a picture of each page. */
const pictures = process.env.SCREENSHOTS;

/** Each page is loaded in the first scheme, and follows the system to the second. */
const sizes = [
  { name: "1440", width: 1440, height: 900, schemes: ["light", "dark"] },
  { name: "390", width: 390, height: 844, schemes: ["dark", "light"] },
] as const;

let waypost: Waypost;
let empty: Waypost;
let seeded: Awaited<ReturnType<typeof seedShowcase>>;
beforeAll(async () => {
  [waypost, empty] = [await startWaypost("SQLite"), await startWaypost("SQLite")];
  seeded = await seedShowcase(waypost);
  if (pictures) mkdirSync(pictures, { recursive: true });
});
afterAll(async () => {
  await waypost.close();
  await empty.close();
});

/** Whose page it is: of a system with all kinds of facts, of one that was just started, of somebody who has not signed in. */
type System = "seeded" | "empty" | "stranger";

/** Every page there is: its name, its address, and of which system. */
const pages: [name: string, path: () => string, system?: System][] = [
  ["login", () => "/", "stranger"],
  ["dashboard", () => "/"],
  ["first-minute", () => "/", "empty"],
  ["flows", () => "/flows"],
  ["flow-create", () => "/flows/create"],
  ["flow-edit", () => `/flows/${seeded.flow}?trafficSource=adcash.com`],
  ["clicks", () => "/clicks"],
  ["clicks-drawer", () => `/clicks?view=${seeded.click}`],
  ["clicks-empty", () => "/clicks", "empty"],
  ["conversions", () => "/conversions"],
  ["conversions-drawer", () => `/conversions?view=${seeded.conversion}`],
  ["conversions-no-match", () => `/conversions?filter=${encodeURIComponent('{"uid":"nobody"}')}`],
  ["postback-log", () => "/postbackLogs"],
  ["postback-log-drawer", () => `/postbackLogs?view=${seeded.log}`],
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

describe.each(sizes)("At $name px", ({ name: size, width, height, schemes }) => {
  /** One browser window for each system: the next page is loaded in it. */
  const windows = new Map<System, Promise<AdminPage>>();
  afterAll(async () => {
    for (const admin of windows.values()) await (await admin).close();
  });
  function windowOf(system: System): Promise<AdminPage> {
    const options = { width, height, signedIn: system !== "stranger" };
    const admin = windows.get(system) ?? openAdmin(system === "empty" ? empty : waypost, options);
    windows.set(system, admin);
    return admin;
  }

  it.each(pages)(
    "axe finds nothing on %s, light and dark, and nothing scrolls sideways",
    async (name, path, system = "seeded") => {
      const { page, go } = await windowOf(system);
      await page.emulateMedia({ colorScheme: schemes[0] });
      await go(path());
      await page.locator("h1").first().waitFor();
      for (const scheme of schemes) {
        await page.emulateMedia({ colorScheme: scheme });
        await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe(scheme);
        await page.evaluate(() => {
          for (const animation of document.getAnimations()) animation.finish();
        });
        if (pictures) await page.screenshot({ path: `${pictures}/${name}-${size}-${scheme}.png` });
        expect(await violations(page, scheme === schemes[0] ? undefined : COLOUR_RULES), scheme).toEqual([]);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    },
  );
});
