import { type Logger } from "pino";
import { createCatalogCache } from "./catalog/catalog-cache.js";
import { clickRoutes } from "./clicks/click-routes.js";
import { createCountryOf } from "./clicks/country.js";
import { createDeviceOf } from "./clicks/device.js";
import { type Config } from "./config.js";
import { createLogLimiter } from "./conversions/log-limiter.js";
import { BODY_MAX } from "./conversions/postback-codes.js";
import { headTooLarge, postbackRoutes } from "./conversions/postback-routes.js";
import { type LogRow } from "./conversions/received-postback.js";
import { openWaypostDatabase } from "./database.js";
import { createAddressOf } from "./kit/address.js";
import { DATABASE_CLOSE_MS, READY_WAIT_MS, withDeadline } from "./kit/deadline.js";
import { createHttpServer, listen } from "./kit/http-server.js";
import { createIdSequence } from "./kit/id.js";
import { createLog } from "./kit/log.js";
import { createMetrics } from "./kit/metrics.js";
import { type RunningServer, run } from "./kit/process.js";
import { openJournal } from "./loader/open-journal.js";
import { prepareDatabase } from "./prepare.js";
import { readSettings, serve } from "./start.js";

/** What a test may bring along. */
export interface TrackerParts {
  log: Logger;
  /** Unix milliseconds. */
  now: () => number;
  /** From 0 (included) to 1 (excluded). */
  random: () => number;
  /** The compiled program of the loader's thread. */
  loaderFile: string | URL;
}

const LOADER_FILE = new URL("./loader.js", import.meta.url);

/** Redirects visitors and takes postbacks. Its tables must be there (`prepareDatabase`). */
export async function createTracker(config: Config, replace: Partial<TrackerParts> = {}): Promise<RunningServer> {
  const log = replace.log ?? createLog(config.logLevel, "tracker");
  const now = replace.now ?? Date.now;
  const random = replace.random ?? Math.random;
  const metrics = createMetrics();
  const database = await openWaypostDatabase(config, log);
  const em = database.em.fork();
  const catalog = await createCatalogCache(em, log);
  const journal = openJournal(config, { log, metrics, now, loaderFile: replace.loaderFile ?? LOADER_FILE });
  await journal.begin();
  const strangers = createLogLimiter<LogRow>(journal.postbacks.log);
  const addressOf = createAddressOf(config.trustProxy);

  const server = createHttpServer({
    log,
    metrics,
    bodyMax: BODY_MAX,
    trustProxy: [],
    headTooLarge: headTooLarge(),
    checkReady: async () => {
      await withDeadline(em.fork().execute("select 1"), READY_WAIT_MS);
    },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_, body, done) => done(null, body));
  server.get("/robots.txt", async (_, reply) => reply.type("text/plain").send("User-agent: *\nDisallow: /\n"));
  clickRoutes(server, {
    catalog,
    clicks: journal.clicks,
    countryOf: createCountryOf(config.dataDir),
    deviceOf: createDeviceOf(),
    now,
    random,
    addressOf,
    metrics,
  });
  postbackRoutes(server, {
    catalog,
    strangers,
    store: journal.postbacks,
    log,
    now,
    nextId: createIdSequence(),
    addressOf,
    metrics,
  });
  metrics.gauge(
    "catalog_age_seconds",
    "Since the database last confirmed the flows and keys in memory.",
    () => catalog.ageMs() / 1000,
  );

  return {
    listen: () => listen(server, config.host, config.trackerPort),
    close: async () => {
      await server.close();
      await strangers.close();
      await journal.close();
      await catalog.close();
      await withDeadline(database.close(), DATABASE_CLOSE_MS);
    },
  };
}

if (import.meta.main) {
  await run(async () => {
    const config = readSettings();
    const log = createLog(config.logLevel, "tracker");
    await prepareDatabase(config, log, { firstUser: false });
    const { host, trackerPort: port } = config;
    await serve(await createTracker(config, { log }), { host, variable: "TRACKER_PORT", port }, log);
  });
}
