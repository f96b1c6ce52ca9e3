import { afterAll, beforeAll, describe, expect, it } from "vitest";
import templates from "../data/keitaro-templates.json" with { type: "json" };
import { clicksAhead } from "../kit/clicks-ahead.js";
import { READING } from "../kit/facts.js";
import { keitaroPostbacks, twoAmounts } from "../kit/keitaro-postbacks.js";
import { rawRequest } from "../kit/raw-request.js";
import { until } from "../kit/until.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

/** Of many templates each sixteenth goes to the database; all of them go through the door in tests/unit/keitaro.test.ts. */
const someOf = <T>(all: T[]) => all.filter((_, place) => place % 16 === 0);

describe.each(databases)("Keitaro's postback URL, on %s", (database) => {
  let waypost: Waypost;
  let click: () => string;
  let flow: { id: string; key: string };
  beforeAll(async () => {
    waypost = await startWaypost(database);
    flow = await waypost.seedFlow();
    click = await clicksAhead(waypost, flow.key, 120);
  });
  afterAll(() => waypost.close());

  async function send(query: string, init?: RequestInit, key = waypost.postbackKey) {
    const response = await waypost.track(`/${key}/postback?${query}`, init);
    return (await response.json()) as { status: number; code: string; message: string; conversionId: string };
  }
  async function conversion(id: string) {
    const { conversion } = await waypost.ask(
      "query($id: ID!) { conversion(id: $id) { clickHash goal status revenue currency uid } }",
      { id },
    );
    return conversion;
  }
  const newestLog = async () =>
    (
      await waypost.ask(
        `{ postbackLogs(perPage: 1) { totalCount items { code method dialect warned uid clickHash message ${READING} } } }`,
      )
    ).postbackLogs.items[0];

  it("of some networks, with nothing but host and key changed, records what was sent in every status", async () => {
    const some = someOf(Object.values(templates));
    const count = some.flatMap((template) => keitaroPostbacks(template, () => "")).length;
    const clicks = Array.from({ length: count }, click);
    const all = some.flatMap((template) => keitaroPostbacks(template, () => clicks.pop() as string));
    const answers = await Promise.all(all.map(({ query }) => send(query)));
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(["RECORDED"]));
    const { conversions } = await waypost.ask(
      "query($ids: [ID!]!) { conversions(filter: { ids: $ids }, perPage: 500) { items { id clickHash status revenue currency uid } } }",
      { ids: answers.map(({ conversionId }) => conversionId) },
    );
    const stored = new Map<string, object>(conversions.items.map(({ id, ...row }: { id: string }) => [id, row]));
    for (const [index, { query, expected }] of all.entries()) {
      expect({ query, ...stored.get(answers[index]?.conversionId ?? "") }).toEqual({ query, ...expected });
    }
  });

  it("of some networks, as its template stands, gives a reason that names the cause", async () => {
    for (const template of someOf(Object.values(templates))) {
      // As some clients send it: what has signs that other clients would encode, or cut off.
      const head = `GET /${waypost.postbackKey}/postback?${template.replaceAll(" ", "%20")} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
      const { code, message } = JSON.parse((await rawRequest(waypost.trackerUrl, head)).body);
      const macro = /subid=([^&]*)/.exec(template)?.[1] ?? "";
      const [expected, words] = template.includes("status=reg,dep,lead,approve")
        ? ["STATUS_LIST", '"status" is "reg,dep,lead']
        : [macro === "ext_id" ? "CLICK_WRONG_CHARACTER" : "CLICK_UNREPLACED", `"subid" is "${macro}"`];
      expect([template, code, message]).toEqual([template, expected, expect.stringContaining(words ?? "")]);
    }
  });

  it("of a network that sends two amounts takes the one that is there, warns of it, and refuses two", async () => {
    const hash = click();
    const [{ query }] = twoAmounts as [(typeof twoAmounts)[number]];
    const answer = await send(query(hash, "12.50,"));
    expect(answer).toMatchObject({ code: "RECORDED", message: expect.stringContaining('"payout" is "12.50,"') });
    expect(await conversion(answer.conversionId)).toMatchObject({
      status: "APPROVED",
      revenue: "12.5000",
      currency: "USD",
    });
    expect((await send(query(hash, "12.50,7.50"))).code).toBe("REVENUE_UNUSABLE");
  });

  it("counts Keitaro's names alone", async () => {
    const hash = click();
    const others = "cid=1&click=2&goal=g&uid=u&order_id=o&revenue=9&cnv_status=rejected&approved_status=dep";
    const answer = await send(`${others}&subid=${hash}&payout=3&from=somebody`);
    expect(answer).toMatchObject({ status: 200, code: "RECORDED", message: "The conversion is recorded." });
    expect(await conversion(answer.conversionId)).toEqual({
      clickHash: hash,
      goal: null,
      status: "APPROVED",
      revenue: "3.0000",
      currency: "USD",
      uid: null,
    });
    expect((await send(`${others}&payout=3`)).message).toContain('"subid" is missing');
    const unknown = await send(`subid=${hash}&status=won&${others.replace("dep", "won")}`);
    expect(unknown.code).toBe("STATUS_UNKNOWN");
    expect(unknown.message).toContain("one of lead_status=, sale_status=, rejected_status=, reject_status=");
    expect(unknown.message).not.toContain("approved_status=");
  });

  it("makes a further conversion for a tid that was not there before", async () => {
    const hash = click();
    const sale = await send(`subid=${hash}&status=lead&tid=1`);
    expect(await send(`subid=${hash}&status=sale&tid=1&payout=5`)).toMatchObject({
      code: "UPDATED",
      conversionId: sale.conversionId,
    });
    const rebill = await send(`subid=${hash}&status=rebill&tid=2&payout=5`);
    expect(rebill.code).toBe("RECORDED");
    expect(rebill.conversionId).not.toBe(sale.conversionId);
  });

  it("2.6 refuses a currency that nobody knows until the key maps it, and takes it then, also what was refused", async () => {
    const hash = click();
    const refused = await send(`subid=${hash}&payout=5&currency=USDT`);
    expect(refused).toMatchObject({ status: 422, code: "CURRENCY_UNKNOWN", conversionId: null });
    const { items } = (await waypost.ask("{ postbackKeys { items { id key } } }")).postbackKeys;
    const { id } = items.find(({ key }: { key: string }) => key === waypost.postbackKey);
    const map = (currencyWords: object[]) =>
      waypost.ask(
        "mutation($id: ID!, $input: PostbackKeyInput!) { updatePostbackKey(id: $id, input: $input) { id } }",
        {
          id,
          input: { currencyWords },
        },
      );
    await map([{ word: "usdt", currency: "USD" }]);
    const other = click();
    await until(async () => (await send(`subid=${other}&payout=5&currency=usdt`)).code !== "CURRENCY_UNKNOWN");
    const { replayPostbacks } = await waypost.ask(
      "mutation($filter: PostbackLogFilter!) { replayPostbacks(filter: $filter, expected: 1) { codes { code count } } }",
      { filter: { clickHash: hash } },
    );
    expect(replayPostbacks.codes).toEqual([{ code: "RECORDED", count: 1 }]);
    const { conversions } = await waypost.ask(
      "query($hash: ID) { conversions(filter: { clickHash: $hash }) { items { status revenue currency } } }",
      { hash },
    );
    expect(conversions.items).toEqual([{ status: "APPROVED", revenue: "5.0000", currency: "USD" }]);
    await map([]);
  });

  it("warns of what goes on behind the click hash, and is found by the hash alone", async () => {
    const hash = click();
    expect((await send(`subid=${hash.toUpperCase()}_17`)).message).toMatch(/Warning: .*"_17" does not count/);
    const { postbackLogs } = await waypost.ask(
      "query($hash: String) { postbackLogs(filter: { clickHash: $hash, warned: true }) { items { code clickHash } } }",
      { hash },
    );
    expect(postbackLogs.items).toEqual([{ code: "RECORDED", clickHash: `${hash.toUpperCase()}_17` }]);
  });

  it("takes a body, turns other methods away, and is logged as ours is", async () => {
    const hash = click();
    const form = {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: `subid=${hash}&tid=b`,
    };
    expect((await send("", form)).code).toBe("RECORDED");
    expect(await newestLog()).toMatchObject({ code: "RECORDED", dialect: "KEITARO", uid: "b", clickHash: hash });
    expect((await newestLog()).reading).toMatchObject([
      { parameter: "click", name: "subid", place: "body", value: hash, means: hash },
      { parameter: "uid", name: "tid", place: "body", value: "b", means: "b" },
    ]);
    for (const method of ["HEAD", "PUT", "DELETE"]) {
      const response = await waypost.track(`/${waypost.postbackKey}/postback?subid=${hash}`, { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, POST"]);
      expect(await newestLog()).toMatchObject({ method, code: "METHOD_NOT_ALLOWED" });
    }
    expect((await send(`subid=${hash}`, {}, "nobodys-key")).code).toBe("KEY_UNKNOWN");
    expect(await newestLog()).toMatchObject({ code: "KEY_UNKNOWN", dialect: "KEITARO", reading: null });
  });

  it("hides no other address, whatever a key is called", async () => {
    const keys = ["postback", "healthz-", "metrics", "robots-txt"];
    for (const key of keys)
      await waypost.ask("mutation($key: String) { generatePostbackKey(key: $key) { id } }", { key });
    const hash = click();
    for (const key of keys.slice(1)) {
      expect((await send(`subid=${hash}&tid=${key}`, {}, key)).code).toBe("RECORDED");
    }
    // Two readings of one address: it is ours.
    expect((await send(`click=${hash}&uid=ours`, {}, "postback")).code).toBe("RECORDED");
    expect((await newestLog()).dialect).toBe("WAYPOST");
    const { key } = await waypost.seedFlow({ key: "postback" });
    expect((await waypost.track(`/c/${key}`)).status).toBe(302);
    for (const path of ["/healthz", "/readyz", "/metrics", "/robots.txt"]) {
      expect((await waypost.track(path)).status).toBe(200);
    }
  });
});
