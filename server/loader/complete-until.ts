import { type EntityManager } from "@mikro-orm/sql";
import { oldestAnnounced } from "../conversions/announcement.js";
import { oldestPending } from "../conversions/pending-postback.js";
import { completeUntil } from "./journal-writer.js";

/**
 * The moment before which nothing more will come: every click, conversion and log entry that is older is stored. It is behind
 * the clock by a moment; further while a tracker's journal waits for the database, a postback for its click, or conversions are
 * changed by hand.
 *
 * To be read before the rows that it is said of.
 */
export async function readCompleteUntil(em: EntityManager): Promise<Date> {
  // The writers first: what one of them has passed on meanwhile is among the pending ones then.
  const until = await completeUntil(em.fork());
  const others = [await oldestPending(em.fork()), await oldestAnnounced(em.fork())];
  return new Date(Math.min(until, ...others.flatMap((moment) => moment?.getTime() ?? [])));
}
