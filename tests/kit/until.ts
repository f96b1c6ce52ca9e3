import { setTimeout as sleep } from "node:timers/promises";

/** How long a test waits for what must come: far beyond what the slowest machine takes, so that only what never comes fails. */
export const PATIENCE_MS = 240_000;
const LOOK_MS = 20;

/** Waits until something is true. @throws when it never is */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  what: () => string = () => isTrue.toString(),
): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await isTrue()); await sleep(LOOK_MS)) {
    if (Date.now() > end) throw new Error(`Waited ${PATIENCE_MS} ms for ${what()}`);
  }
}
