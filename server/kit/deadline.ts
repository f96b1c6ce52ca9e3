import { DatabaseBusy } from "./orm.js";

/** How long a visitor, an advertiser or a probe waits for the database at most, in milliseconds: a frozen one never answers. */
export const DATABASE_WAIT_MS = 10_000;
/** The same for a probe that asks whether we are ready, and for letting the database go at the end. */
export const READY_WAIT_MS = 3000;
export const DATABASE_CLOSE_MS = 3000;

/**
 * Waits for work on the database, but not for ever. What takes longer goes on unseen: nobody knows whether it was stored.
 *
 * @throws DatabaseBusy when it takes longer than `ms`.
 */
export async function withDeadline<T>(work: Promise<T>, ms = DATABASE_WAIT_MS): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DatabaseBusy(`The database has not answered for ${ms / 1000} s.`)), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
