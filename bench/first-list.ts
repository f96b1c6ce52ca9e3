import { chromium } from "playwright-core";
import { programOf } from "../scripts/installed.ts";
import { median } from "./load.ts";
import { type BenchOptions } from "./seed.ts";
import { drained, startEmpty } from "./waypost.ts";

const ROUNDS = 15;
const CLICKS = 60;

/** Milliseconds from opening the list of clicks in a browser that was just started and knows nothing until its rows are drawn; its script on the wire. */
export async function firstList({ database }: BenchOptions): Promise<object> {
  const { ask, apiUrl, trackerUrl, login, stop } = await startEmpty(database);
  const times: number[] = [];
  let bytes = 0;
  try {
    await ask(
      'mutation { createFlow(input: { key: "first", name: "First", paths: [{ url: "https://example.com/" }] }) { id } }',
    );
    for (let click = 0; click < CLICKS; click += 1) await fetch(`${trackerUrl}/c/first`, { redirect: "manual" });
    await drained(trackerUrl);
    for (let round = 0; round < ROUNDS; round += 1) {
      const browser = await chromium.launch({ executablePath: programOf("chromium-headless-shell") });
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
      await context.request.post(`${apiUrl}/graphql`, { data: login });
      const page = await context.newPage();
      const began = performance.now();
      await page.goto(`${apiUrl}/#/clicks`, { waitUntil: "commit" });
      await page.locator(".list tbody tr").first().waitFor();
      times.push(performance.now() - began);
      bytes = await page.evaluate(() =>
        (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
          .filter(({ name }) => name.endsWith(".js"))
          .reduce((sum, { transferSize }) => sum + transferSize, 0),
      );
      await browser.close();
    }
  } finally {
    await stop();
  }
  return { rowsMs: median(times), leastMs: Math.min(...times), mostMs: Math.max(...times), scriptKB: bytes / 1000 };
}
