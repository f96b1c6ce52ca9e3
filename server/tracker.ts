import { type Logger } from "pino";
import { createCatalogCache } from "./catalog/catalog-cache.js";
import { createCatalogFile } from "./catalog/catalog-file.js";
import { openAddressFiles } from "./clicks/address-files.js";
import { clickRoutes } from "./clicks/click-routes.js";
import { createDeviceOf } from "./clicks/device.js";
import { type Config } from "./config.js";
import { createKeyLimiters, createLogLimiter, STRANGERS } from "./conversions/log-limiter.js";
import { headTooLarge, postbackRoutes } from "./conversions/postback-routes.js";
import { type LogRow } from "./conversions/received-postback.js";
import { openWaypostDatabaseOnce } from "./database.js";
import { createAddressOf } from "./kit/address.js";
import { DATABASE_CLOSE_MS, WAITS, type Waits, withDeadline } from "./kit/deadline.js";
import { createHttpServer } from "./kit/http-server.js";
import { createIdSequence, momentOf } from "./kit/id.js";
import { createLateDatabase } from "./kit/late-database.js";
import { listen } from "./kit/listen.js";
import { createLog } from "./kit/log.js";
import { createMetrics, type Metrics, measureConnections } from "./kit/metrics.js";
import { createMetricsGate } from "./kit/metrics-gate.js";
import { type RunningServer, run } from "./kit/process.js";
import { acceptProven } from "./kit/proven-address.js";
import { createSteadyClock } from "./kit/steady-clock.js";
import { createUnderWay } from "./kit/under-way.js";
import { tellUnknownProxies } from "./kit/unknown-proxy.js";
import { openJournal } from "./loader/open-journal.js";
import { prepareOrGoWithout } from "./prepare.js";
import { receiveSettings, serve } from "./start.js";
import { superviseWorkers } from "./supervise-workers.js";

/** What a test may bring along. */
export interface TrackerParts {
  log: Logger;
  /** Unix milliseconds. */
  now: () => number;
  /** From 0 (included) to 1 (excluded). */
  random: () => number;
  /** The compiled program of the loader's thread. */
  loaderFile: string | URL;
  /** Resolves when the tables are there, for a start without the database; left out: they are. */
  prepared: Promise<unknown>;
  /** For one of several on one port: has the others' numbers too. */
  gatherMetrics: () => Promise<string>;
  waits: Waits;
  /** Log entries a minute for what the holders of a key are refused. */
  refusedPerKey: number;
}

const LOADER_FILE = new URL("./loader.js", import.meta.url);

export interface RunningTracker extends RunningServer {
  metrics: Metrics;
}

/** Redirects visitors and takes postbacks; also while the database is away, once it has kept a catalog. */
export async function createTracker(config: Config, replace: Partial<TrackerParts> = {}): Promise<RunningTracker> {
  const log = replace.log ?? createLog(config.logLevel, "tracker");
  const { host, trackerPort: port } = config;
  const clock = createSteadyClock(replace.now ?? Date.now);
  const { now } = clock;
  const random = replace.random ?? Math.random;
  const metrics = createMetrics(replace.gatherMetrics);
  const { prepared, waits = WAITS } = replace;
  const database = createLateDatabase(prepared ?? Promise.resolve(), () =>
    openWaypostDatabaseOnce(config, log, waits.statement),
  );
  const file = createCatalogFile(config.dataDir);
  const catalog = await createCatalogCache({ em: database.em, file, waitMs: waits.database, log });
  const underWay = createUnderWay();
  const loaderFile = replace.loaderFile ?? LOADER_FILE;
  const journal = openJournal(config, { log, metrics, clock, loaderFile, underWay, waits });
  if (prepared) {
    await journal.announce();
    void prepared.then(journal.begin);
  } else await journal.begin();
  const { trustProxy: trusted, metricsToken: token } = config;
  const addressOf = acceptProven(tellUnknownProxies(createAddressOf(trusted), { trusted, log, now }), config.dataDir);
  const hold = (id: string) => underWay.begin(momentOf(id).getTime());
  const strangers = createLogLimiter<LogRow>(STRANGERS, journal.postbacks.log, hold);
  const refused = createKeyLimiters<LogRow>(journal.postbacks.log, hold, replace.refusedPerKey);
  const addressFiles = openAddressFiles({ dataDir: config.dataDir, log, metrics, now });

  const server = createHttpServer({
    log,
    metrics,
    trustProxy: [],
    metricsGate: createMetricsGate({ token, trusted }),
    headTooLarge: headTooLarge(),
    whyNotReady: journal.whyNotReady,
    warnings: journal.warnings,
  });
  server.get("/robots.txt", async (_, reply) => reply.type("text/plain").send("User-agent: *\nDisallow: /\n"));
  clickRoutes(server, {
    catalog,
    clicks: journal.clicks,
    countryOf: addressFiles.countryOf,
    networkOf: addressFiles.networkOf,
    deviceOf: createDeviceOf(),
    now,
    random,
    addressOf,
    metrics,
  });
  postbackRoutes(server, {
    catalog,
    strangers,
    refused,
    store: journal.postbacks,
    underWay,
    log,
    now,
    nextId: createIdSequence(),
    addressOf,
    metrics,
  });
  measureConnections(metrics, async () => database.connectionsLent() + (await journal.connectionsLent()));
  metrics.gauge(
    "catalog_age_seconds",
    "Since the database last confirmed the flows and keys in memory.",
    () => catalog.ageMs() / 1000,
    "max",
  );

  return {
    metrics,
    listen: () => listen(server, { host, port, reusePort: config.trackerWorkers > 1 }),
    close: async () => {
      await server.close();
      addressFiles.close();
      await strangers.close();
      await refused.close();
      await journal.close();
      await catalog.close();
      await withDeadline(database.close(), DATABASE_CLOSE_MS);
    },
  };
}

if (import.meta.main) {
  await run(async () => {
    const config = await receiveSettings();
    const log = createLog(config.logLevel, "tracker");
    const { host, trackerPort: port } = config;
    const setting = { host, variable: "TRACKER_PORT", port };
    if (config.trackerWorkers > 1) return superviseWorkers(config, setting, log);
    const { result, done } = await prepareOrGoWithout(config, log, { firstUser: false });
    await serve(await createTracker(config, { log, ...(result ? {} : { prepared: done }) }), setting, log);
  });
}
