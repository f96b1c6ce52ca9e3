import { connectCalls } from "./kit/calls.js";
import { createLog } from "./kit/log.js";
import { run } from "./kit/process.js";
import { prepareOrGoWithout } from "./prepare.js";
import { receiveSettings, serve } from "./start.js";
import { channelTo, type SupervisorCalls, type WorkerCalls } from "./supervise-workers.js";
import { createTracker, type RunningTracker } from "./tracker.js";

/** One of several trackers on one port. */
await run(async () => {
  const config = await receiveSettings();
  const log = createLog(config.logLevel, "tracker");
  const { result, done } = await prepareOrGoWithout(config, log, { firstUser: false });
  let tracker: RunningTracker | null = null;
  // The others may be asked for their numbers, and so for ours, before we are there.
  const calls: WorkerCalls = { numbers: async () => (await tracker?.metrics.registry.getMetricsAsJSON()) ?? [] };
  const ask = connectCalls<SupervisorCalls>(channelTo(process), calls);
  tracker = await createTracker(config, {
    log,
    gatherMetrics: () => ask("metrics", undefined),
    ...(result ? {} : { prepared: done }),
  });
  const { host, trackerPort: port } = config;
  await serve(tracker, { host, variable: "TRACKER_PORT", port }, log);
});
