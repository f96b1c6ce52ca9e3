import { resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../server/config.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { prepareLoad } from "../kit/load.js";
import { cleanUp, freshEnvironment, launchCommand, start } from "../kit/processes.js";
import { until } from "../kit/until.js";
import { databases, ONE_REQUEST, PASSWORD, startWaypost, type Waypost } from "../kit/waypost.js";

const HOUR = 3_600_000;
const LATE = "lateTrackers { id name loadedUntil seenAt atWork }";

describe.each(databases)("7.4 A tracker that was killed, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  const loadedUntil = Date.now() - HOUR;
  beforeAll(async () => {
    waypost = await startWaypost(database);
    facts = await openFacts(waypost);
    await facts.execute(
      `insert into journal_writer (name, segment, position, loaded_until, seen_at, closed) values ('gone/00', 0, 0, ${loadedUntil}, ${loadedUntil}, 0)`,
    );
  });
  afterAll(async () => {
    await facts.close();
    await waypost.close();
  });
  const read = async (path: string) => (await fetch(waypost.apiUrl + path, { headers: ONE_REQUEST })).text();
  const completeUntil = async () =>
    Date.parse((await waypost.ask("{ clicks(perPage: 1) { completeUntil } }")).clicks.completeUntil);
  const retire = (id: string) => waypost.graphql("mutation($id: ID!) { retireTracker(id: $id) }", { id });

  it("is named with the moment since which completeUntil waits for it: by the API, readiness and metrics", async () => {
    expect(await completeUntil()).toBe(loadedUntil);
    const { lateTrackers } = await waypost.ask(`{ ${LATE} }`);
    const since = new Date(loadedUntil).toISOString();
    const gone = { name: "gone/00", loadedUntil: since, seenAt: since, atWork: false };
    expect(lateTrackers).toEqual([{ id: expect.any(String), ...gone }]);
    const [{ id }] = lateTrackers;
    const { status, warnings } = JSON.parse(await read("/readyz"));
    expect(status).toBe("ready");
    expect(warnings).toEqual([expect.stringContaining(`tracker ${id} (gone/00)`)]);
    expect(warnings[0]).toContain(since);
    expect(warnings[0]).toContain(`npm run retire-tracker -- ${id}`);
    expect(await read("/metrics")).toMatch(new RegExp(`^tracker_behind_seconds\\{tracker="${id}"\\} 3[67]\\d\\d`, "m"));
  });

  it("is not retired where it is none, or at work", async () => {
    for (const none of ["999", "0", "x", ""]) {
      expect((await retire(none)).errors?.[0]?.extensions.code).toBe("NOT_FOUND");
    }
    const [own] = (await facts.execute("select id from journal_writer where name <> 'gone/00'")) as { id: number }[];
    const { errors } = await retire(String(own?.id));
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining("is at work"),
      extensions: { code: "BAD_USER_INPUT", field: "id" },
    });
  });

  it("is not waited for once it is retired, and that only once", async () => {
    const { lateTrackers } = await waypost.ask(`{ ${LATE} }`);
    const { id } = lateTrackers[0];
    expect((await retire(id)).data).toEqual({ retireTracker: true });
    expect(await completeUntil()).toBeGreaterThan(loadedUntil + HOUR / 2);
    expect(await waypost.ask(`{ ${LATE} }`)).toEqual({ lateTrackers: [] });
    expect(JSON.parse(await read("/readyz"))).toEqual({ status: "ready" });
    expect(await read("/metrics")).not.toContain("tracker_behind_seconds{");
    expect((await retire(id)).errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });
});

describe.each(databases)("7.4 npm run retire-tracker, on %s", (database) => {
  afterEach(cleanUp);

  it("lists them without an id, retires one, and one that comes back works again and says so", async () => {
    const environment = await freshEnvironment(database, { ADMIN_PASSWORD: PASSWORD, LOG_LEVEL: "warn" });
    await start("api", environment);
    const ask = await prepareLoad(environment);
    const tracker = await start("tracker", environment);
    const visit = () =>
      fetch(`http://127.0.0.1:${environment.TRACKER_PORT}/c/load`, { redirect: "manual", headers: ONE_REQUEST });
    const clicks = async () => (await ask("{ clicks { totalCount } }")).clicks.totalCount;
    await visit();
    await until(async () => (await clicks()) === 1);
    tracker.kill("SIGKILL");
    await tracker.ended();
    const facts = await openFacts({ config: readConfig(environment) } as Waypost);
    const before = Date.now() - HOUR;
    await facts.execute(`update journal_writer set loaded_until = ${before}, seen_at = ${before}`);

    const run = async (...words: string[]) => {
      const command = launchCommand(
        [process.execPath, resolve("dist/server/retire-tracker.js"), ...words],
        environment,
      );
      return { ...(await command.ended()), text: command.stdout + command.stderr };
    };
    const list = await run();
    expect(list.code).not.toBe(0);
    expect(list.text).toMatch(/Usage: npm run retire-tracker -- ID[\s\S]*waits for tracker 1 /);
    expect((await run("7")).text).toContain('There is no tracker with the id "7".');
    const retired = await run("1");
    expect([retired.code, retired.text]).toEqual([0, expect.stringContaining("never loaded are missing")]);
    await until(
      async () => Date.parse((await ask("{ clicks { completeUntil } }")).clicks.completeUntil) > before + HOUR / 2,
    );

    const again = await start("tracker", environment);
    expect(again.stderr).toContain("was retired and has come back");
    await visit();
    await until(async () => (await clicks()) === 2);
    const [row] = (await facts.execute("select closed from journal_writer")) as { closed: number }[];
    expect(Boolean(row?.closed)).toBe(false);
    await facts.close();
  });
});
