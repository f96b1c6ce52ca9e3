import pino from "pino";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createCatalogCache } from "../../server/catalog/catalog-cache.js";
import { createCatalogFile } from "../../server/catalog/catalog-file.js";
import { openWaypostDatabase } from "../../server/database.js";
import { PATIENCE_MS, until } from "../kit/until.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

describe.each(databases)("A change, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost(database);
  });
  afterAll(() => waypost.close());

  const visit = async (key: string, method = "GET") => (await waypost.track(`/c/${key}`, { method })).status;
  const postbackWith = async (key: string, click: string) => {
    const response = await waypost.track(`/postback/${key}?click=${click}`);
    return (await response.json()) as { status: number; code: string };
  };
  const change = (id: string, input: object) =>
    waypost.ask("mutation($id: ID!, $input: FlowInput!) { updateFlow(id: $id, input: $input) { id } }", { id, input });

  it("makes a new flow work at its first request, also right after its key was unknown", async () => {
    for (const key of Array.from({ length: 20 }, (_, index) => `new-flow-${index}`)) {
      if (key > "new-flow-1") expect(await visit(key)).toBe(404);
      await waypost.seedFlow({ key });
      expect(await visit(key)).toBe(302);
    }
  });

  it("makes a new flow work while its key is being asked for all the time", async () => {
    let asking = true;
    const crowd = Array.from({ length: 10 }, async () => {
      while (asking) await visit("wanted");
    });
    await waypost.seedFlow({ key: "wanted" });
    const first = await visit("wanted");
    asking = false;
    await Promise.all(crowd);
    expect(first).toBe(302);
  });

  it("makes a new postback key work at its first request, also right after it was unknown or deleted", async () => {
    const click = await waypost.click((await waypost.seedFlow()).key);
    expect(await postbackWith("fresh-key", click)).toMatchObject({ status: 401, code: "KEY_UNKNOWN" });
    const generate = 'mutation { generatePostbackKey(key: "fresh-key") { id } }';
    const { id } = (await waypost.ask(generate)).generatePostbackKey;
    expect(await postbackWith("fresh-key", click)).toMatchObject({ status: 200, code: "RECORDED" });

    await waypost.ask("mutation($id: ID!) { deletePostbackKey(id: $id) { id } }", { id });
    await until(async () => (await postbackWith("fresh-key", click)).code === "KEY_DELETED");
    expect(await postbackWith("fresh-key", click)).toMatchObject({ status: 401 });
    await waypost.ask(generate);
    expect(await postbackWith("fresh-key", click)).toMatchObject({ status: 200, code: "REPEATED" });
  });

  it("makes what a key says of status words count within a second", async () => {
    const click = await waypost.click((await waypost.seedFlow()).key);
    const { generatePostbackKey: made } = await waypost.ask("mutation { generatePostbackKey { id key } }");
    const send = async () =>
      (await waypost.track(`/postback/${made.key}?click=${click}&status=Geliefert`)).json() as Promise<{
        code: string;
      }>;
    expect(await send()).toMatchObject({ code: "STATUS_UNKNOWN" });
    const map = (statusWords: object[]) =>
      waypost.ask(
        "mutation($id: ID!, $statusWords: [StatusWordInput!]) { updatePostbackKey(id: $id, input: {statusWords: $statusWords}) { id } }",
        { id: made.id, statusWords },
      );
    await map([{ word: "GELIEFERT", meaning: "APPROVED" }]);
    await until(async () => (await send()).code === "RECORDED");
    const { conversions } = await waypost.ask("{ conversions(perPage: 1) { items { clickHash status } } }");
    expect(conversions.items).toEqual([{ clickHash: click, status: "APPROVED" }]);
    await map([]);
    await until(async () => (await send()).code === "STATUS_UNKNOWN");
  });

  it("stops a tracking URL within a second of its pause, and its end within a second of going on", async () => {
    const flow = await waypost.seedFlow();
    expect(await visit(flow.key)).toBe(302);
    await change(flow.id, { status: "PAUSED" });
    await until(async () => (await visit(flow.key)) === 403);
    await change(flow.id, { status: "ACTIVE" });
    await until(async () => (await visit(flow.key)) === 302);
  });

  it("sends visitors to a changed path within a second, and nobody to the old one after that", async () => {
    const flow = await waypost.seedFlow({ paths: [{ url: "https://old.example/{click}" }] });
    await waypost.track(`/c/${flow.key}`);
    const target = async () => new URL((await waypost.track(`/c/${flow.key}`)).headers.get("location") ?? "").host;
    await change(flow.id, { paths: [{ id: flow.paths[0]?.id, url: "https://new.example/{click}" }] });
    await until(async () => (await target()) === "new.example");
    for (let more = 0; more < 20; more += 1) expect(await target()).toBe("new.example");
  });

  it("ends a deleted flow within a second, keeps what it had readable under its name, and takes it back", async () => {
    const flow = await waypost.seedFlow({ name: "Ends and comes back" });
    const click = await waypost.click(flow.key);
    const { body } = await waypost.postback({ click });
    await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", { id: flow.id });
    await until(async () => (await visit(flow.key, "HEAD")) === 404);
    expect(await waypost.postback({ click, uid: "late" })).toMatchObject({
      httpStatus: 404,
      body: { code: "FLOW_DELETED", conversionId: null },
    });

    const kept = await waypost.ask(
      `query($click: ID!, $conversion: ID!, $flow: ID!) {
         click(id: $click) { flow { name deleted } }
         conversion(id: $conversion) { flow { name } click { id } }
         clicks(filter: { flowId: $flow }) { totalCount }
         conversions(filter: { flowId: $flow }) { totalCount items { flow { name } } }
         postbackLogs(filter: { flowId: $flow }) { totalCount items { flow { name } code } } }`,
      { click, conversion: body.conversionId, flow: flow.id },
    );
    const named = { flow: { name: flow.name } };
    expect(kept).toEqual({
      click: { flow: { name: flow.name, deleted: true } },
      conversion: { ...named, click: { id: click } },
      clicks: { totalCount: 1 },
      conversions: { totalCount: 1, items: [named] },
      postbackLogs: {
        totalCount: 2,
        items: [
          { ...named, code: "FLOW_DELETED" },
          { ...named, code: "RECORDED" },
        ],
      },
    });

    await waypost.ask("mutation($id: ID!) { restoreFlow(id: $id) { id } }", { id: flow.id });
    expect(await visit(flow.key)).toBe(302);
    expect((await waypost.postback({ click, uid: "late" })).body.code).toBe("RECORDED");
  });

  it("is asked for by the tracker's clock within a second, and at no other time", async () => {
    const { key, id } = await waypost.seedFlow();
    const log = pino({ level: "silent" });
    const database = await openWaypostDatabase(waypost.config, log);
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const file = createCatalogFile(waypost.config.dataDir);
    const cache = await createCatalogCache({ em: async () => database.em.fork(), file, waitMs: PATIENCE_MS, log });
    const status = async () => (await cache.flowByKey(key))?.flow.status;
    await change(id, { status: "PAUSED" });
    expect(await status()).toBe("ACTIVE");
    vi.advanceTimersByTime(1000);
    await until(async () => (await status()) === "PAUSED");
    await cache.close();
    vi.useRealTimers();
    await database.close();
  });

  it("asks the database a few times only for a thousand unknown keys at once", async () => {
    const queries = () => waypost.logLines.filter((line) => line.includes("[query]")).length;
    const [before, began] = [queries(), performance.now()];
    const statuses = await Promise.all(Array.from({ length: 1000 }, (_, index) => visit(`unknown-${index}`)));
    expect(new Set(statuses)).toEqual(new Set([404]));
    const asked = queries() - before;
    expect(asked).toBeGreaterThan(0);
    // One in 50 ms at most, and the tracker's own in 400, however long a thousand requests take.
    expect(asked).toBeLessThanOrEqual((performance.now() - began) * (1 / 50 + 1 / 400) + 2);
  });
});
