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
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}

/** Calls `close` on the first SIGTERM or SIGINT, however often they come, and exits. @returns the same for other reasons. */
export function onceStopped(close: () => Promise<void>): () => void {
  let closing = false;
  const stop = () => {
    if (closing) return;
    closing = true;
    close().then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  return stop;
}

/** Runs a process: what stops its start is one line for the operator and an exit code for the supervisor. */
export async function run(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    const isExpected = error instanceof StartError;
    console.error(isExpected ? error.message : error);
    process.exit(isExpected ? error.exitCode : 1);
  }
}
