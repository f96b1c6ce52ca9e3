import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Disk, realDisk } from "../../server/kit/journal/disk.js";
import { createProgress } from "../../server/kit/journal/progress.js";
import { createJournalReader } from "../../server/kit/journal/reader.js";
import {
  HEADER_BYTES,
  RECORD_HEAD_BYTES,
  scanRecords,
  sealRecords,
  writeRecord,
} from "../../server/kit/journal/record.js";
import { type Position, START, segmentFile } from "../../server/kit/journal/segments.js";
import { holdSlot, slotNames, takeSlot } from "../../server/kit/journal/slots.js";
import { createJournalWriter, JournalRefusal } from "../../server/kit/journal/writer.js";
import { seededRandom } from "../kit/chi-square.js";
import { BEGAN, FOLDER, KIND, readAll, startJournal } from "../kit/journal.js";
import { createMemoryDisk } from "../kit/memory-disk.js";

const numbered = (count: number, length = 20) =>
  Array.from({ length: count }, (_, index) => `${index} ${"x".repeat(length)}`);

describe("A journal", () => {
  it("gives back what was appended, in order, over any number of segments and batches", async () => {
    const disk = createMemoryDisk();
    const journal = startJournal(disk);
    for (const payload of numbered(300)) await journal.append(payload);
    expect(disk.files.size).toBeGreaterThan(2);
    expect(await readAll(disk)).toMatchObject({ payloads: journal.appended, damages: [] });
  });

  it.each([
    ["nothing", ""],
    ["letters of any script", "Ölçü 測定 😀"],
    ["a NUL", "a\0b"],
    ["what looks like a record", "\u00f5\u009d\u0002\u00e6"],
    ["a long text", "y".repeat(300_000)],
  ])("takes %s", async (_, payload) => {
    const disk = createMemoryDisk();
    const { writer } = startJournal(disk);
    await writer.append(KIND, payload);
    await writer.append(KIND, "after");
    expect((await readAll(disk)).payloads).toEqual([payload, "after"]);
  });

  it("refuses what is longer than a record may be, and takes the next", async () => {
    const { writer } = startJournal(createMemoryDisk());
    await expect(writer.append(KIND, "z".repeat(2 ** 20))).rejects.toThrow(JournalRefusal);
    await writer.append(KIND, "short");
  });

  it("flushes together what comes together", async () => {
    const disk = createMemoryDisk();
    let flushes = 0;
    const progress = createProgress();
    const flushed = () => {
      flushes += 1;
    };
    const writer = createJournalWriter({ disk, folder: FOLDER, progress, now: () => BEGAN, flushed });
    await Promise.all(numbered(500).map((payload) => writer.append(KIND, payload)));
    expect(flushes).toBeLessThan(5);
    expect((await readAll(disk)).payloads).toEqual(numbered(500));
  });

  /** A journal whose disk makes no first file before it is told to, and how many bytes it was given at once at most. */
  function startFrozen(room: { batchMax: number; waitingMax: number }) {
    const disk = createMemoryDisk();
    const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>();
    let largest = 0;
    const frozen: Disk = {
      ...disk,
      syncFolder: async (folder) => {
        await thawed;
        await disk.syncFolder(folder);
      },
      create: async (name) => {
        const file = await disk.create(name);
        const store = (bytes: Buffer, offset: number) => {
          largest = Math.max(largest, bytes.length);
          return file.store(bytes, offset);
        };
        return { ...file, store };
      },
    };
    return { disk, thaw, largest: () => largest, writer: startJournal(frozen, room).writer };
  }

  it("refuses what a slow disk cannot take, with bounded memory, and goes on when it can", async () => {
    const { disk, thaw, writer } = startFrozen({ batchMax: 100_000, waitingMax: 300_000 });
    const answers = Promise.allSettled(numbered(80, 10_000).map((payload) => writer.append(KIND, payload)));
    await new Promise(setImmediate);
    thaw();
    const refused = (await answers).filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(10);
    expect(refused.length).toBeLessThan(80);
    await writer.append(KIND, "after");
    expect((await readAll(disk)).payloads).toHaveLength(80 - refused.length + 1);
  });

  it("4.1 takes more at once than it writes at once, in order", async () => {
    const batchMax = 100_000;
    const { disk, thaw, largest, writer } = startFrozen({ batchMax, waitingMax: 10_000_000 });
    const payloads = numbered(80, 10_000);
    const answers = Promise.all(payloads.map((payload) => writer.append(KIND, payload)));
    const settled = writer.settled();
    thaw();
    await settled;
    expect((await readAll(disk)).payloads).toEqual(payloads);
    await answers;
    expect(largest()).toBeGreaterThan(10_000);
    expect(largest()).toBeLessThanOrEqual(batchMax);
  });

  it("is read while it is written, never beyond what is on disk", async () => {
    const disk = createMemoryDisk();
    const journal = startJournal(disk);
    const reading = async (from: Position) => readAll(disk, { from, written: journal.progress.read });
    expect((await reading(START)).payloads).toEqual([]);
    let { end } = await reading(START);
    for (const payload of numbered(100)) {
      await journal.append(payload);
      const file = segmentFile(FOLDER, journal.progress.read().segment);
      const known = disk.files.get(file);
      if (known) known.content = Buffer.concat([known.content, Buffer.from("not on disk yet")]);
      const read = await reading(end);
      if (known) known.content = known.content.subarray(0, journal.progress.read().offset);
      expect(read).toMatchObject({ payloads: [payload], damages: [] });
      end = read.end;
    }
  });

  it("deletes the segments before a position and keeps the newest", async () => {
    const disk = createMemoryDisk();
    const journal = startJournal(disk);
    for (const payload of numbered(500)) await journal.append(payload);
    const reader = createJournalReader({ disk, folder: FOLDER, written: () => START, damaged: () => {} });
    const before = disk.files.size;
    const { end } = await reader.read(START);
    await reader.deleteBefore(end);
    expect(disk.files.size).toBe(before);
    await reader.deleteBefore((await readAll(disk)).end);
    expect(disk.files.size).toBe(1);
    expect((await readAll(disk, { from: end })).damages).toEqual([]);
  });

  it("numbers a new segment higher than those that are there, whatever the clock says", async () => {
    const disk = createMemoryDisk();
    await startJournal(disk).append("first");
    await startJournal(disk, { now: () => BEGAN - 1_000_000 }).append("second");
    await startJournal(disk).append("third");
    expect((await readAll(disk)).payloads).toEqual(["first", "second", "third"]);
  });
});

describe("A disk that fails", () => {
  it.each([
    ["write", 5],
    ["sync", 5],
    ["create", 1],
  ] as const)(
    "at a %s costs nothing: what it had not acknowledged is in the next segment",
    async (operation, after) => {
      const disk = createMemoryDisk();
      const journal = startJournal(disk, { segmentMax: 300 });
      disk.failNext(operation, after);
      for (const payload of numbered(30)) await journal.append(payload);
      expect(journal.failures).toHaveLength(1);
      const { payloads, damages } = await readAll(disk);
      expect(damages).toEqual([]);
      expect([...new Set(payloads)]).toEqual(journal.appended);
    },
  );

  it("at a flush is never asked to flush that file again", async () => {
    const disk = createMemoryDisk();
    const journal = startJournal(disk, { segmentMax: 1e9 });
    await journal.append("before");
    disk.failNext("sync");
    await journal.append("during");
    await journal.append("after");
    const files = [...disk.files.keys()].sort();
    const { payloads } = await readAll(disk, { written: () => START });
    expect(files).toHaveLength(2);
    expect(payloads.filter((payload) => payload !== "during")).toEqual(["before", "after"]);
    const [first = ""] = files;
    disk.files.delete(first);
    expect((await readAll(disk)).payloads).toEqual(["during", "after"]);
  });

  it("twice rejects, says that it fails, and works again when the disk does", async () => {
    const disk = createMemoryDisk();
    const journal = startJournal(disk);
    await journal.append("before");
    disk.room = 0;
    await expect(journal.append("lost")).rejects.toThrow();
    expect(journal.writer.failing()).toBe(true);
    await expect(journal.append("refused at once")).rejects.toThrow(JournalRefusal);
    disk.room = Number.POSITIVE_INFINITY;
    await expect.poll(() => journal.append("after").then(() => "stored", String)).toBe("stored");
    expect(journal.writer.failing()).toBe(false);
    expect((await readAll(disk)).payloads).toEqual(expect.arrayContaining(["before", "after"]));
  });

  it("by being full, over and over, leaves no crowd of files", async () => {
    const disk = createMemoryDisk();
    disk.room = 1000;
    const journal = startJournal(disk);
    for (let time = 0; time < 50; time += 1) await journal.append(`${time} ${"x".repeat(100)}`).catch(() => {});
    expect(disk.files.size).toBeLessThan(4);
    expect((await readAll(disk)).payloads).toEqual(expect.arrayContaining(journal.acknowledged));
  });
});

describe("A disk that its own journal has filled", () => {
  const isStored = (journal: ReturnType<typeof startJournal>, payload: string) =>
    journal.append(payload).then(
      () => true,
      () => false,
    );

  it.each([
    ["the writer that filled it", false],
    ["the next writer", true],
  ])("has room again for %s when all is read, and nothing is read twice", async (_, isRestarted) => {
    const disk = createMemoryDisk();
    disk.room = 2000;
    let read: Position = START;
    const first = startJournal(disk, { done: () => read });
    while (await isStored(first, "x".repeat(100)));
    await first.writer.close();
    const journal = isRestarted ? startJournal(disk, { done: () => read }) : first;
    disk.room = [...disk.files.values()].reduce((sum, { content }) => sum + content.length, 0);
    await expect.poll(() => isStored(journal, "no room")).toBe(false);

    const before = await readAll(disk, { written: () => (isRestarted ? START : journal.progress.read()) });
    expect(before.payloads).toEqual(first.acknowledged);
    read = before.end;
    await expect.poll(() => isStored(journal, "after")).toBe(true);
    expect(await readAll(disk, { from: read })).toMatchObject({ payloads: ["after"], damages: [] });
    expect([...disk.files.keys()].sort()).toHaveLength(2);
  });

  it("keeps what is not read, however long it is full", async () => {
    const disk = createMemoryDisk();
    disk.room = 2000;
    const journal = startJournal(disk, { done: () => ({ ...journal.progress.read(), offset: 500 }) });
    while (await isStored(journal, "x".repeat(100)));
    await expect.poll(() => isStored(journal, "no room")).toBe(false);
    expect((await readAll(disk)).payloads).toEqual(expect.arrayContaining(journal.acknowledged));
  });
});

describe("A power loss", () => {
  it("at any byte of a segment's end leaves all records before it", async () => {
    const disk = createMemoryDisk();
    const journal = startJournal(disk, { segmentMax: 1e9 });
    for (const payload of numbered(20)) await journal.append(payload);
    const [name = "", whole] = [...disk.files][0] ?? [];
    const bytes = whole?.content ?? Buffer.alloc(0);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const after = createMemoryDisk();
      const content = bytes.subarray(0, cut);
      after.files.set(name, { content, durable: content, named: true });
      const { payloads, damages } = await readAll(after, { batchRecords: 100 });
      expect(payloads).toEqual(journal.appended.slice(0, payloads.length));
      expect(damages).toEqual([]);
      if (cut === bytes.length) expect(payloads).toHaveLength(20);
    }
  });
});

describe("Damage", () => {
  it("of any one bit costs the record it is in and no other, and is kept and reported", async () => {
    const random = seededRandom(11);
    const disk = createMemoryDisk();
    const journal = startJournal(disk, { segmentMax: 1e9 });
    for (const payload of numbered(30, 50)) await journal.append(payload);
    const [name = "", whole] = [...disk.files][0] ?? [];
    const intact = whole?.content ?? Buffer.alloc(0);
    for (let flip = 0; flip < 1500; flip += 1) {
      const content = Buffer.from(intact);
      const at = Math.floor(random() * content.length);
      content[at] = (content[at] as number) ^ (1 << Math.floor(random() * 8));
      const after = createMemoryDisk();
      after.files.set(name, { content, durable: content, named: true });
      const { payloads, damages } = await readAll(after, { written: () => journal.progress.read() });
      expect(journal.appended).toEqual(expect.arrayContaining(payloads));
      const lost = journal.appended.filter((payload) => !payloads.includes(payload));
      expect(lost.length).toBe(at < HEADER_BYTES ? 0 : 1);
      expect(damages).toHaveLength(lost.length);
      const kept = [...after.files.keys()].filter((file) => file.includes("damaged"));
      expect(kept).toHaveLength(lost.length);
    }
  });

  it("is told apart from a broken end: what was acknowledged is damage, also when the rest of its segment is gone", async () => {
    const disk = createMemoryDisk();
    const journal = startJournal(disk, { segmentMax: 500 });
    for (const payload of numbered(40)) await journal.append(payload);
    const [first = ""] = [...disk.files.keys()].sort();
    const file = disk.files.get(first);
    if (file) file.content = file.content.subarray(0, file.content.length - 3);
    const { payloads, damages } = await readAll(disk);
    expect(payloads).toHaveLength(39);
    expect(damages).toHaveLength(1);
  });

  it("that is longer than what is read at once is passed over", async () => {
    const disk = createMemoryDisk();
    const journal = startJournal(disk, { segmentMax: 1e9 });
    await journal.append("first");
    for (let count = 0; count < 20; count += 1) await journal.append("l".repeat(300_000));
    await journal.append("last");
    const file = [...disk.files.values()][0];
    file?.content.fill(0, 200, 5_000_000);
    const { payloads, damages } = await readAll(disk, { written: () => journal.progress.read() });
    expect([payloads[0], payloads.at(-1)]).toEqual(["first", "last"]);
    expect(damages).toHaveLength(1);
  });

  it("cannot make a record of another segment into one of this", () => {
    const bytes = Buffer.alloc(100);
    const end = writeRecord(bytes, 0, KIND, "stale");
    const record = bytes.subarray(0, end);
    sealRecords(record, BEGAN);
    expect(scanRecords(record, BEGAN, 10).records).toHaveLength(1);
    expect(scanRecords(record, BEGAN + 1, 10).records).toHaveLength(0);
    expect(end).toBe(RECORD_HEAD_BYTES + 5);
  });

  it("by chance alone makes no record: random bytes are none", () => {
    const random = seededRandom(3);
    for (let round = 0; round < 200; round += 1) {
      const bytes = Buffer.from(Array.from({ length: 4096 }, () => Math.floor(random() * 256)));
      expect(scanRecords(bytes, BEGAN, 10).records).toEqual([]);
    }
  });
});

describe("On the machine's own disk", () => {
  const folder = mkdtempSync(join(tmpdir(), "waypost-journal-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("a journal is written, read by others not, and its damage kept", async () => {
    const own = join(folder, "own");
    await realDisk.makeFolder(own);
    const journal = startJournal(realDisk, { folder: own });
    for (const payload of numbered(300)) await journal.append(payload);
    await journal.writer.close();
    const names = readdirSync(own);
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) expect(statSync(join(own, name)).mode & 0o777).toBe(0o600);
    expect((await readAll(realDisk, { folder: own })).payloads).toEqual(journal.appended);
    writeFileSync(segmentFile(own, journal.progress.read().segment + 1), "no journal at all");
    expect((await readAll(realDisk, { folder: own })).payloads).toEqual(journal.appended);
  });

  it("a large file is taken away: its name at once, its room a piece at a time", async () => {
    const file = join(folder, "large");
    writeFileSync(file, Buffer.alloc(6 << 20));
    const watched = await open(file);
    let isGone = false;
    const removed = realDisk.remove(file).then(() => {
      isGone = true;
    });
    const sizes = new Set<number>();
    while (!isGone) sizes.add((await watched.stat()).size);
    await removed;
    await watched.close();
    expect(existsSync(file)).toBe(false);
    expect([...sizes]).toEqual([...sizes].sort((one, other) => other - one));
    expect(sizes.size).toBeGreaterThan(3);
  });

  it("a slot is one writer's, and free again when it lets go", () => {
    const slots = join(folder, "slots");
    const [first, second] = [takeSlot(slots), takeSlot(slots)];
    expect([first.name, second.name]).toEqual(["00", "01"]);
    expect(holdSlot(slots, "00")).toBeNull();
    first.release();
    expect(existsSync(first.folder)).toBe(true);
    expect(takeSlot(slots).name).toBe("00");
    expect(slotNames(slots)).toEqual(["00", "01"]);
  });
});
