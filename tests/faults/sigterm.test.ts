import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AskApi, missingOf, prepareLoad, startLoad, storedOf } from "../kit/load.js";
import { cleanUp, type Environment, freshEnvironment, start } from "../kit/processes.js";
import { until } from "../kit/until.js";
import { databases, PASSWORD } from "../kit/waypost.js";

describe.each(databases)("A tracker under load, on %s", (database) => {
  let environment: Environment;
  let ask: AskApi;
  beforeAll(async () => {
    environment = await freshEnvironment(database, { ADMIN_PASSWORD: PASSWORD });
    await start("api", environment);
    ask = await prepareLoad(environment);
  });
  afterAll(cleanUp);

  it("answers on SIGTERM every request that it accepted, and what it answered is stored", async () => {
    const tracker = await start("tracker", environment);
    const load = startLoad(environment);
    await load.answered(300);
    tracker.kill("SIGTERM");
    await until(() => tracker.stderr.includes("Stopping: answering what came in."));
    tracker.kill("SIGTERM");
    expect(await tracker.ended()).toEqual({ code: 0, signal: null });
    const { clicks, converted, failures, reset } = await load.stop();
    expect(failures).toEqual([]);
    expect(clicks.length).toBeGreaterThanOrEqual(150);
    expect(converted.length).toBeGreaterThan(50);
    expect(await missingOf(ask, clicks, converted)).toEqual([]);
    expect(await storedOf(ask, reset)).toEqual([]);
  });
});
