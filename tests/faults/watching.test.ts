import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MariaDb } from "../../scripts/mariadb.ts";
import { startOwnMariaDb } from "../kit/mariadb.js";
import { readOn } from "../kit/read-on.js";
import { until } from "../kit/until.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

describe("While a tracker has no database", () => {
  let mariaDb: MariaDb;
  let waypost: Waypost;
  beforeAll(async () => {
    mariaDb = await startOwnMariaDb();
    waypost = await startWaypost("MySQL", { environment: { DATABASE_URL: `${mariaDb.url}/waypost` } });
  });
  afterAll(async () => {
    await waypost.close();
    await mariaDb.remove();
  });

  it("what its journal holds counts as still to come, until it is loaded", async () => {
    const flow = await waypost.seedFlow();
    await waypost.click(flow.key);
    await mariaDb.stop();
    const beganAt = Date.now();
    const click = await waypost.click(flow.key);
    expect((await waypost.postback({ click })).body).toMatchObject({ status: 202, code: "ACCEPTED" });
    await mariaDb.start();
    await until(async () => {
      const { ids, completeUntil } = await readOn(waypost, "postbackLogs", new Date(0).toISOString());
      if (ids.length === 0) expect(Date.parse(completeUntil)).toBeLessThanOrEqual(beganAt);
      return ids.length > 0 && Date.parse(completeUntil) > beganAt;
    });
  });
});
