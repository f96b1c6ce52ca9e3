import { setTimeout as sleep } from "node:timers/promises";
import { gaveWay } from "./database-errors.js";

const ATTEMPTS = 8;
const PAUSE_MS = 20;
/** After so long nothing is tried again: one wait for a lock takes 5 seconds on SQLite and 50 on MySQL. */
const PATIENCE_MS = 2000;

/** Does something, and again where the database gave way to another. @param attempt  leaves nothing behind when it fails */
export async function tryAgain<T>(attempt: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!gaveWay(error) || count === ATTEMPTS || performance.now() > end) throw error;
      await sleep(Math.random() * PAUSE_MS * count);
    }
  }
}
