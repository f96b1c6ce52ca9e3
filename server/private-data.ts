import { type Logger } from "pino";
import { type Config, JOURNAL_FOLDER } from "./config.js";
import { makeFilePrivate, makePrivate } from "./kit/private-files.js";

/** What SQLite has beside its file. */
const SQLITE_ENDINGS = ["-wal", "-shm", "-journal"];

/** Takes what Waypost has on disk from other users of the machine, also what was made before; says what it cannot take from them. */
export function protectData({ dataDir, database }: Config, log: Logger): void {
  const exposed = makePrivate(dataDir, [JOURNAL_FOLDER]);
  if (database.kind === "sqlite") exposed.push(...makeFilePrivate(database.file, SQLITE_ENDINGS));
  const [first, ...others] = exposed;
  if (!first) return;
  log.warn(
    { path: first.path, reason: first.reason, others: others.length },
    "Other users of this machine may read what Waypost keeps: give it a DATA_DIR that belongs to its user alone (chown, chmod 700).",
  );
}
