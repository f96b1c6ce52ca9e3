import { join } from "node:path";
import { type Disk } from "./disk.js";
import {
  decodeHeader,
  HEADER_BYTES,
  type JournalRecord,
  type RecordCheck,
  type Stretch,
  scanRecords,
} from "./record.js";
import { listSegments, type Position, segmentFile } from "./segments.js";

/** Records of one batch, and how much is read from the file for them at first; more where one record is longer. */
const BATCH_RECORDS = 1000;
const CHUNK_BYTES = 512 * 1024;
/** Where damaged stretches are kept, beside the segments. */
const DAMAGED_FOLDER = "damaged";

export interface JournalEntry extends Pick<JournalRecord, "kind" | "payload"> {
  /** All up to here is dealt with when this is. */
  end: Position;
}

export interface JournalBatch {
  entries: JournalEntry[];
  /** Where to read on. */
  end: Position;
  /** Whether there is more to read at once. */
  more: boolean;
}

/** Something that was acknowledged, as far as is known, and can no longer be read. */
export interface Damage extends Stretch {
  segment: number;
}

export interface JournalReader {
  /** Reads the next records after a position; none when there are none yet. The same position gives the same again. */
  read(from: Position): Promise<JournalBatch>;
  /** Deletes the segments that lie wholly before a position. The newest always stays: it keeps the numbers rising. */
  deleteBefore(position: Position): Promise<void>;
}

export interface JournalReaderOptions {
  disk: Disk;
  folder: string;
  /** How far its writer is; a position in segment 0 where nobody writes. */
  written: () => Position;
  /** Told once of each damaged stretch, after its bytes were copied aside. */
  damaged: (damage: Damage) => void;
  batchRecords?: number;
  /** What a record must stand; the journal's own checksum, unless a test takes another. */
  check?: RecordCheck;
}

/** A segment as it is to be read. */
interface Readable {
  sequence: number;
  /** Where it ends for us. */
  size: number;
  /** What of it was acknowledged, in bytes; 0: nobody knows, and a broken end was never acknowledged. */
  acknowledged: number;
}

/**
 * Reads a journal, also one whose writer is at work or has died.
 *
 * Of the segment that is being written only what is on disk is read. A broken end of a segment whose writer died is what it
 * was about to write: it is passed over. What is broken before good records, or was acknowledged, is damage: it is copied
 * aside, reported, and passed over.
 */
export function createJournalReader(options: JournalReaderOptions): JournalReader {
  const { disk, folder, written, batchRecords = BATCH_RECORDS } = options;
  const reported = new Set<string>();
  let deleting: Promise<void> = Promise.resolve();

  async function read(from: Position): Promise<JournalBatch> {
    const live = written();
    const sequences = (await listSegments(disk, folder)).filter(
      (sequence) => sequence >= from.segment && (live.segment === 0 || sequence <= live.segment),
    );
    let end = from;
    for (const [index, sequence] of sequences.entries()) {
      const segment =
        sequence === live.segment
          ? { sequence, size: live.offset, acknowledged: live.offset }
          : await sealedSegment(sequence, sequences[index + 1]);
      const batch = await readSegment(segment, sequence === from.segment ? from.offset : 0);
      if (batch.entries.length > 0) return batch;
      end = batch.end;
    }
    return { entries: [], end, more: false };
  }

  async function sealedSegment(sequence: number, next: number | undefined): Promise<Readable> {
    const size = await disk.size(segmentFile(folder, sequence));
    const header = next ? decodeHeader(await disk.read(segmentFile(folder, next), 0, HEADER_BYTES)) : null;
    const acknowledged = header?.previous === sequence ? header.previousAcknowledged : 0;
    return { sequence, size: Math.max(size, acknowledged), acknowledged };
  }

  async function readSegment(segment: Readable, from: number): Promise<JournalBatch> {
    const { sequence, size } = segment;
    const start = Math.max(from, HEADER_BYTES);
    const at = (offset: number): Position => ({ segment: sequence, offset });
    for (let room = CHUNK_BYTES; ; room *= 2) {
      const bytes =
        start < size
          ? await disk.read(segmentFile(folder, sequence), start, Math.min(room, size - start))
          : Buffer.alloc(0);
      const { records, damaged, end } = scanRecords(bytes, sequence, batchRecords, options.check);
      const isWhole = bytes.length < room;
      if (records.length === 0 && !isWhole) continue;
      for (const stretch of damaged)
        await checkDamage(segment, { start: start + stretch.start, end: start + stretch.end });
      const entries = records.map(({ kind, payload, end: stop }) => ({ kind, payload, end: at(start + stop) }));
      if (!isWhole || records.length === batchRecords) return { entries, end: at(start + end), more: true };
      const rest = { start: start + end, end: size };
      if (rest.start < Math.min(size, segment.acknowledged)) await checkDamage(segment, rest);
      return { entries, end: at(Math.max(size, start)), more: false };
    }
  }

  async function deleteNow({ segment }: Position): Promise<void> {
    const sequences = await listSegments(disk, folder);
    const done = sequences.slice(0, -1).filter((sequence) => sequence < segment);
    for (const sequence of done) await disk.remove(segmentFile(folder, sequence));
  }

  /** Keeps and reports what is damaged; what lies behind the acknowledged end was never promised. */
  async function checkDamage({ sequence, acknowledged }: Readable, stretch: Stretch): Promise<void> {
    const name = `${sequence}-${stretch.start}`;
    if ((acknowledged > 0 && stretch.start >= acknowledged) || reported.has(name)) return;
    const bytes = await disk.read(segmentFile(folder, sequence), stretch.start, stretch.end - stretch.start);
    await keep(name, bytes);
    reported.add(name);
    options.damaged({ segment: sequence, ...stretch });
  }

  async function keep(name: string, bytes: Buffer): Promise<void> {
    await disk.makeFolder(join(folder, DAMAGED_FOLDER));
    try {
      const file = await disk.create(join(folder, DAMAGED_FOLDER, name));
      await file.store(bytes, 0);
      await file.close();
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw error;
    }
  }

  return {
    read,
    deleteBefore: (position) => {
      deleting = deleting.catch(() => {}).then(() => deleteNow(position));
      return deleting;
    },
  };
}
