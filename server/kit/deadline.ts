import { DatabaseBusy } from "./database-errors.js";

/** How long one part waits for another at most, in milliseconds. Tests bring their own: a slow machine is no outage. */
export interface Waits {
  /** A visitor, an advertiser or a caller for the database: a frozen one never answers. */
  database: number;
  /** A probe that asks whether we are ready. */
  ready: number;
  /** A statement on a server: the network to it may have gone without a word. Then the connection is given up. */
  statement: number;
  /** The same for whoever asks the API: a list of millions may take a while. */
  query: number;
  /** A postback for the database: after that it goes to the journal. */
  postback: number;
  /** A visitor whose click the journal does not take, for the database. */
  click: number;
  /** One who asks for a journal to be loaded: behind a long backlog it is not worth waiting. */
  journal: number;
  /** A log entry for a click of this age: an older one is stored, or its journal is far behind. */
  newClick: number;
}

export const WAITS: Waits = {
  database: 10_000,
  statement: 15_000,
  query: 60_000,
  ready: 3000,
  postback: 8000,
  click: 1000,
  journal: 3000,
  newClick: 5000,
};
/** How long the end of a process waits until the database is let go. */
export const DATABASE_CLOSE_MS = 3000;

/**
 * Waits for work on the database, but not for ever. What takes longer goes on unseen: nobody knows whether it was stored.
 *
 * @throws DatabaseBusy when it takes longer than `ms`.
 */
export async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DatabaseBusy(`The database has not answered for ${ms / 1000} s.`)), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
