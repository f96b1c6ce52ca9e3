import { afterEach, describe, expect, inject, it } from "vitest";
import { STRANGER_ENTRIES_PER_ADDRESS } from "../../server/conversions/log-limiter.js";
import { addressBlock } from "../../server/kit/address.js";
import { createTracker } from "../../server/tracker.js";
import { databases, ONE_REQUEST, PATIENT, startWaypost, type Waypost } from "../kit/waypost.js";

describe.each(databases)("Postbacks of strangers, on %s", (database) => {
  let waypost: Waypost | undefined;
  afterEach(async () => {
    await waypost?.close();
    waypost = undefined;
  });

  it("4.3 are all answered, and logged or counted, whatever their method: entries and suppressed ones are as many as came", async () => {
    waypost = await startWaypost(database, { environment: { TRUST_PROXY: "127.0.0.1" } });
    const { ask, config, logLines } = waypost;
    const began = performance.now();
    const tracker = await createTracker(
      { ...config, trackerPort: 0 },
      { loaderFile: inject("loaderFile"), waits: PATIENT },
    );
    const url = `http://127.0.0.1:${await tracker.listen()}/postback/`;
    const addresses = ["1.1.1.1", "2.2.2.2", "2001:db8::1", "2001:db8::2"];
    const requests = Array.from({ length: 200 }, (_, index) => ({
      key: `guess-${index}`,
      method: index % 10 === 0 ? "PUT" : "GET",
      address: addresses[index % addresses.length] ?? "",
    }));
    const statuses = await Promise.all(
      requests.map(async ({ key, method, address }) => {
        const response = await fetch(`${url}${key}?click=0`, {
          method,
          headers: { ...ONE_REQUEST, "x-forwarded-for": address },
        });
        await response.text();
        return response.status;
      }),
    );
    expect(statuses).toEqual(requests.map(({ method }) => (method === "PUT" ? 405 : 401)));
    const known = await fetch(`${url}${waypost.postbackKey}?click=0`, {
      headers: { ...ONE_REQUEST, "x-forwarded-for": "1.1.1.1" },
    });
    expect(known.status).toBe(404);
    await tracker.close();
    const minutes = (performance.now() - began) / 60_000;

    const { postbackLogs } = await ask(
      "{ postbackLogs(perPage: 500) { items { ip status suppressed postbackKey { id } } } }",
    );
    const strangers = postbackLogs.items.filter(({ postbackKey }: { postbackKey: unknown }) => postbackKey === null);
    expect(strangers.reduce((sum: number, entry: { suppressed: number }) => sum + 1 + entry.suppressed, 0)).toBe(200);
    expect(postbackLogs.items).toHaveLength(strangers.length + 1);
    // Both IPv6 addresses are one network. What is held back is written every ten seconds, and at the end.
    const most = 3 * STRANGER_ENTRIES_PER_ADDRESS * (1 + Math.floor(minutes)) + Math.floor(minutes * 6) + 1;
    expect(strangers.length).toBeLessThanOrEqual(most);
    expect(new Set(strangers.map((entry: { ip: string }) => addressBlock(entry.ip))).size).toBe(3);
    expect(logLines.join("")).not.toContain("guess-");
  });

  it("4.3 have so many entries a minute with a key they have found, for what is refused, and all for what is taken", async () => {
    const refusedPerKey = 20;
    waypost = await startWaypost(database);
    const { ask, config, postbackKey } = waypost;
    const { key } = await waypost.seedFlow();
    const click = await waypost.click(key);
    const began = performance.now();
    const tracker = await createTracker(
      { ...config, trackerPort: 0 },
      { loaderFile: inject("loaderFile"), waits: PATIENT, refusedPerKey },
    );
    const url = `http://127.0.0.1:${await tracker.listen()}/postback/${postbackKey}`;
    const send = async (query: string, method = "GET") =>
      (await fetch(`${url}?click=${query}`, { method, headers: ONE_REQUEST })).status;
    const unknown = (index: number) => `019a${index.toString(16).padStart(28, "0")}`;
    const refused = Array.from({ length: 90 }, (_, index) => {
      if (index % 3 === 0) return send(unknown(index));
      return index % 3 === 1 ? send("none") : send(click, "PUT");
    });
    const taken = Array.from({ length: 40 }, (_, index) => send(`${click}&uid=${index}`));
    expect(new Set(await Promise.all(taken))).toEqual(new Set([200]));
    expect((await Promise.all(refused)).slice(0, 3)).toEqual([404, 404, 405]);
    await tracker.close();
    const sum = (all: { suppressed: number }[]) => all.reduce((count, { suppressed }) => count + 1 + suppressed, 0);
    const minutes = Math.floor((performance.now() - began) / 60_000);
    const { postbackLogs } = await ask("{ postbackLogs(perPage: 500) { items { status suppressed } } }");
    const logged = postbackLogs.items as { status: number; suppressed: number }[];
    expect(sum(logged)).toBe(130);
    expect(logged.filter(({ status }) => status === 200)).toHaveLength(40);
    const most = refusedPerKey * (1 + minutes) + 6 * (minutes + 1);
    expect(logged.filter(({ status }) => status !== 200).length).toBeLessThanOrEqual(most);
  });

  it("never learn from an answer or a log line which keys there are", async () => {
    waypost = await startWaypost(database);
    const { postbackKey, track, logLines } = waypost;
    const answer = await (await track(`/postback/${postbackKey.slice(0, -1)}?click=0`)).text();
    expect(answer).not.toContain(postbackKey.slice(0, 8));
    await track(`/postback/${postbackKey}?click=0`);
    await track(`/postback/${postbackKey}/more`);
    await track(`/postback/${postbackKey}`, {
      method: "POST",
      body: "{",
      headers: { "content-type": "application/json" },
    });
    expect(logLines.length).toBeGreaterThan(10);
    expect(logLines.filter((line) => line.includes(postbackKey))).toEqual([]);
  });
});
