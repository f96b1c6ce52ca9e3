import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { post } from "../kit/bodies.js";
import { clicksAhead } from "../kit/clicks-ahead.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const NO_CLICK = "0".repeat(32);

describe.each(databases)("A postback, on %s", (database) => {
  let waypost: Waypost;
  let click: () => string;
  let flowKey: string;
  beforeAll(async () => {
    waypost = await startWaypost(database, { environment: { TRUST_PROXY: "127.0.0.1" } });
    flowKey = (await waypost.seedFlow()).key;
    click = await clicksAhead(waypost, flowKey, 30);
  });
  afterAll(() => waypost.close());

  const url = (query: string, key = waypost.postbackKey) => `/postback/${key}?${query}`;
  async function send(path: string, init?: RequestInit) {
    const response = await waypost.track(path, init);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    const body = (await response.json()) as { status: number; code: string; message: string; conversionId: string };
    expect(Object.keys(body)).toEqual(["status", "code", "message", "conversionId"]);
    expect(body.status).toBe(response.status);
    return { ...body, allow: response.headers.get("allow") };
  }
  async function newestLog() {
    const { postbackLogs } = await waypost.ask(
      `{ postbackLogs(perPage: 1) { totalCount items { flow { id } clickHash goal status code message ip method payload payloadCut
         conversion { id } postbackKey { key name } suppressed createdAt } } }`,
    );
    return { ...postbackLogs.items[0], totalCount: postbackLogs.totalCount };
  }
  describe("is answered", () => {
    it("200 RECORDED, UPDATED and REPEATED", async () => {
      const hash = click();
      const first = await send(url(`click=${hash}`));
      expect(first).toMatchObject({ status: 200, code: "RECORDED", message: "The conversion is recorded." });
      const update = await send(url(`click=${hash}&status=approved&revenue=2.5`));
      expect(update).toMatchObject({ status: 200, code: "UPDATED", conversionId: first.conversionId });
      expect(update.message).toContain("status pending → approved, revenue 0.0000 → 2.5000");
      const repeat = await send(url(`click=${hash}&status=approved&revenue=2.5`));
      expect(repeat).toMatchObject({ status: 200, code: "REPEATED", conversionId: first.conversionId });
    });

    it("401 with an unknown key, and with one that is deleted", async () => {
      const hash = click();
      const unknown = ["unknown", `${waypost.postbackKey}x`, waypost.postbackKey.toLowerCase(), "%ff", "%00", "a%2Fb"];
      for (const answer of await Promise.all(unknown.map((key) => send(url(`click=${hash}`, key))))) {
        expect(answer).toMatchObject({ status: 401, code: "KEY_UNKNOWN", conversionId: null });
      }
      const { generatePostbackKey } = await waypost.ask('mutation { generatePostbackKey(name: "Gone") { id key } }');
      expect((await send(url(`click=${click()}`, generatePostbackKey.key))).code).toBe("RECORDED");
      await waypost.ask("mutation($id: ID!) { deletePostbackKey(id: $id) { id } }", generatePostbackKey);
      await expect
        .poll(() => send(url(`click=${NO_CLICK}`, generatePostbackKey.key)))
        .toMatchObject({ status: 401, code: "KEY_DELETED", conversionId: null });
      expect(await newestLog()).toMatchObject({ status: 401, postbackKey: { name: "Gone" } });
    });

    it("404 CLICK_UNKNOWN to a click that was never made, in any case", async () => {
      const hash = "ABCDEF0123456789".repeat(2);
      const answer = await send(url(`click=${hash}`));
      expect(answer).toMatchObject({ status: 404, code: "CLICK_UNKNOWN", conversionId: null });
      expect(answer.message).toContain(hash.toLowerCase());
      expect(await newestLog()).toMatchObject({ clickHash: hash, status: 404, code: "CLICK_UNKNOWN" });
    });

    it("404 FLOW_DELETED while the click's flow is deleted", async () => {
      const flow = await waypost.seedFlow({ name: "Short-lived" });
      const hash = await waypost.click(flow.key);
      await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", flow);
      let uid = 0;
      await expect
        .poll(() => send(url(`click=${hash}&uid=${uid++}`)))
        .toMatchObject({ status: 404, code: "FLOW_DELETED", conversionId: null });
      expect(await newestLog()).toMatchObject({
        flow: { id: flow.id },
        message: 'The flow "Short-lived" of this click has been deleted.',
      });
      await waypost.ask("mutation($id: ID!) { restoreFlow(id: $id) { id } }", flow);
      await expect.poll(() => send(url(`click=${hash}`))).toMatchObject({ status: 200 });
    });

    it.each(["PAUSED", "ARCHIVED"])("200 while the flow is %s", async (status) => {
      const flow = await waypost.seedFlow();
      const hash = await waypost.click(flow.key);
      await waypost.ask("mutation($id: ID!, $input: FlowInput!) { updateFlow(id: $id, input: $input) { id } }", {
        id: flow.id,
        input: { status },
      });
      await expect
        .poll(async () => (await waypost.track(`/c/${flow.key}`)).status)
        .toBe(status === "PAUSED" ? 403 : 410);
      expect(await send(url(`click=${hash}`))).toMatchObject({ status: 200, code: "RECORDED" });
    });

    it.each(["PUT", "PROPFIND"])("405 to %s, and logged", async (method) => {
      const hash = click();
      expect(await send(url(`click=${hash}&goal=g`), { method })).toMatchObject({
        status: 405,
        code: "METHOD_NOT_ALLOWED",
        allow: "GET, POST",
        conversionId: null,
      });
      expect(await newestLog()).toMatchObject({
        method,
        status: 405,
        clickHash: hash,
        goal: "g",
        payload: { click: hash, goal: "g" },
        conversion: null,
      });
    });

    it("405 to HEAD, without a body, and logged", async () => {
      const response = await waypost.track(url(`click=${click()}`), { method: "HEAD" });
      expect([response.status, response.headers.get("allow"), await response.text()]).toEqual([405, "GET, POST", ""]);
      expect(await newestLog()).toMatchObject({ method: "HEAD", status: 405 });
    });

    it("405 to another method whatever its body is", async () => {
      for (const body of ["{", "x".repeat(70_000)]) {
        expect(await send(url("goal=a"), { ...post("application/json", body), method: "PUT" })).toMatchObject({
          status: 405,
          allow: "GET, POST",
        });
      }
    });

    it("413 to a body over 64 KiB, and logged", async () => {
      const body = (bytes: number) => `click=${NO_CLICK}&x=`.padEnd(bytes, "x");
      const type = "application/x-www-form-urlencoded";
      expect((await send(url(""), post(type, body(65_536)))).code).toBe("CLICK_UNKNOWN");
      expect(await send(url("goal=q"), post(type, body(65_537)))).toMatchObject({
        status: 413,
        code: "BODY_TOO_LARGE",
        conversionId: null,
      });
      expect(await newestLog()).toMatchObject({
        status: 413,
        code: "BODY_TOO_LARGE",
        method: "POST",
        payload: { goal: "q" },
      });
    });

    it("431 to a head over 16 KiB", async () => {
      expect(await send(url(`x=${"x".repeat(17_000)}`))).toMatchObject({
        status: 431,
        code: "HEAD_TOO_LARGE",
        conversionId: null,
      });
    });

    it.each<[string, RequestInit]>([
      ["broken JSON", post("application/json", '{"click": ')],
      ["JSON that is not UTF-8", post("application/json", new Uint8Array([0x7b, 0xff, 0x7d]))],
    ])("422 BODY_UNREADABLE to %s, and logged", async (_, init) => {
      const answer = await send(url("goal=kept"), init);
      expect(answer).toMatchObject({ status: 422, code: "BODY_UNREADABLE", conversionId: null });
      expect(answer.message).toMatch(/^The body cannot be read: [^\r\n]+\.$/);
      expect(await newestLog()).toMatchObject({
        status: 422,
        code: "BODY_UNREADABLE",
        goal: "kept",
        message: answer.message,
      });
    });
  });

  describe("is logged", () => {
    it("with everything that is known of it", async () => {
      const flow = await waypost.seedFlow({ goals: [{ key: "lead" }] });
      const hash = await waypost.click(flow.key);
      const before = Date.now();
      const answer = await send(url(`cid=%20${hash.toUpperCase()}&et=lead%20&other=1&other=2`), {
        ...post("application/json", '{"sum": 2.50, "more": {"deep": [1e2, null, true]}, "empty": ""}'),
        headers: { "content-type": "application/json", "x-forwarded-for": "2001:db8::7" },
      });
      const entry = await newestLog();
      expect(entry).toMatchObject({
        flow: { id: flow.id },
        clickHash: hash.toUpperCase(),
        goal: "lead",
        status: 200,
        code: "RECORDED",
        message: answer.message,
        ip: "2001:db8::7",
        method: "POST",
        payloadCut: false,
        conversion: { id: answer.conversionId },
        postbackKey: { key: waypost.postbackKey },
        suppressed: 0,
      });
      expect(JSON.stringify(entry.payload)).toBe(
        JSON.stringify({
          cid: ` ${hash.toUpperCase()}`,
          et: "lead ",
          other: ["1", "2"],
          sum: "2.50",
          more: { deep: ["1e2", null, true] },
          empty: "",
        }),
      );
      expect(Date.parse(entry.createdAt)).toBeGreaterThanOrEqual(before);
      const { postbackLogs } = await waypost.ask(
        "query($hash: String!) { postbackLogs(filter: { clickHash: $hash }) { totalCount } }",
        { hash },
      );
      expect(postbackLogs.totalCount).toBe(1);
    });

    it("with the body over the query", async () => {
      await send(url("a=query&b=query"), post("application/x-www-form-urlencoded", "b=body&c=body"));
      expect((await newestLog()).payload).toEqual({ a: "query", b: "body", c: "body" });
    });

    it("with its whole payload, also with a method that is not allowed", async () => {
      const hash = click();
      const init = post("application/x-www-form-urlencoded", `click=${hash}&goal=g`);
      await send(url("a=1"), { ...init, method: "PUT" });
      const payload = { a: "1", click: hash, goal: "g" };
      expect(await newestLog()).toMatchObject({ status: 405, clickHash: hash, goal: "g", payload });
    });

    it("4.2 with what its URL says, with a key that is unknown", async () => {
      const hash = click();
      await send(url(`a=1&click=${hash}`, "wrong-key"), post("application/x-www-form-urlencoded", "goal=g"));
      const payload = { a: "1", click: hash };
      expect(await newestLog()).toMatchObject({ status: 401, clickHash: hash, goal: null, payload });
    });

    it("under the uid and goal that count, not under a macro before them", async () => {
      const answer = await send(url(`click=${NO_CLICK}&uid={tid}&txid=real-1&goal=[GOAL]&event=sale`));
      expect(answer.code).toBe("CLICK_UNKNOWN");
      const { postbackLogs } = await waypost.ask(`{ postbackLogs(filter: { uid: "real-1" }) { items { goal } } }`);
      expect(postbackLogs.items).toEqual([{ goal: "sale" }]);
    });

    it("with a payload of 8 KiB at most, marked where it was cut", async () => {
      const hash = click();
      const sent = `click=${hash}&long=${"ü".repeat(6000)}&after=1`;
      await send(url(""), post("application/x-www-form-urlencoded", sent));
      const { payload, payloadCut, code } = await newestLog();
      expect([code, payloadCut, payload.click]).toEqual(["RECORDED", true, hash]);
      expect(payload.long).toMatch(/^ü+…$/);
      expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThanOrEqual(8192);
      expect(Buffer.byteLength(JSON.stringify(payload))).toBeGreaterThan(8180);
    });

    it("also when it is refused, with goal and click as far as they fit", async () => {
      await send(url(`click=${"ä".repeat(200)}&goal=${"ö".repeat(100)}`));
      expect(await newestLog()).toMatchObject({
        code: "GOAL_TOO_LONG",
        status: 422,
        clickHash: "ä".repeat(128),
        goal: "ö".repeat(64),
      });
    });
  });

  it("outside its route is a 404 that nobody logs", async () => {
    const { totalCount } = await newestLog();
    for (const path of [
      "/postback",
      `/postback/${waypost.postbackKey}/x`,
      "/Postback/x",
      "/postbacks/x",
      "/x/postback/y",
      "/x/Postback",
    ]) {
      expect((await waypost.track(path)).status).toBe(404);
    }
    expect((await newestLog()).totalCount).toBe(totalCount);
  });
});
