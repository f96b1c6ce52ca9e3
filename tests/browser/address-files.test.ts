import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openAdmin } from "../kit/browser.js";
import { mmdb } from "../kit/mmdb.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

let waypost: Waypost;
beforeAll(async () => {
  waypost = await startWaypost("SQLite", { now: () => Date.parse("2026-11-30T12:00:00.000Z") });
});
afterAll(() => waypost.close());

it.each([1440, 390])(
  "3.5 the list of clicks says where countries come from, of what date, and how to replace it, at %i px",
  async (width) => {
    const { page, go, close, wrong } = await openAdmin(waypost, { path: "/clicks", width });
    const credit = page.getByRole("link", { name: "IP Geolocation by DB-IP" });
    expect(await credit.getAttribute("href")).toBe("https://db-ip.com");
    await page.getByText("Countries: IP Geolocation by DB-IP of 2026-06-01").waitFor();

    const built = new Date("2026-07-01T00:00:00Z");
    const own = join(waypost.config.dataDir, "country.mmdb");
    const file = mmdb({ built, networks: { "8.8.8.0/24": { country_code: "QQ" } } });
    writeFileSync(own, file);
    await go("/flows");
    await go("/clicks");
    await page.getByText("Countries: your own country.mmdb of 2026-07-01 older than 90 days").waitFor();
    await page.getByRole("link", { name: "How to replace it" }).click();
    await page.getByRole("heading", { name: "Countries and networks" }).waitFor();
    rmSync(own);
    expect(wrong).toEqual([]);
    await close();
  },
);
