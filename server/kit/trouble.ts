import { type Logger } from "pino";

/** Something that goes on failing. */
export interface Trouble {
  /** It failed once more. @param fields  for the line that says so, the first time. */
  met(fields: object): void;
  /** It works. */
  over(): void;
}

/**
 * Says of something that fails again and again when that begins, and when it ends with how often it failed: lines in between would
 * fill the disk.
 *
 * @param words  for the two lines; the first is a warning unless its level says otherwise.
 */
export function createTrouble(
  log: Logger,
  { level = "warn", begins, ends }: { level?: "warn" | "error"; begins: string; ends: string },
): Trouble {
  let times = 0;
  return {
    met: (fields) => {
      if (times === 0) log[level](fields, begins);
      times += 1;
    },
    over: () => {
      if (times > 0) log.info({ times }, ends);
      times = 0;
    },
  };
}
