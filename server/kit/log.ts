import pino, { type Logger } from "pino";
import pretty from "pino-pretty";

/**
 * The log of a process. It goes to standard error, so that what is printed for the operator (`welcome.ts`) stays apart:
 * JSON lines for machines, readable lines where a person is watching.
 */
export function createLog(level: string, name: string): Logger {
  const options = { level, name, base: { name }, redact: { paths: SECRET_PATHS, censor: "***" } };
  if (process.stderr.isTTY) return pino(options, pretty({ destination: 2, ignore: "pid,hostname", sync: true }));
  return pino(options, pino.destination({ dest: 2, sync: true }));
}

/** Error objects of the drivers carry the statement and sometimes the connection's options. */
const SECRET_PATHS = ["err.sql", "err.parameters", "err.query", "err.config", "err.options", "err.password"];
