import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createKeyLimiters,
  createLogLimiter,
  REFUSED_ENTRIES_PER_KEY,
  STRANGER_ENTRIES_IN_ALL,
  STRANGER_ENTRIES_PER_ADDRESS,
  STRANGERS,
} from "../../server/conversions/log-limiter.js";

interface Entry {
  id: string;
  ip: string;
  suppressed: number;
}

describe("The log of strangers", () => {
  let written: Entry[];
  let limiter: ReturnType<typeof createLogLimiter<Entry>>;
  let failing: boolean;
  beforeEach(() => {
    vi.useFakeTimers();
    written = [];
    failing = false;
    limiter = createLogLimiter<Entry>(STRANGERS, async (entry) => {
      if (failing) throw new Error("away");
      written.push(entry);
    });
  });
  afterEach(async () => {
    await limiter.close();
    vi.useRealTimers();
  });

  const log = async (count: number, ipOf: (index: number) => string) => {
    for (let index = 0; index < count; index += 1) await limiter.log(entryOf(ipOf(index)));
  };
  const entryOf = (ip: string) => ({ id: "1", ip, make: () => ({ id: "1", ip, suppressed: 0 }) });
  const counted = () => written.reduce((sum, { suppressed }) => sum + 1 + suppressed, 0);

  it("has so many entries a minute of one address, and counts the others in the one that is held back", async () => {
    await log(100, () => "192.0.2.1");
    expect(written).toHaveLength(STRANGER_ENTRIES_PER_ADDRESS);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(written).toHaveLength(STRANGER_ENTRIES_PER_ADDRESS + 1);
    expect(written.at(-1)).toEqual({ id: "1", ip: "192.0.2.1", suppressed: 100 - STRANGER_ENTRIES_PER_ADDRESS - 1 });
    expect(counted()).toBe(100);
  });

  it("takes an IPv6 network for one address, and each IPv4 address by itself", async () => {
    await log(60, (index) => `2001:db8::${index}`);
    expect(written).toHaveLength(STRANGER_ENTRIES_PER_ADDRESS);
    await log(STRANGER_ENTRIES_PER_ADDRESS, () => "192.0.2.1");
    expect(written).toHaveLength(2 * STRANGER_ENTRIES_PER_ADDRESS);
    await limiter.close();
    expect(counted()).toBe(60 + STRANGER_ENTRIES_PER_ADDRESS);
  });

  it("has so many entries a minute in all", async () => {
    await log(STRANGER_ENTRIES_IN_ALL + 50, (index) => `10.0.${index >> 8}.${index & 255}`);
    expect(written).toHaveLength(STRANGER_ENTRIES_IN_ALL);
    await limiter.close();
    expect(counted()).toBe(STRANGER_ENTRIES_IN_ALL + 50);
  });

  it("begins anew after a minute, with what was counted in the next entry", async () => {
    await log(STRANGER_ENTRIES_PER_ADDRESS + 1, () => "192.0.2.1");
    await vi.advanceTimersByTimeAsync(60_000);
    await log(STRANGER_ENTRIES_PER_ADDRESS, () => "192.0.2.1");
    expect(written).toHaveLength(2 * STRANGER_ENTRIES_PER_ADDRESS + 1);
    expect(counted()).toBe(2 * STRANGER_ENTRIES_PER_ADDRESS + 1);
  });

  it("counts on what cannot be written", async () => {
    await log(STRANGER_ENTRIES_PER_ADDRESS + 5, () => "192.0.2.1");
    failing = true;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(written).toHaveLength(STRANGER_ENTRIES_PER_ADDRESS);
    failing = false;
    await limiter.close();
    expect(counted()).toBe(STRANGER_ENTRIES_PER_ADDRESS + 5);
  });

  it("4.3 makes no entry that is only counted", async () => {
    let made = 0;
    const make = () => {
      made += 1;
      return { id: "1", ip: "192.0.2.1", suppressed: 0 };
    };
    for (let count = 0; count < 500; count += 1) await limiter.log({ id: "1", ip: "192.0.2.1", make });
    expect(made).toBe(STRANGER_ENTRIES_PER_ADDRESS);
    await limiter.close();
    expect([made, counted()]).toEqual([STRANGER_ENTRIES_PER_ADDRESS + 1, 500]);
  });

  it("4.3 has so many entries a minute of what the holders of one key are refused, from whatever addresses", async () => {
    const keys = createKeyLimiters<Entry>(async (entry) => void written.push(entry));
    for (let count = 0; count < REFUSED_ENTRIES_PER_KEY + 100; count += 1)
      await keys.of(1).log(entryOf(`10.0.${count >> 8}.${count & 255}`));
    await keys.of(2).log(entryOf("10.0.0.1"));
    expect(written).toHaveLength(REFUSED_ENTRIES_PER_KEY + 1);
    await keys.close();
    expect(counted()).toBe(REFUSED_ENTRIES_PER_KEY + 101);
  });

  it("4.3 gives back the room of what was taken after all", async () => {
    const keys = createKeyLimiters<Entry>(async (entry) => void written.push(entry));
    const limiter = keys.of(1);
    for (let count = 0; count < 2 * REFUSED_ENTRIES_PER_KEY; count += 1) {
      expect(await limiter.take("10.0.0.1")).toBe(true);
      await limiter.giveBack("10.0.0.1");
    }
    for (let count = 0; count < REFUSED_ENTRIES_PER_KEY; count += 1) await limiter.take("10.0.0.1");
    expect(await limiter.take("10.0.0.1")).toBe(false);
    await keys.close();
  });
});
