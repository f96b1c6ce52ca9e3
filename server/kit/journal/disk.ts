import { constants } from "node:fs";
import { mkdir, open, readdir, stat, unlink } from "node:fs/promises";

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
  remove(file: string): Promise<void>;
  /** Makes the folder's list of names durable. */
  syncFolder(folder: string): Promise<void>;
}

/** A file that is being written. */
export interface DiskFile {
  /** Writes all of the bytes. */
  write(bytes: Buffer, offset: number): Promise<void>;
  /** Makes what was written durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The machine's own. */
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
    const handle = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    return {
      write: async (bytes, offset) => {
        for (let done = 0; done < bytes.length; ) {
          done += (await handle.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
        }
      },
      sync: () => handle.datasync(),
      close: () => handle.close(),
    };
  },
  remove: (file) => unlink(file),
  syncFolder: async (folder) => {
    const handle = await open(folder);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};
