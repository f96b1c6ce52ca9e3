import { makeNewFilesPrivate } from "./private-files.js";

/** A server that is built and can be set going. */
export interface RunningServer {
  /** @returns the port it listens on. */
  listen(): Promise<number>;
  /** Answers what came in, stores what is to be stored, lets everything go. */
  close(): Promise<void>;
}

/** Exit codes (sysexits.h): a wrong setting, and a service such as the database that cannot be had. */
export const EXIT_CONFIG = 78;
export const EXIT_UNAVAILABLE = 69;

/** An end with a message for the operator instead of a stack. */
export class StartError extends Error {
  /** @param message  empty when the operator has been told already, by a process that this one started. */
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}

/** What this process does before it ends; nothing as long as it does not serve. */
let close = async (): Promise<void> => {};
let stopping = false;
const uninterrupted = new Set<Promise<unknown>>();

/**
 * Runs a process: what stops its start is one line for the operator and an exit code for the supervisor. SIGTERM and
 * SIGINT, however often they come, and the end of a supervisor that forked it end it cleanly, from its first moment on.
 */
export async function run(start: () => Promise<void>): Promise<void> {
  makeNewFilesPrivate();
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  if (process.connected) process.on("disconnect", stop);
  try {
    await start();
  } catch (error) {
    if (stopping) return;
    const isExpected = error instanceof StartError;
    const words = isExpected ? error.message : error;
    if (words) console.error(words);
    process.exit(isExpected ? error.exitCode : 1);
  }
}

/** Says what is to be done before the process ends. */
export function beforeEnd(work: () => Promise<void>): void {
  close = work;
}

/** Runs work that the end of the process waits for, such as a migration, which would be left half done. */
export async function withoutInterruption<T>(work: () => Promise<T>): Promise<T> {
  const running = work();
  uninterrupted.add(running);
  try {
    return await running;
  } finally {
    uninterrupted.delete(running);
  }
}

function stop(): void {
  if (stopping) return;
  stopping = true;
  Promise.allSettled(uninterrupted)
    .then(() => close())
    .then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
}
