import { describe, expect, it } from "vitest";
import { type RecordCheck } from "../../server/kit/journal/record.js";
import { seededRandom } from "../kit/chi-square.js";
import { ROUNDS, timeOf } from "../kit/fault-rounds.js";
import { readAll, startJournal } from "../kit/journal.js";
import { createMemoryDisk, type MemoryDisk } from "../kit/memory-disk.js";

const CRASHES = ROUNDS * 1000;

describe("A power loss", () => {
  /** Writes for a while, loses power in the middle, starts again, and compares. */
  async function crash(seed: number, disk: MemoryDisk, check?: RecordCheck) {
    const random = seededRandom(seed);
    const journal = startJournal(disk, { segmentMax: 500 + Math.floor(random() * 4000) });
    const payloads = Array.from({ length: 5 + Math.floor(random() * 30) }, (_, index) =>
      `${seed} ${index} `.padEnd(Math.floor(random() * 900), "\u00f5x"),
    );
    if (random() < 0.3) disk.failNext(random() < 0.5 ? "sync" : "write", Math.floor(random() * 10));
    const stopAt = Math.floor(random() * payloads.length);
    for (const [index, payload] of payloads.entries()) {
      const stored = journal.append(payload).catch(() => {});
      if (index < stopAt && random() < 0.6) await stored;
    }
    for (let turns = Math.floor(random() * 4); turns > 0; turns -= 1) await new Promise(setImmediate);
    const acknowledged = [...journal.acknowledged];
    const after = disk.losePower(random);
    await journal.writer.close();
    const again = startJournal(after);
    await again.append("after the restart");
    const { payloads: read, damages } = await readAll(after, check ? { check } : {});
    return {
      damages,
      lost: acknowledged.filter((payload) => !read.includes(payload)),
      invented: read.filter((payload) => ![...journal.appended, "after the restart"].includes(payload)),
    };
  }

  it(
    "loses nothing that was acknowledged and invents nothing, however the sectors fall",
    async () => {
      for (let seed = 1; seed <= CRASHES; seed += 1) {
        const { lost, invented } = await crash(seed, createMemoryDisk());
        expect({ seed, lost, invented }).toEqual({ seed, lost: [], invented: [] });
      }
    },
    timeOf(ROUNDS),
  );

  it("loses something on a disk that does not flush: the test would see it", async () => {
    let lost = 0;
    for (let seed = 1; seed <= 50; seed += 1)
      lost += (await crash(seed, createMemoryDisk({ ignoresSync: true }))).lost.length;
    expect(lost).toBeGreaterThan(0);
  });

  it("invents something for a reader that checks no checksum: the test would see it", async () => {
    let invented = 0;
    for (let seed = 1; seed <= 200; seed += 1)
      invented += (await crash(seed, createMemoryDisk(), () => true)).invented.length;
    expect(invented).toBeGreaterThan(0);
  });
});
