import { type Logger } from "pino";
import { type FirstStart, makeFirstUser } from "./accounts/first-start.js";
import { type Config } from "./config.js";
import { openWaypostDatabase } from "./database.js";
import { migrate } from "./kit/migrate.js";

/**
 * Brings the database up to date and, where `firstUser` asks for it, makes the first user and postback key of an empty
 * system. Any number of processes may do so at once.
 *
 * @param tell  says it to the operator before anything can end the process: nobody can say it again.
 * @returns what the operator has to be told after the very first start, else null.
 */
export async function prepareDatabase(
  config: Config,
  log: Logger,
  { firstUser, tell = () => {} }: { firstUser: boolean; tell?: (first: FirstStart) => void },
): Promise<FirstStart | null> {
  const database = await openWaypostDatabase(config, log);
  try {
    return await migrate(database, async () => {
      const first = firstUser ? await makeFirstUser(database.em, config) : null;
      if (first) tell(first);
      return first;
    });
  } finally {
    await database.close();
  }
}
