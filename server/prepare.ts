import { DriverException } from "@mikro-orm/core";
import { type Logger } from "pino";
import { type FirstStart, makeFirstUser } from "./accounts/first-start.js";
import { type Config } from "./config.js";
import { databaseFailure, openWaypostDatabase } from "./database.js";
import { migrate } from "./kit/migrate.js";

const RIGHTS = "Its user needs every right on it, CREATE, ALTER, INDEX and DROP included.";

/**
 * Brings the database up to date and, where `firstUser` asks for it, makes the first user and postback key of an empty
 * system. Any number of processes may do so at once.
 *
 * @param tell  says it to the operator before anything can end the process: nobody can say it again.
 * @returns what the operator has to be told after the very first start, else null.
 * @throws StartError when the database does not let us.
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
  } catch (error) {
    if (!(error instanceof DriverException)) throw error;
    log.debug({ err: error }, "The database cannot be prepared.");
    throw databaseFailure(config, error, "cannot be brought up to date", RIGHTS);
  } finally {
    await database.close();
  }
}
