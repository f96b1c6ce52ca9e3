import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type MariaDb } from "../../scripts/mariadb.ts";
import { seededRandom } from "../kit/chi-square.js";
import { missingOf } from "../kit/load.js";
import { startOwnMariaDb } from "../kit/mariadb.js";
import { mountSmallDisk, type SmallDisk } from "../kit/small-disk.js";
import { startTraffic, type Traffic } from "../kit/traffic.js";
import { until } from "../kit/until.js";
import { type DatabaseName, startWaypost, type Waypost } from "../kit/waypost.js";

describe("A journal on a full disk, under load", () => {
  let disk: SmallDisk;
  let elsewhere: string;
  let mariaDb: MariaDb | null = null;
  let waypost: Waypost;
  beforeEach(() => {
    disk = mountSmallDisk("2m");
    elsewhere = mkdtempSync(join(tmpdir(), "waypost-elsewhere-"));
  });
  afterEach(async () => {
    await waypost.close();
    await mariaDb?.remove();
    disk.remove();
    rmSync(elsewhere, { recursive: true });
  });

  async function begin(database: DatabaseName, url: string): Promise<Traffic> {
    waypost = await startWaypost(database, { environment: { DATA_DIR: join(disk.folder, "data"), DATABASE_URL: url } });
    const flow = await waypost.seedFlow();
    await waypost.track(`/c/${flow.key}`, { method: "HEAD" });
    const { trackerUrl, postbackKey } = waypost;
    const traffic = startTraffic({
      trackerUrl,
      postbackKey,
      flowKey: flow.key,
      advertisers: 0,
      random: seededRandom(1),
    });
    await until(() => traffic.clicks.length > 200);
    return traffic;
  }
  const visits = (traffic: Traffic, more: number) => {
    const enough = traffic.clicks.length + more;
    return until(() => traffic.clicks.length > enough);
  };
  const unrecorded = async () =>
    Number(/^clicks_unrecorded_total (\d+)$/m.exec(await (await waypost.track("/metrics")).text())?.[1]);
  const isReady = async () => (await waypost.track("/readyz")).ok;
  const isFull = () => statfsSync(disk.folder).bavail === 0;

  it("sends its clicks to the database, and works again when there is room", async () => {
    const traffic = await begin("SQLite", `sqlite:${join(elsewhere, "waypost.sqlite")}`);
    const others = join(disk.folder, "others.bin");
    expect(() => writeFileSync(others, Buffer.alloc(4 << 20))).toThrow("ENOSPC");
    await until(async () => !(await isReady()));
    await visits(traffic, 200);
    rmSync(others);
    await until(isReady);
    await visits(traffic, 200);
    await traffic.stop();
    expect([...traffic.others]).toEqual([]);
    expect(await missingOf(waypost.ask, traffic.clicks, [])).toEqual([]);
    expect(await unrecorded()).toBe(0);
  });

  it("counts what it cannot keep while the database is away too, and frees its own room when that is back", async () => {
    mariaDb = await startOwnMariaDb();
    const traffic = await begin("MySQL", `${mariaDb.url}/waypost`);
    await mariaDb.kill();
    await until(async () => isFull() && (await unrecorded()) > 100);
    await mariaDb.start();
    await until(async () => (await isReady()) && !isFull());
    const lost = await unrecorded();
    await visits(traffic, 200);
    await traffic.stop();
    expect([...traffic.others]).toEqual([]);
    expect(await unrecorded()).toBe(lost);
    const missing = await missingOf(waypost.ask, traffic.clicks, []);
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.length).toBeLessThanOrEqual(lost);
  });
});
