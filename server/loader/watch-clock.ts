import { type Logger } from "pino";
import { type Metrics } from "../kit/metrics.js";

/** A clock that differs from the database's by more is wrong, in milliseconds: one that is set right now and then does not. */
export const CLOCK_WRONG_MS = 10_000;

/** Compares our clock with the database's, and says when it is wrong. */
export interface ClockWatch {
  /** @param aheadMs  by how much ours is ahead; negative: behind. */
  note(aheadMs: number): void;
  warnings(): string[];
}

export function watchClock(log: Logger, metrics: Metrics): ClockWatch {
  let ahead = 0;
  let isWrong = false;
  metrics.gauge(
    "clock_ahead_seconds",
    "By how much this tracker's clock is ahead of the database's; negative: behind.",
    () => ahead / 1000,
    "max",
  );
  const warning = () => {
    const by = `${Math.abs(Math.round(ahead / 1000))} s ${ahead > 0 ? "ahead of" : "behind"}`;
    return `The clock of this tracker is ${by} the database's: other trackers may not know its clicks. Set both clocks right.`;
  };
  return {
    note: (aheadMs) => {
      ahead = aheadMs;
      const wasWrong = isWrong;
      isWrong = Math.abs(ahead) > CLOCK_WRONG_MS;
      if (isWrong && !wasWrong) log.warn({ clockAheadMs: ahead }, warning());
      if (!isWrong && wasWrong) log.info({ clockAheadMs: ahead }, "The clock of this tracker is right again.");
    },
    warnings: () => (isWrong ? [warning()] : []),
  };
}
