import { type EntityManager } from "@mikro-orm/sql";
import pino from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Conversion } from "../../server/conversions/conversion.js";
import { PostbackLog } from "../../server/conversions/postback-log.js";
import { entities, openWaypostDatabase } from "../../server/database.js";
import { type Database } from "../../server/kit/orm.js";
import { daysOf, differences } from "../../server/kit/reconcile.js";
import { READING } from "../kit/facts.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const REPLAY = `count codes { code count message } postbacks { id code message change newId }`;
const DAY = 86_400_000;

describe.each(databases)("Postbacks of the log, on %s", (database) => {
  let waypost: Waypost;
  let orm: Database;
  let em: EntityManager;
  let keyId: string;
  let flow: Awaited<ReturnType<Waypost["seedFlow"]>>;
  let now = Date.now;
  beforeAll(async () => {
    waypost = await startWaypost(database, { now: () => now() });
    orm = await openWaypostDatabase(waypost.config, pino({ level: "silent" }));
    em = orm.em.fork();
    flow = await waypost.seedFlow();
    keyId = (await waypost.ask("{ postbackKeys { items { id } } }")).postbackKeys.items[0].id;
  });
  afterEach(async () => {
    now = Date.now;
    await mapWords([]);
    const wrong: unknown[] = [];
    for (const noun of [Conversion, PostbackLog]) {
      for await (const one of differences(em.fork(), noun, await daysOf(em.fork(), noun))) wrong.push(one);
    }
    expect(wrong).toEqual([]);
  });
  afterAll(async () => {
    await orm.close();
    await waypost.close();
  });

  const mapWords = (statusWords: object[]) =>
    waypost.ask(
      "mutation($id: ID!, $words: [StatusWordInput!]) { updatePostbackKey(id: $id, input: { statusWords: $words }) { id } }",
      { id: keyId, words: statusWords },
    );
  const preview = async (filter: object) =>
    (
      await waypost.ask(`query($filter: PostbackLogFilter!) { previewReplay(filter: $filter) { ${REPLAY} } }`, {
        filter,
      })
    ).previewReplay;
  const replay = async (filter: object, expected: number) =>
    (
      await waypost.ask(
        `mutation($filter: PostbackLogFilter!, $expected: Int!) { replayPostbacks(filter: $filter, expected: $expected) { ${REPLAY} } }`,
        { filter, expected },
      )
    ).replayPostbacks;
  const entriesOf = async (click: string) =>
    (
      await waypost.ask(
        `query($click: String) { postbackLogs(filter: { clickHash: $click }) {
          items { id createdAt status code message replayOf { id } change conversion { id } ${READING} warned } } }`,
        { click },
      )
    ).postbackLogs.items.reverse();
  const conversionsOf = async (click: string) =>
    (
      await waypost.ask(
        `query($click: ID) { conversions(filter: { clickHash: $click }) {
          items { id status revenue currency createdAt updatedAt history { status applied } } } }`,
        { click },
      )
    ).conversions.items;
  const counts = () =>
    Promise.all(entities.map(async (entity) => [entity.name, await em.fork().count(entity as new () => object, {})]));
  const codesOf = ({ codes }: { codes: { code: string; count: number }[] }) =>
    codes.map(({ code, count }) => `${count} ${code}`);

  it("become right conversions when the word that nobody knew is mapped, once, however often they are sent through", async () => {
    const arrivedAt = Date.now() - 2 * DAY;
    now = () => arrivedAt;
    const clicks = await Promise.all(Array.from({ length: 7 }, () => waypost.click(flow.key)));
    for (const [index, click] of clicks.entries()) {
      const { body } = await waypost.postback({ click, status: "vip-deal", revenue: `${index}.5`, currency: "eur" });
      expect(body.code).toBe("STATUS_UNKNOWN");
    }
    now = Date.now;
    const filter = { code: "STATUS_UNKNOWN", to: new Date(arrivedAt + 1000).toISOString() };
    expect(codesOf(await preview(filter))).toEqual(["7 STATUS_UNKNOWN"]);
    await mapWords([{ word: "VIP-deal", meaning: "APPROVED" }]);
    const before = await counts();
    expect(codesOf(await preview(filter))).toEqual(["7 RECORDED"]);
    expect(await counts()).toEqual(before);

    const began = Date.now();
    const presses = await Promise.all([replay(filter, 7), replay(filter, 7)]);
    expect(presses.flatMap(codesOf).sort()).toEqual(["7 RECORDED", "7 REPEATED"]);
    expect(codesOf(await replay(filter, 7))).toEqual(["7 REPEATED"]);
    for (const [index, click] of clicks.entries()) {
      const [conversion, ...others] = await conversionsOf(click);
      expect(others).toEqual([]);
      expect(conversion).toMatchObject({ status: "APPROVED", revenue: `${index}.5000`, currency: "EUR" });
      expect(conversion.createdAt).toBe(new Date(arrivedAt).toISOString());
      expect(Date.parse(conversion.updatedAt)).toBeGreaterThanOrEqual(began);
      expect(conversion.history).toEqual([{ status: "APPROVED", applied: true }]);
      const [first, ...again] = await entriesOf(click);
      expect(again.map((entry: { code: string }) => entry.code).sort()).toEqual(["RECORDED", "REPEATED", "REPEATED"]);
      for (const entry of again) expect(entry.replayOf).toEqual({ id: first.id });
    }
  });

  it("undo nothing that came later, also as a replay of a replay", async () => {
    const click = await waypost.click(flow.key);
    await waypost.postback({ click, status: "on-hold", revenue: "1" });
    await waypost.postback({ click, status: "approved", revenue: "2" });
    await mapWords([{ word: "on-hold", meaning: "PENDING" }]);
    const [refused] = await entriesOf(click);
    const began = Date.now();
    const [{ newId, code }] = (await replay({ ids: [refused.id] }, 1)).postbacks;
    expect(code).toBe("SUPERSEDED");
    expect((await replay({ ids: [newId] }, 1)).postbacks[0].code).toBe("SUPERSEDED");
    const [conversion] = await conversionsOf(click);
    expect(conversion).toMatchObject({ status: "APPROVED", revenue: "2.0000", createdAt: refused.createdAt });
    // It counts at another moment now: who watches for changes has to see it.
    expect(Date.parse(conversion.updatedAt)).toBeGreaterThanOrEqual(began);
    const entries = await entriesOf(click);
    expect(entries.slice(2).map((entry: { replayOf: object }) => entry.replayOf)).toEqual([
      { id: refused.id },
      { id: refused.id },
    ]);
  });

  it("say so when a conversion counts at another time because of them, here and in its history", async () => {
    const [earlier, later] = [Date.now() - 2 * DAY, Date.now()];
    now = () => earlier;
    const click = await waypost.click(flow.key);
    await waypost.postback({ click, status: "early-bird", revenue: "5" });
    now = () => later;
    await waypost.postback({ click, status: "approved", revenue: "5" });
    now = Date.now;
    await mapWords([{ word: "early-bird", meaning: "APPROVED" }]);
    const [refused] = await entriesOf(click);
    const [before, after] = [later, earlier].map((ms) => ({
      status: "APPROVED",
      revenue: "5.0000",
      currency: "USD",
      createdAt: new Date(ms).toISOString(),
    }));
    const moved = { code: "UPDATED", change: { before, after } };
    expect((await preview({ ids: [refused.id] })).postbacks).toMatchObject([moved]);
    const { postbacks, codes } = await replay({ ids: [refused.id] }, 1);
    expect(postbacks).toMatchObject([moved]);
    expect(codes[0].message).toContain(`time ${before?.createdAt} → ${after?.createdAt}`);
    const [conversion] = await conversionsOf(click);
    expect(conversion).toMatchObject({ createdAt: after?.createdAt, history: [{}, { applied: true }] });
    expect((await replay({ ids: [refused.id] }, 1)).postbacks).toMatchObject([{ code: "REPEATED", change: null }]);
  });

  it("are not logged anew where they are refused as before, and sent once where a replay is among them", async () => {
    const click = await waypost.click(flow.key);
    await waypost.postback({ click, status: "mystery" });
    const filter = { clickHash: click };
    for (let press = 0; press < 3; press += 1) {
      expect((await replay(filter, 1)).postbacks).toMatchObject([{ code: "STATUS_UNKNOWN", newId: null }]);
    }
    expect(await entriesOf(click)).toHaveLength(1);
    await mapWords([{ word: "mystery", meaning: "PENDING" }]);
    expect(codesOf(await replay(filter, 1))).toEqual(["1 RECORDED"]);
    const { codes } = await replay(filter, 2);
    expect(codes).toMatchObject([
      { code: null, count: 1, message: "The postback that it was sent through again from is among these." },
      { code: "REPEATED", count: 1 },
    ]);
    expect(await entriesOf(click)).toHaveLength(3);
  });

  it("are not taken for a use of their key", async () => {
    const lastUsed = async () => (await waypost.ask("{ postbackKeys { items { lastUsedAt } } }")).postbackKeys.items;
    const click = await waypost.click(flow.key);
    await waypost.postback({ click });
    const before = await lastUsed();
    const [{ id }] = await entriesOf(click);
    await replay({ ids: [id] }, 1);
    expect(await lastUsed()).toEqual(before);
  });

  it("count when their flow is restored, and say before and after", async () => {
    const lost = await waypost.seedFlow({ name: "Lost and found", goals: [{ key: "sale", revenue: "4" }] });
    const click = await waypost.click(lost.key);
    await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", { id: lost.id });
    expect((await waypost.postback({ click, goal: "sale" })).body.code).toBe("FLOW_DELETED");
    const filter = { clickHash: click };
    expect(codesOf(await preview(filter))).toEqual(["1 FLOW_DELETED"]);
    await waypost.ask("mutation($id: ID!) { restoreFlow(id: $id) { id } }", { id: lost.id });
    const [item] = (await replay(filter, 1)).postbacks;
    expect(item).toMatchObject({
      code: "RECORDED",
      change: { before: null, after: { status: "PENDING", revenue: "4.0000", currency: "USD" } },
    });
  });

  it("are read in the places they came in: the body's names count before the query's", async () => {
    const [click, other] = [await waypost.click(flow.key), await waypost.click(flow.key)];
    const response = await waypost.track(`/postback/${waypost.postbackKey}?click=${other}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ cid: click, status: "odd-word", revenue: 1.5 }),
    });
    expect((await response.json()).code).toBe("STATUS_UNKNOWN");
    await mapWords([{ word: "odd-word", meaning: "REJECTED" }]);
    expect(codesOf(await replay({ clickHash: click }, 1))).toEqual(["1 RECORDED"]);
    expect(await conversionsOf(click)).toMatchObject([{ status: "REJECTED", revenue: "1.5000" }]);
    expect(await conversionsOf(other)).toEqual([]);

    const third = await waypost.click(flow.key);
    await waypost.track(`/postback/${waypost.postbackKey}?click=${third}&status=odder-word`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "click=",
    });
    await mapWords([{ word: "odder-word", meaning: "APPROVED" }]);
    expect(codesOf(await replay({ clickHash: third }, 1))).toEqual(["1 RECORDED"]);
  });

  it("stay as they are where too little of them was kept, and say why", async () => {
    const click = await waypost.click(flow.key);
    await waypost.postback({ click, status: "nobody-knows", approved_status: "won,".repeat(2500) });
    await waypost.track(`/postback/${waypost.postbackKey}?click=${click}`, { method: "PUT" });
    await waypost.track(`/postback/unknown-key?click=${click}`);
    await waypost.track(`/postback/${waypost.postbackKey}?click=${click}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ status: ["approved"] }),
    });
    const { codes, count } = await replay({ clickHash: click }, 4);
    expect(count).toBe(4);
    expect(codes.map(({ code }: { code: null }) => code)).toEqual([null, null, null, null]);
    expect(codes.map(({ message }: { message: string }) => message).sort()).toEqual([
      "A parameter of it is no text, and would be the same again: have its value sent alone.",
      "A parameter of it that is read was too long to be kept whole: have it sent again.",
      "It was sent by a method that carries no postback: have it sent by GET.",
      "Its postback key is not known, and the log does not keep it: have it sent again.",
    ]);
    expect(await entriesOf(click)).toHaveLength(4);
  });

  it("1.9 are sent through with a shop's whole order, of which the log keeps a part", async () => {
    const click = await waypost.click(flow.key);
    const items = Array.from({ length: 400 }, (_, place) => ({ sku: `SKU-${place}`, name: "A thing", price: 9.99 }));
    const order = {
      line_items: items,
      note: "é".repeat(5000),
      total: "x",
      Status: "fulfilled",
      payout: 49.5,
      order_id: 7,
    };
    await waypost.track(`/postback/${waypost.postbackKey}?click=${click}&uid=`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...order, click: click.toUpperCase() }),
    });
    const { postbackLogs } = await waypost.ask(
      "query($click: String) { postbackLogs(filter: { clickHash: $click }) { items { code payload payloadCut } } }",
      { click },
    );
    const [entry] = postbackLogs.items;
    expect(entry).toMatchObject({ code: "STATUS_UNKNOWN", payloadCut: true });
    expect(entry.payload).toMatchObject({ total: "x", Status: "fulfilled", payout: "49.5", order_id: "7" });
    await mapWords([{ word: "fulfilled", meaning: "APPROVED" }]);
    expect(codesOf(await replay({ clickHash: click }, 1))).toEqual(["1 RECORDED"]);
    const { conversions } = await waypost.ask(
      "query($id: ID!) { conversions(filter: { clickHash: $id }) { items { status revenue uid } } }",
      { id: click },
    );
    expect(conversions.items).toEqual([{ status: "APPROVED", revenue: "49.5000", uid: "7" }]);
  });

  it("are not sent through where there are others than were confirmed", async () => {
    const click = await waypost.click(flow.key);
    await waypost.postback({ click, status: "what" });
    const { errors } = await waypost.graphql(
      "mutation($click: String) { replayPostbacks(filter: { clickHash: $click }, expected: 2) { count } }",
      { click },
    );
    expect(errors?.[0]).toMatchObject({
      message: "The filter leaves 1 now, not 2: nothing was changed. Look at them again and confirm anew.",
      extensions: { code: "BAD_USER_INPUT", field: "expected" },
    });
    expect(await entriesOf(click)).toHaveLength(1);
  });

  it("can be tried before they are sent: nothing is written, whatever it is", async () => {
    const click = await waypost.click(flow.key);
    const { conversionId } = (await waypost.postback({ click, uid: "known" })).body;
    const test = async (variables: object) =>
      (
        await waypost.ask(
          `query($url: String!, $method: String, $body: String, $type: String) {
            testPostback(url: $url, method: $method, body: $body, contentType: $type) {
              status code message cause cure warned ${READING} change clickHash uid flow { name } conversion { id } } }`,
          variables,
        )
      ).testPostback;
    const base = `https://anywhere.example/postback/${waypost.postbackKey}`;
    const before = await counts();
    expect((await test({ url: `${base}?click=##CLICK_ID##&status=sale` })).code).toBe("CLICK_UNREPLACED");
    expect(await test({ url: `${base}?click=${click}&status=Sale&payout=1,234.50&uid=new&goal=upsell` })).toMatchObject(
      {
        status: 200,
        code: "RECORDED",
        warned: true,
        clickHash: click,
        uid: "new",
        flow: { name: "A flow" },
        change: { before: null, after: { status: "APPROVED", revenue: "1234.5000", currency: "USD" } },
        conversion: null,
      },
    );
    expect(await test({ url: `${base}?click=${click}&status=rejected&uid=known` })).toMatchObject({
      code: "UPDATED",
      change: { before: { status: "PENDING" }, after: { status: "REJECTED" } },
      conversion: { id: conversionId },
    });
    expect(await test({ url: `/${waypost.postbackKey}/postback?subid=${click}&status=lead&tid=k` })).toMatchObject({
      code: "RECORDED",
      change: { after: { status: "PENDING" } },
    });
    expect(await test({ url: `${base}?click={click}` })).toMatchObject({
      status: 404,
      code: "CLICK_UNREPLACED",
      cause: expect.stringContaining("macro"),
      cure: expect.stringContaining("macro"),
    });
    expect(await test({ url: `${base}?click=${click}&status=huh` })).toMatchObject({ code: "STATUS_UNKNOWN" });
    expect(await test({ url: "/postback/no-such-key?click=1" })).toMatchObject({ status: 401, code: "KEY_UNKNOWN" });
    expect(
      await test({
        url: base,
        method: "post",
        body: `click=${click}&uid=form`,
        type: "application/x-www-form-urlencoded",
      }),
    ).toMatchObject({ code: "RECORDED" });
    expect(await test({ url: base, method: "POST", body: "{", type: "application/json" })).toMatchObject({
      code: "BODY_UNREADABLE",
    });
    expect(await test({ url: `${base}?click=${click}`, method: "DELETE" })).toMatchObject({ status: 405 });
    expect(await counts()).toEqual(before);
    const { errors } = await waypost.graphql('{ testPostback(url: "https://a.example/c/flow") { code } }');
    expect(errors?.[0]).toMatchObject({
      message:
        'This is no postback URL: its path is "/c/flow". It ends in /postback/KEY or, as Keitaro has it, in /KEY/postback.',
      extensions: { code: "BAD_USER_INPUT", field: "url" },
    });
  });
});
