import { type Logger } from "pino";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { type Metrics } from "./metrics.js";

/** Lines a minute in the log for what cannot be read; the others are counted. */
export const UNREADABLE_LINES = 30;
const WINDOW_SECONDS = 60;

/**
 * Counts what came on a connection and is no request that could be read, and says so in the log with its first line; what
 * is too much for the log is counted in the `suppressed` of the next line.
 *
 * @returns what is to be told of each: the error of Node's parser, of which there are few, and the line.
 */
export function createUnreadableRequests(log: Logger, metrics: Metrics): (code: string, firstLine: string) => void {
  const requests = metrics.counter("requests_unreadable_total", "What came and is no HTTP, by the parser's error.", [
    "code",
  ]);
  const limiter = new RateLimiterMemory({ points: UNREADABLE_LINES, duration: WINDOW_SECONDS });
  let suppressed = 0;
  return (code, firstLine) => {
    requests.inc({ code });
    limiter.consume("all").then(
      () => {
        log.warn({ code, firstLine, suppressed }, "A request cannot be read.");
        suppressed = 0;
      },
      () => {
        suppressed += 1;
      },
    );
  };
}
