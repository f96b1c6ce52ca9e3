import { GraphQLError } from "#graphql";
import { openWaypostDatabase } from "./database.js";
import { createLog } from "./kit/log.js";
import { EXIT_CONFIG, run, StartError } from "./kit/process.js";
import { describeLate, lateTrackers, RETIRING_COSTS, retireTracker } from "./loader/late-trackers.js";
import { readSettings } from "./start.js";

const USAGE = `Gives up waiting for a tracker that will not come back, so that completeUntil goes on without it.
${RETIRING_COSTS}

Usage: npm run retire-tracker -- ID`;

await run(async () => {
  const [id, ...others] = process.argv.slice(2);
  const config = readSettings();
  const database = await openWaypostDatabase(config, createLog(config.logLevel, "retire-tracker"));
  try {
    if (id === undefined || others.length > 0) {
      const late = (await lateTrackers(database.em.fork())).map(describeLate);
      throw new StartError(
        [USAGE, "", ...(late.length > 0 ? late : ["No tracker is waited for."])].join("\n"),
        EXIT_CONFIG,
      );
    }
    const { name, loadedUntil } = await retireTracker(database.em.fork(), id).catch(refuse);
    process.stdout.write(
      `Tracker ${id} (${name}) is retired. All its clicks before ${loadedUntil.toISOString()} are stored. ${RETIRING_COSTS}\n`,
    );
  } finally {
    await database.close();
  }
});

function refuse(error: Error): never {
  throw error instanceof GraphQLError ? new StartError(error.message, EXIT_CONFIG) : error;
}
