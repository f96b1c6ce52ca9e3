import { type Disk } from "../../server/kit/journal/disk.js";
import { createProgress } from "../../server/kit/journal/progress.js";
import { createJournalReader, type Damage, type JournalReaderOptions } from "../../server/kit/journal/reader.js";
import { type Position, START } from "../../server/kit/journal/segments.js";
import { createJournalWriter, type JournalWriterOptions } from "../../server/kit/journal/writer.js";

/** Where tests have their journal on a disk in memory; what they append; when it began. */
export const FOLDER = "/journal";
export const KIND = 7;
export const BEGAN = 1_800_000_000_000;

/** A journal on a disk, with all that was appended and what of it was acknowledged. */
export function startJournal(
  disk: Disk,
  {
    folder = FOLDER,
    segmentMax = 4000,
    now = (): number => BEGAN,
    done = () => START,
    ...room
  }: Partial<Pick<JournalWriterOptions, "folder" | "segmentMax" | "now" | "done" | "batchMax" | "waitingMax">> = {},
) {
  const progress = createProgress();
  const failures: unknown[] = [];
  const writer = createJournalWriter({
    disk,
    folder,
    progress,
    done,
    now,
    segmentMax,
    ...room,
    failed: (e) => failures.push(e),
  });
  const appended: string[] = [];
  const acknowledged: string[] = [];
  return {
    writer,
    progress,
    failures,
    appended,
    acknowledged,
    append: async (payload: string) => {
      appended.push(payload);
      await writer.append(KIND, payload);
      acknowledged.push(payload);
    },
  };
}

/** Reads everything after a position, in batches. */
export async function readAll(
  disk: Disk,
  {
    folder = FOLDER,
    from = START,
    written = () => START,
    batchRecords = 3,
    check,
  }: Partial<JournalReaderOptions> & { from?: Position } = {},
): Promise<{ payloads: string[]; end: Position; damages: Damage[] }> {
  const damages: Damage[] = [];
  const reader = createJournalReader({
    disk,
    folder,
    written,
    batchRecords,
    ...(check && { check }),
    damaged: (one) => damages.push(one),
  });
  const payloads: string[] = [];
  let end = from;
  for (;;) {
    const batch = await reader.read(end);
    end = batch.end;
    if (batch.entries.length === 0) return { payloads, end, damages };
    payloads.push(...batch.entries.map(({ payload }) => payload.toString()));
  }
}
