import { constants } from "node:fs";
import { mkdir, open, readdir, stat, truncate, unlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** What the journal asks of a file system. Tests bring disks that are full, that fail, or that lose power. */
export interface Disk {
  /** Makes a folder for our eyes only, if it is not there. */
  makeFolder(folder: string): Promise<void>;
  /** The names in a folder, in no order. */
  list(folder: string): Promise<string[]>;
  /** Size of a file, in bytes. */
  size(file: string): Promise<number>;
  /** Reads `length` bytes, or as many as there are. */
  read(file: string, offset: number, length: number): Promise<Buffer>;
  /** Makes a file that is not there yet, readable by us only. */
  create(file: string): Promise<DiskFile>;
  /**
   * Takes a file away, if it is there: its name at once, its room so that others' flushes wait no longer than usual. One that
   * has other names (a backup by hard links) keeps its content.
   */
  remove(file: string): Promise<void>;
  /** Leaves of a file its first `length` bytes. */
  cut(file: string, length: number): Promise<void>;
  /** Makes the folder's list of names durable. */
  syncFolder(folder: string): Promise<void>;
}

/** A file that is being written. */
export interface DiskFile {
  /** Writes all of the bytes; resolves when they, and the file's new length, are durable. */
  store(bytes: Buffer, offset: number): Promise<void>;
  close(): Promise<void>;
}

const { O_WRONLY, O_CREAT, O_EXCL, O_DSYNC } = constants;
const DURABLE_NEW_FILE = O_WRONLY | O_CREAT | O_EXCL | O_DSYNC;

/**
 * The room of a file that is taken away is freed in pieces of so many bytes, with pauses of so many milliseconds: 64 MiB at
 * once held up every flush for 100 ms (ext4 that discards what it frees).
 */
const PIECE_BYTES = 1024 * 1024;
const PIECE_PAUSE_MS = 5;

/**
 * The machine's own. `O_DSYNC` makes a write and its flush one call to the system instead of two: each costs a turn of an
 * event loop that is busy with visitors.
 */
export const realDisk: Disk = {
  makeFolder: async (folder) => void (await mkdir(folder, { recursive: true, mode: 0o700 })),
  list: (folder) => readdir(folder),
  size: async (file) => (await stat(file)).size,
  read: async (file, offset, length) => {
    const handle = await open(file);
    try {
      const bytes = Buffer.allocUnsafe(length);
      let filled = 0;
      for (let read = -1; read !== 0 && filled < length; filled += read) {
        read = (await handle.read(bytes, filled, length - filled, offset + filled)).bytesRead;
      }
      return bytes.subarray(0, filled);
    } finally {
      await handle.close();
    }
  },
  create: async (file) => {
    const handle = await open(file, DURABLE_NEW_FILE, 0o600);
    return {
      store: async (bytes, offset) => {
        for (let done = 0; done < bytes.length; ) {
          done += (await handle.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
        }
      },
      close: () => handle.close(),
    };
  },
  remove: async (file) => {
    const handle = await open(file, "r+").catch(ignoreMissing);
    if (!handle) return;
    try {
      await unlink(file).catch(ignoreMissing);
      const { size, nlink } = await handle.stat();
      for (let left = size - PIECE_BYTES; left > 0 && nlink === 0; left -= PIECE_BYTES) {
        await handle.truncate(left);
        await sleep(PIECE_PAUSE_MS);
      }
    } finally {
      await handle.close();
    }
  },
  cut: (file, length) => truncate(file, length),
  syncFolder: async (folder) => {
    const handle = await open(folder);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

/** Another was faster. */
function ignoreMissing(error: { code?: string }): null {
  if (error.code !== "ENOENT") throw error;
  return null;
}
