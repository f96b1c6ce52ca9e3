import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Facts, openFacts } from "../kit/facts.js";
import { cleanUp, type Environment, freshEnvironment, launchCommand } from "../kit/processes.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const DAY = 86_400_000;
const NOON = Date.parse("2026-05-05T12:00:00.000Z");

describe.each(databases)("npm run reconcile, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  afterAll(async () => {
    await facts.close();
    await waypost.close();
    await cleanUp();
  });

  beforeAll(async () => {
    waypost = await startWaypost(database);
    facts = await openFacts(waypost);
    const at = (index: number) => NOON + index * (DAY / 4);
    const rows = Array.from({ length: 20 }, (_, index) => ({ flowId: 1 + (index % 2), at: at(index) }));
    await facts.clicks(rows.map((row, index) => ({ ...row, country: index % 3 ? "DE" : null })));
    await facts.conversions(rows.map((row, index) => ({ ...row, uidKey: `${index}`, revenue: "1.5000" })));
    await facts.logs(rows);
  });
  async function reconcile(...words: string[]) {
    const { database: address, dataDir } = waypost.config;
    const DATABASE_URL = address.kind === "mysql" ? address.url : `sqlite:${address.file}`;
    const running = reconcileWith({ DATABASE_URL, DATA_DIR: dataDir }, ...words);
    const { code } = await running.ended();
    return { code, lines: running.stdout.trim().split("\n"), words: running.words() };
  }
  const right = { code: 0, lines: ["0 numbers differ from the facts."], words: [] };

  it("finds nothing where facts were counted", async () => {
    expect(await reconcile()).toEqual(right);
  });

  it("says what differs, only within the time that is asked for, and makes it right", async () => {
    await facts.execute("update click_count_by_flow_id set n = n + 3 where flow_id = 2 and span = 86400");
    await facts.execute(`delete from conversion_count where span = 60 and start < ${(NOON + 1) / 1000}`);
    const all = await reconcile();
    expect(all.code).toBe(1);
    expect(all.lines).toContain(
      "ClickCountByFlowId: flowId 2, span 86400, start 2026-05-05T00:00:00.000Z, bot false: n lacks -3.",
    );
    expect(all.lines).toContain(
      "ConversionCount: span 60, start 2026-05-05T12:00:00.000Z, status PENDING, other true, currency USD: n lacks 1, revenue lacks 150000000.",
    );
    const some = await reconcile("--from", "2026-05-06", "--to", "2026-05-07T00:00:00Z");
    expect(some.lines.every((line) => !line.includes("start 2026") || line.includes("start 2026-05-06"))).toBe(true);
    expect(await reconcile("--rebuild")).toMatchObject({ code: 0 });
    expect(await reconcile()).toEqual(right);
  });

  it("makes numbers right while clicks come in", async () => {
    const flow = await waypost.seedFlow();
    await facts.execute("update click_count set n = n - 2");
    const clicks = (async () => {
      for (let index = 0; index < 60; index += 1) await waypost.click(flow.key);
    })();
    expect(await reconcile("--rebuild")).toMatchObject({ code: 0 });
    await clicks;
    expect(await reconcile()).toEqual(right);
    const { clicks: list } = await waypost.ask("{ clicks { totalCount } }");
    expect(list.totalCount).toBe(80);
  });
});

it("npm run reconcile says what is wrong with its options", async () => {
  const running = reconcileWith(await freshEnvironment("SQLite"), "--from", "yesterday");
  expect((await running.ended()).code).toBe(78);
  expect(running.words()[0]).toBe('--from is "yesterday": it must be a moment such as 2026-11-01.');
  await cleanUp();
});

function reconcileWith(environment: Environment, ...words: string[]) {
  return launchCommand([process.execPath, "dist/server/reconcile.js", ...words], environment);
}
