import "reflect-metadata";
import { join } from "node:path";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import pino from "pino";
import { openWaypostDatabaseOnce } from "./database.js";
import { channelOf, connectCalls } from "./kit/calls.js";
import { createProgress } from "./kit/journal/progress.js";
import { installationId } from "./kit/journal/slots.js";
import { type LoaderData, type TrackerCalls } from "./loader/calls.js";
import { createLoader } from "./loader/loader.js";

/** The thread beside a tracker that has the database to itself. */
const port = parentPort as MessagePort;
const { config, folder, slot, progress, waits } = workerData as LoaderData;
const log = pino({ level: config.logLevel }, { write: (line: string) => void tracker("log", line) });

const loader = createLoader({
  folder,
  installation: installationId(folder),
  slot: { name: slot, folder: join(folder, slot) },
  written: createProgress(progress).read,
  // Its statements are thousands of visitors long: they are not for the log.
  openDatabase: () => openWaypostDatabaseOnce(config, pino({ level: "silent" }), waits.statement),
  tracker: (name, argument) => tracker(name, argument),
  waits,
  log,
});
const tracker = connectCalls<TrackerCalls>(channelOf(port), loader);
