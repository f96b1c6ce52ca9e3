import { EXIT_UNAVAILABLE, StartError } from "./kit/process.js";
import { migrations } from "./migrations/migrations.js";

/** The day (UTC) of the newest migration: no clock that is right ever showed an earlier one to this program. */
export const EARLIEST_DAY = migrations.at(-1)?.name.slice(0, "2026-11-25".length) ?? "";

/**
 * Makes sure that the machine's clock may be right: every click hash and log entry is made from it and sorted by it.
 *
 * @param now  Unix milliseconds.
 * @throws StartError with the one line that says what it shows.
 */
export function checkClock(now = Date.now()): void {
  if (now >= Date.parse(EARLIEST_DAY)) return;
  const shown = new Date(now).toISOString();
  throw new StartError(
    `The clock shows ${shown}: this Waypost was built on ${EARLIEST_DAY} or later. Set the machine's clock and start again.`,
    EXIT_UNAVAILABLE,
  );
}
