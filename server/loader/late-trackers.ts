import { type EntityManager } from "@mikro-orm/sql";
import { readSerialId } from "../kit/column.js";
import { badInput, notFound } from "../kit/errors.js";
import { JournalWriter, readWriters } from "./journal-writer.js";
import { isGivenUp } from "./waiting-rule.js";

/** A tracker that works reports three times a second: one that is so far behind is away, or has yet to load. In milliseconds. */
const LATE_MS = 10_000;
/** Of a tracker that was retired, until it comes back. */
export const RETIRED = new Date(0);

/** What retiring a tracker may cost, in words for whoever does it. */
export const RETIRING_COSTS =
  "Clicks and postbacks in its journal that were never loaded are missing from all that is read as complete from now on. If it comes back they are loaded all the same, later.";

/** The trackers that `completeUntil` waits for, the one that is furthest behind first. @param now  Unix milliseconds. */
export async function lateTrackers(em: EntityManager, now = Date.now()): Promise<JournalWriter[]> {
  const { writers } = await readWriters(em);
  const late = writers.filter(
    (writer) => !writer.closed && !isGivenUp(writer, writers) && now - writer.loadedUntil > LATE_MS,
  );
  const ids = late.map(({ id }) => id);
  const rows = await em.find(JournalWriter, { id: { $in: ids } }, { disableIdentityMap: true });
  return rows.sort((one, other) => one.loadedUntil.getTime() - other.loadedUntil.getTime());
}

/** Whether a tracker is here, however far it is behind: then it has yet to load what it has. @param now  Unix milliseconds. */
export function isAtWork({ seenAt }: JournalWriter, now: number): boolean {
  return now - seenAt.getTime() < LATE_MS;
}

/** One of them in one line for an operator. */
export function describeLate({ id, name, loadedUntil, seenAt }: JournalWriter): string {
  const since = (moment: Date) => (moment.getTime() === 0 ? "never" : moment.toISOString());
  return `completeUntil waits for tracker ${id} (${name}): all its clicks are stored up to ${since(loadedUntil)}, and it was last here at ${since(seenAt)}. If it will not come back, retire it: npm run retire-tracker -- ${id}`;
}

/**
 * Gives up waiting for a tracker that will not come back: `completeUntil` goes on without it. If it does come back, it works again.
 *
 * @param now  Unix milliseconds.
 * @throws NOT_FOUND, and BAD_USER_INPUT for one that nobody waits for or that is at work.
 */
export async function retireTracker(em: EntityManager, id: string, now = Date.now()): Promise<JournalWriter> {
  const serial = readSerialId(id);
  const tracker = serial === null ? null : await em.fork().findOne(JournalWriter, { id: serial });
  if (!tracker) throw notFound("tracker", id);
  if (tracker.seenAt.getTime() === RETIRED.getTime() && tracker.closed) {
    throw badInput("id", `Nobody waits for tracker ${id}: it was retired.`);
  }
  if (!tracker.closed && isAtWork(tracker, now)) {
    throw badInput(
      "id",
      `Tracker ${id} is at work: it was last here at ${tracker.seenAt.toISOString()}. End it first.`,
    );
  }
  // Only as it was looked at: it may come back at this very moment.
  const where = { id: tracker.id, seenAt: tracker.seenAt };
  if ((await em.fork().nativeUpdate(JournalWriter, where, { closed: true, seenAt: RETIRED })) !== 1) {
    throw badInput("id", `Tracker ${id} has come back just now.`);
  }
  return tracker;
}
