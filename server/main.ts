import { type FirstStart } from "./accounts/first-start.js";
import { handOn } from "./config.js";
import { createLog } from "./kit/log.js";
import { beforeEnd, run } from "./kit/process.js";
import { createSupervisor, WITHOUT_GRAPHQL } from "./kit/supervise.js";
import { prepareOrGoWithout } from "./prepare.js";
import { checkPort, readSettings } from "./start.js";
import { tellFirstAccount, welcome } from "./welcome.js";

const API_FILE = new URL("./api.js", import.meta.url);
const TRACKER_FILE = new URL("./tracker.js", import.meta.url);

/**
 * `npm start`: the API and the tracker, one process each, watched over. While the database is away and an earlier start has
 * kept a catalog, the tracker works alone until it comes.
 */
await run(async () => {
  const config = readSettings();
  const log = createLog(config.logLevel, "main");
  await checkPort({ host: config.host, variable: "API_PORT", port: config.apiPort }, log);
  await checkPort({ host: config.host, variable: "TRACKER_PORT", port: config.trackerPort }, log);
  const tell = (made: FirstStart) => tellFirstAccount(config, made);
  const { result } = await prepareOrGoWithout(config, log, { firstUser: true, tell });

  const { start, keep, stop } = createSupervisor(log, handOn());
  beforeEnd(stop);
  try {
    // The API cannot do without the database: it waits, and is started again until it is there.
    const api = result ? start("api", API_FILE) : keep("api", API_FILE);
    await Promise.all([api, start("tracker", TRACKER_FILE, WITHOUT_GRAPHQL)]);
  } catch (error) {
    await stop();
    throw error;
  }
  process.stdout.write(welcome(config, result?.first ?? null));
});
