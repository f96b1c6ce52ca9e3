import { type Position } from "./segments.js";

/**
 * How far a journal is on disk, shared by the thread that writes it with the one that reads it.
 *
 * A new segment is told in three steps (offset 0, its number, its offset), so that the number of one segment is never seen
 * with the offset of another.
 */
export interface Progress {
  /** To hand to another thread. */
  memory: SharedArrayBuffer;
  read(): Position;
  write(position: Position): void;
}

export function createProgress(memory = new SharedArrayBuffer(16)): Progress {
  const [SEGMENT, OFFSET] = [0, 1];
  const cells = new BigInt64Array(memory);
  return {
    memory,
    read: () => {
      for (;;) {
        const segment = Atomics.load(cells, SEGMENT);
        const offset = Atomics.load(cells, OFFSET);
        if (Atomics.load(cells, SEGMENT) === segment) return { segment: Number(segment), offset: Number(offset) };
      }
    },
    write: ({ segment, offset }) => {
      if (Atomics.load(cells, SEGMENT) !== BigInt(segment)) Atomics.store(cells, OFFSET, 0n);
      Atomics.store(cells, SEGMENT, BigInt(segment));
      Atomics.store(cells, OFFSET, BigInt(offset));
    },
  };
}
