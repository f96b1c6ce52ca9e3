import { type Disk, type DiskFile } from "./disk.js";
import { type Progress } from "./progress.js";
import { encodeHeader, HEADER_BYTES, PAYLOAD_MAX, RECORD_HEAD_BYTES, sealRecords, writeRecord } from "./record.js";
import { listSegments, type Position, START, segmentFile } from "./segments.js";

/** A segment that has grown so large is followed by the next. */
const SEGMENT_MAX = 64 * 1024 * 1024;
/** What is written at once; what does not fit waits for its turn in another batch. */
const BATCH_MAX = 16 * 1024 * 1024;
/** Room for all that waits; what does not fit is refused. More than a server's clients can have under way (`connections.ts`). */
const WAITING_MAX = 128 * 1024 * 1024;
const FIRST_ROOM = 64 * 1024;
/** After a batch could not be stored nothing is tried for so long: a full disk is not asked once for every record. */
const FAILURE_PAUSE_MS = 500;
/** A character of UTF-16 has at most so many bytes in UTF-8. */
const BYTES_OF_CHARACTER = 3;

/** The journal takes nothing at the moment: its disk is full or broken, or slower than what comes in. */
export class JournalRefusal extends Error {}

export interface JournalWriter {
  /**
   * Resolves when the record is on disk: written, and the disk's cache flushed.
   * @throws JournalRefusal: then it may be there or not.
   */
  append(kind: number, payload: string): Promise<void>;
  /** Resolves when everything appended so far is on disk or was refused. */
  settled(): Promise<void>;
  /** Whether the last batch could not be stored. */
  failing(): boolean;
  close(): Promise<void>;
}

export interface JournalWriterOptions {
  disk: Disk;
  /** Its own; nobody else writes there. */
  folder: string;
  progress: Progress;
  /** How far its reader is done with it; left out: not at all. */
  done?: () => Position;
  /** Unix milliseconds. */
  now: () => number;
  /** Told how long each flush took, in seconds. */
  flushed?: (seconds: number) => void;
  /** Told of each file that had to be given up, and of each that could not be made. */
  failed?: (error: unknown) => void;
  segmentMax?: number;
  batchMax?: number;
  waitingMax?: number;
}

/** Records that go to disk together, and what those who appended them wait for. */
interface Batch {
  bytes: Buffer<ArrayBuffer>;
  length: number;
  stored: PromiseWithResolvers<void>;
}

/** The file that is being written. */
interface Segment {
  sequence: number;
  file: DiskFile;
  /** All before it is on disk. */
  length: number;
}

/**
 * Writes a journal by group commit: one flush at a time, and what arrives while it is under way goes into the next. No timer;
 * a lone record is written as soon as the requests that came with it are read.
 *
 * A file on which a write or a flush failed is never used again: nobody knows what of it is on disk, and a second flush would
 * say that all is. The batch is written once more, to a new file.
 */
export function createJournalWriter(options: JournalWriterOptions): JournalWriter {
  const { disk, folder, progress, now, done = () => START, segmentMax = SEGMENT_MAX } = options;
  const { batchMax = BATCH_MAX, waitingMax = WAITING_MAX } = options;
  let waiting = newBatch(Buffer.allocUnsafe(FIRST_ROOM));
  /** Those that were full before, in order. */
  const full: Batch[] = [];
  let spare = Buffer.allocUnsafe(FIRST_ROOM);
  let flushing: Promise<void> | null = null;
  let segment: Segment | null = null;
  let lastSequence = 0;
  let failedAt = Number.NEGATIVE_INFINITY;
  let failing = false;
  let previous = { previous: 0, previousAcknowledged: 0 };

  async function flushAll(): Promise<void> {
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const batch = full.shift() ?? waiting;
      if (batch === waiting) waiting = newBatch(spare);
      try {
        await store(batch.bytes.subarray(0, batch.length));
        failing = false;
        batch.stored.resolve();
      } catch (error) {
        failing = true;
        batch.stored.reject(new JournalRefusal("The journal cannot be written.", { cause: error }));
      }
      spare = batch.bytes;
    }
    flushing = null;
  }

  async function store(bytes: Buffer): Promise<void> {
    if (performance.now() - failedAt < FAILURE_PAUSE_MS) throw new Error("Not so soon again.");
    try {
      segment ??= await createSegment();
      await write(segment, bytes);
    } catch (error) {
      await giveUp(error);
      await storeAnew(bytes);
    }
    if (segment && segment.length > segmentMax) await seal();
  }

  async function storeAnew(bytes: Buffer): Promise<void> {
    try {
      segment = await createSegment();
      await write(segment, bytes);
    } catch (error) {
      failedAt = performance.now();
      await giveUp(error);
      throw error;
    }
  }

  async function write(to: Segment, bytes: Buffer): Promise<void> {
    sealRecords(bytes, to.sequence);
    const since = performance.now();
    await to.file.store(bytes, to.length);
    options.flushed?.((performance.now() - since) / 1000);
    to.length += bytes.length;
    progress.write({ segment: to.sequence, offset: to.length });
  }

  async function createSegment(): Promise<Segment> {
    lastSequence ||= (await listSegments(disk, folder)).at(-1) ?? 0;
    if (failing) await emptyLast();
    const sequence = Math.max(now(), lastSequence + 1);
    const name = segmentFile(folder, sequence);
    let file: DiskFile | undefined;
    try {
      file = await disk.create(name);
      await file.store(encodeHeader({ sequence, ...previous }), 0);
      await disk.syncFolder(folder);
    } catch (error) {
      await file?.close().catch(() => {});
      await disk.remove(name).catch(() => {});
      throw error;
    }
    lastSequence = sequence;
    progress.write({ segment: sequence, offset: HEADER_BYTES });
    return { sequence, file, length: HEADER_BYTES };
  }

  /**
   * Frees the room of the last file when its reader is done with it: it is not deleted before there is a newer one, for which
   * it may have left no room. Its name stays, so that the numbers go on rising.
   */
  async function emptyLast(): Promise<void> {
    if (lastSequence === 0 || done().segment !== lastSequence) return;
    const name = segmentFile(folder, lastSequence);
    const isOurs = previous.previous === lastSequence;
    const length = isOurs ? previous.previousAcknowledged : await disk.size(name);
    if (done().offset >= length) await disk.cut(name, HEADER_BYTES);
  }

  /** Goes on to the next file; the next segment says how much of this one counts. */
  async function seal(): Promise<void> {
    if (!segment) return;
    previous = { previous: segment.sequence, previousAcknowledged: segment.length };
    const { file } = segment;
    segment = null;
    await file.close().catch(() => {});
  }

  /** Leaves a file that failed. One in which nothing was acknowledged is removed, so that a full disk is not filled with them. */
  async function giveUp(error: unknown): Promise<void> {
    options.failed?.(error);
    if (segment?.length !== HEADER_BYTES) return seal();
    const { file, sequence } = segment;
    segment = null;
    await file.close().catch(() => {});
    await disk.remove(segmentFile(folder, sequence)).catch(() => {});
  }

  return {
    append: (kind, payload) => {
      const bytesMax = RECORD_HEAD_BYTES + payload.length * BYTES_OF_CHARACTER;
      if (payload.length * BYTES_OF_CHARACTER > PAYLOAD_MAX)
        return refuse("A record is longer than the journal takes.");
      if (waiting.length + bytesMax > batchMax) {
        if ((full.length + 2) * batchMax > waitingMax)
          return refuse("The journal's disk is slower than what comes in.");
        full.push(waiting);
        waiting = newBatch(Buffer.allocUnsafe(FIRST_ROOM));
      }
      waiting.bytes = withRoom(waiting.bytes, waiting.length, bytesMax);
      waiting.length = writeRecord(waiting.bytes, waiting.length, kind, payload);
      flushing ??= flushAll();
      return waiting.stored.promise;
    },
    settled: async () => {
      await flushing;
    },
    failing: () => failing,
    close: async () => {
      await flushing;
      await seal();
    },
  };
}

function newBatch(bytes: Buffer<ArrayBuffer>): Batch {
  const stored = Promise.withResolvers<void>();
  stored.promise.catch(() => {});
  return { bytes, length: 0, stored };
}

function refuse(reason: string): Promise<void> {
  return Promise.reject(new JournalRefusal(reason));
}

/** The same bytes in a buffer that has room for more; it grows by doubling and is used again and again. */
function withRoom(bytes: Buffer<ArrayBuffer>, used: number, more: number): Buffer<ArrayBuffer> {
  if (used + more <= bytes.length) return bytes;
  const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, used + more));
  bytes.copy(larger, 0, 0, used);
  return larger;
}
