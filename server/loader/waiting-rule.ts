/**
 * Which clicks may still come: one rule, without a database and without a clock of its own.
 *
 * All moments are Unix milliseconds. A writer's clicks bear its own clock; its reports bear the database's.
 */

/** What is known of a writer by what was reported of it. */
export interface WriterState {
  id: number;
  /** All its clicks from before this moment are stored, by its own clock. */
  loadedUntil: number;
  /** When it reported last; 0: it was retired. */
  seenAt: number;
  /** Since when it is waited for without a report. */
  awaitedFrom: number;
  /** It ended and left nothing to load. */
  closed: boolean;
  /** By how much its clock was ahead of the database's. */
  clockAhead: number;
}

/** A writer that has not reported for so long is not waited for any more. */
export const FORGOTTEN_MS = 24 * 3_600_000;
/** Reports that are no further apart leave no room for an outage in which a writer could have started. */
export const WATCHED_MS = 2000;
/** How long a writer that starts tries to report before it takes clicks without: longer than others go unwatched. */
export const START_WITHOUT_MS = 3000;
/** By how much two clocks may differ that are set right now and then: a click from further ahead is nobody's. */
export const CLOCKS_APART_MS = 60_000;

/** Up to when somebody has watched the database, and would have said so had it been away. */
function watchedUntil(writers: WriterState[]): number {
  return Math.max(0, ...writers.map(({ seenAt }) => seenAt));
}

/** Whether nobody waits for a writer any more: it was retired, or has been away for a day on which the database was there. */
export function isGivenUp({ seenAt, awaitedFrom }: WriterState, writers: WriterState[]): boolean {
  return seenAt === 0 || watchedUntil(writers) - Math.max(seenAt, awaitedFrom) > FORGOTTEN_MS;
}

/**
 * From which moment on, by its own clock, a writer may hold clicks that nobody else knows; infinity: it holds none.
 *
 * One that was closed can start again at any time. While the database is there it reports before it takes a click; so it holds
 * none from before the last moment at which anybody saw that the database had been there all the time.
 */
export function heldFrom(writer: WriterState, writers: WriterState[]): number {
  if (isGivenUp(writer, writers)) return Number.POSITIVE_INFINITY;
  if (!writer.closed) return writer.loadedUntil;
  return Math.max(writer.loadedUntil, watchedUntil(writers) + writer.clockAhead);
}

/**
 * The moment before which all clicks of all writers are stored.
 *
 * @param now  of the database.
 * @param except  a writer whose journal the caller knows to be loaded.
 */
export function completeBefore(writers: WriterState[], now: number, except?: number): number {
  const others = writers.filter(({ id }) => id !== except);
  return Math.min(now, ...others.map((writer) => heldFrom(writer, writers)));
}

/**
 * Whether a click that is not stored may still come: some writer could hold it by the moment in its hash.
 *
 * @param ms  that moment.
 * @param now  of the database.
 * @param except  a writer whose journal the caller knows to be loaded.
 */
export function mayCome(ms: number, writers: WriterState[], now: number, except?: number): boolean {
  return writers.some((writer) => {
    const latest = now + Math.max(0, writer.clockAhead) + CLOCKS_APART_MS;
    return writer.id !== except && ms >= heldFrom(writer, writers) && ms < latest;
  });
}

/**
 * The writers that have to be waited for again before one reports, as far as nobody can say that the database was there all the
 * time: they may have started without it.
 *
 * @param now  of the database.
 * @param hasFailed  whether the one who reports has not reached the database at some time since it last reported.
 * @returns them with what is known to be stored of each.
 */
export function awaitAgain(
  writers: WriterState[],
  id: number,
  now: number,
  hasFailed: boolean,
): Pick<WriterState, "id" | "loadedUntil">[] {
  const unwatched = now - watchedUntil(writers);
  if (!hasFailed && unwatched >= 0 && unwatched <= WATCHED_MS) return [];
  const others = writers.filter((writer) => writer.id !== id && !isGivenUp(writer, writers));
  return others.map((writer) => ({ id: writer.id, loadedUntil: heldFrom(writer, writers) }));
}
