import { afterEach, describe, expect, it } from "vitest";
import { until } from "../kit/until.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

describe.each(databases)("6.16 The clock of a tracker, on %s", (database) => {
  let waypost: Waypost;
  afterEach(() => waypost.close());
  const ready = async () => (await (await waypost.track("/readyz")).json()) as { warnings?: string[] };
  const lines = (words: string) => waypost.logLines.filter((line) => line.includes(words)).length;

  it("that is ahead of the database's is told once in the log, in a metric and with readiness, until it is right", async () => {
    let ahead = 90_000;
    waypost = await startWaypost(database, { now: () => Date.now() + ahead });
    await until(async () => (await ready()).warnings?.some((warning) => warning.includes("90 s ahead of")) ?? false);
    expect(await (await waypost.track("/metrics")).text()).toMatch(/^clock_ahead_seconds (89|90)/m);
    ahead = 0;
    await until(() => lines("The clock of this tracker is right again.") === 1);
    expect(await ready()).toEqual({ status: "ready" });
    expect(lines("ahead of the database's")).toBe(1);
  });

  it("puts no click behind what others were told when it is set back by a minute, and says so", async () => {
    let ahead = 0;
    waypost = await startWaypost(database, { now: () => Date.now() + ahead });
    const flow = await waypost.seedFlow();
    await waypost.click(flow.key);
    const told = async () =>
      Date.parse((await waypost.ask("{ clicks(perPage: 1) { completeUntil } }")).clicks.completeUntil);
    const start = Date.now();
    await until(async () => (await told()) >= start);
    const before = await told();
    ahead = -60_000;
    const click = await waypost.click(flow.key);
    expect(Number.parseInt(click.slice(0, 12), 16)).toBeGreaterThanOrEqual(before);
    await until(async () => (await ready()).warnings?.some((warning) => warning.includes("60 s behind")) ?? false);
  });
});
