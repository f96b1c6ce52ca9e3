import pino from "pino";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createClickStore } from "../../server/clicks/click-store.js";
import { type ClickRow } from "../../server/clicks/store-clicks.js";
import { createMetrics } from "../../server/kit/metrics.js";

const WAIT_MS = 1000;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** A journal on a full disk, over a database that answers when a test says so. */
function fullDisk() {
  const metrics = createMetrics();
  const asked: ((isStored: boolean) => void)[] = [];
  const store = createClickStore({
    journal: { append: () => Promise.reject(new Error("ENOSPC")), settled: async () => {} },
    storeDirectly: () => new Promise((resolve) => void asked.push(resolve)),
    waitMs: WAIT_MS,
    log: pino({ level: "silent" }),
    metrics,
  });
  const unrecorded = async () => Number(/^clicks_unrecorded_total (\d+)$/m.exec(await metrics.text())?.[1]);
  return { store, asked, unrecorded };
}

it("6.14 visitors do not wait for a frozen database when the disk is full: one at a time tries, all are counted", async () => {
  const { store, asked, unrecorded } = fullDisk();
  const visitors = (count: number) => Promise.all(Array.from({ length: count }, () => store.append({} as ClickRow)));
  const first = visitors(3);
  await vi.advanceTimersByTimeAsync(WAIT_MS);
  await first;
  expect([asked.length, await unrecorded()]).toEqual([3, 3]);
  await visitors(50);
  expect([asked.length, await unrecorded()]).toEqual([3, 53]);
});

it("6.14 what comes to the database too late is under way until that is known, and then clicks go there again", async () => {
  const { store, asked, unrecorded } = fullDisk();
  const late = store.append({} as ClickRow);
  await vi.advanceTimersByTimeAsync(WAIT_MS);
  await late;
  let isSettled = false;
  const settled = store.settled().then(() => {
    isSettled = true;
  });
  await vi.advanceTimersByTimeAsync(WAIT_MS);
  expect(isSettled).toBe(false);
  asked[0]?.(true);
  await settled;
  for (let visit = 1; visit < 3; visit += 1) {
    const stored = store.append({} as ClickRow);
    await vi.advanceTimersByTimeAsync(0);
    asked[visit]?.(true);
    await stored;
  }
  expect(await unrecorded()).toBe(1);
});
