import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMarks } from "../../server/loader/marks.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

it("7.4 a loader with much to load says that it is at work, and one that has passed its mark says up to when", async () => {
  const told: string[] = [];
  let offset = 0;
  const marks = createMarks({
    ask: async () => ({ position: { segment: 1, offset: 100 }, until: 7, clock: 7 }),
    position: () => ({ segment: 1, offset }),
    passed: async ({ until }) => void told.push(`until ${until}`),
    atWork: async () => void told.push("at work"),
    wake: () => {},
    waitMs: 1000,
  });
  const check = async (ms: number) => {
    vi.advanceTimersByTime(ms);
    await marks.check();
    return told.splice(0);
  };
  expect(await check(0)).toEqual([]);
  expect(await check(1000)).toEqual(["at work"]);
  expect(await check(10)).toEqual([]);
  offset = 100;
  expect(await check(10)).toEqual(["until 7"]);
  expect(await check(1000)).toEqual([]);
});
