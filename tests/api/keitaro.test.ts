import { afterAll, beforeAll, describe, expect, it } from "vitest";
import templates from "../data/keitaro-templates.json" with { type: "json" };
import { READING } from "../kit/facts.js";
import { rawRequest } from "../kit/raw-request.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

/** What of a template is a macro: these two networks' names for the click and the id have no signs. */
const MACRO = /\$?\{+[^{}]+\}+|\[+[^[\]]+\]+|##\w+##|#\w+#|%\w+%|<\w+>|\bREPLACE\b|^replace$|^ext_id$|^notify_id$/g;
const STATUSES = { lead_status: "PENDING", sale_status: "APPROVED", rejected_status: "REJECTED" };
/** These name two amounts, of which a conversion earns one. */
const TWO_AMOUNTS = "payout=##CPA_AMOUNT##,##RS_AMOUNT##";
const AT_ONCE = 16;

interface Sent {
  query: string;
  expected: { clickHash: string; status: string; revenue: string; currency: string; uid: string | null };
}

/** A template as its network would send it, in each status that it may name. */
function sendings(template: string, newClick: () => string): Sent[] {
  const pairs = template.split("&").map((pair) => /^([^=]*)=(.*)$/.exec(pair)?.slice(1) as [string, string]);
  const said = new Map(pairs);
  const isNamed = said.has("status");
  const words = Object.entries(STATUSES).flatMap(([list, status]) =>
    (said.has(list) ? decodeURIComponent(said.get(list) ?? "").split(",") : [status]).map((word) => ({ word, status })),
  );
  const fixed = words.filter(({ word }) => word === said.get("status"));
  const known = { sale: "APPROVED", lead: "PENDING" }[said.get("status") ?? ""];
  const sent =
    known && fixed.length === 0 ? [{ word: said.get("status") ?? "", status: known }] : fixed.length ? fixed : words;
  return (isNamed ? sent : [{ word: "", status: "PENDING" }]).map(({ word, status }, index) => {
    const click = newClick();
    const values: Record<string, string> = { subid: click, payout: "12.50", currency: "eur", tid: `T-${index}` };
    const filled = pairs.map(([name, value]) => {
      if (name in STATUSES) return `${name}=${value}`;
      if (name === "status") return `${name}=${encodeURIComponent(word)}`;
      if (`${name}=${value}` === TWO_AMOUNTS) return `payout=${values.payout},`;
      if (/^\w+(,\w+)+$/.test(value) && values[name]) return `${name}=${values[name]}`;
      let place = 0;
      return `${name}=${value.replace(MACRO, () => (place++ ? "17" : (values[name] ?? "x")))}`;
    });
    const query = filled.join("&");
    const [payout, currency] = [/payout=([^&]*)/, /currency=([^&]*)/].map((part) => part.exec(query)?.[1]);
    return {
      query,
      expected: {
        clickHash: click,
        status,
        revenue: payout === undefined ? "0.0000" : payout === "1" ? "1.0000" : "12.5000",
        // One template names the currency "currency": that cannot be used, and the default counts.
        currency: currency === undefined || currency === "currency" ? "USD" : currency.toUpperCase(),
        uid: /[?&]tid=([^&]*)/.exec(query)?.[1] ?? null,
      },
    };
  });
}

describe.each(databases)("Keitaro's postback URL, on %s", (database) => {
  let waypost: Waypost;
  let flow: { id: string; key: string };
  beforeAll(async () => {
    waypost = await startWaypost(database);
    flow = await waypost.seedFlow();
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
  const click = () => waypost.click(flow.key);

  it("of each of 192 networks, with nothing but host and key changed, records what was sent in every status", async () => {
    const count = Object.values(templates).flatMap((template) => sendings(template, () => "")).length;
    const clicks: string[] = [];
    while (clicks.length < count) clicks.push(...(await Promise.all(Array.from({ length: AT_ONCE }, click))));
    const all = Object.values(templates).flatMap((template) => sendings(template, () => clicks.pop() as string));
    expect(all.length).toBeGreaterThan(500);
    const ids: string[] = [];
    for (let first = 0; first < all.length; first += AT_ONCE) {
      const some = all.slice(first, first + AT_ONCE);
      for (const [index, answer] of (await Promise.all(some.map(({ query }) => send(query)))).entries()) {
        expect([some[index]?.query, answer.code, answer.message]).toEqual([
          some[index]?.query,
          "RECORDED",
          expect.anything(),
        ]);
        ids.push(answer.conversionId);
      }
    }
    const stored = new Map<string, object>();
    for (let first = 0; first < ids.length; first += 500) {
      const { conversions } = await waypost.ask(
        "query($ids: [ID!]!) { conversions(filter: { ids: $ids }, perPage: 500) { items { id clickHash status revenue currency uid } } }",
        { ids: ids.slice(first, first + 500) },
      );
      for (const { id, ...row } of conversions.items) stored.set(id, row);
    }
    for (const [index, { query, expected }] of all.entries()) {
      expect({ query, ...stored.get(ids[index] as string) }).toEqual({ query, ...expected });
    }
  }, 120_000);

  it("of each of 192 networks, as its template stands, gives a reason that names the cause", async () => {
    const answers = await Promise.all(
      Object.entries(templates).map(async ([name, template]) => {
        // As some clients send it: what has signs that other clients would encode, or cut off.
        const head = `GET /${waypost.postbackKey}/postback?${template.replaceAll(" ", "%20")} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
        const { body } = await rawRequest(waypost.trackerUrl, head);
        const { code, message } = JSON.parse(body);
        return { name, code, message, click: /subid=([^&]*)/.exec(template)?.[1] ?? "", template };
      }),
    );
    for (const { code, message, click: macro, template } of answers) {
      if (template.includes("status=reg,dep,lead,approve"))
        expect([code, message]).toEqual(["STATUS_LIST", expect.stringContaining('"status" is "reg,dep,lead')]);
      else if (macro === "ext_id")
        expect([code, message]).toEqual(["CLICK_WRONG_CHARACTER", expect.stringContaining('"ext_id"')]);
      else expect([code, message]).toEqual(["CLICK_UNREPLACED", expect.stringContaining(`"subid" is "${macro}"`)]);
    }
  });

  it("of the seven networks that send two amounts takes the one that is there, warns of it, and refuses two", async () => {
    const seven = Object.entries(templates).filter(([, template]) => template.includes(TWO_AMOUNTS));
    expect(seven.map(([name]) => name).sort()).toEqual([
      "12Monkiss",
      "7-aff",
      "SinCity",
      "Spanpartners",
      "TrafficCake",
      "TrafficFamily",
      "Vulkan777aff",
    ]);
    for (const [name, template] of seven) {
      const hash = await click();
      const sendPayout = (payout: string) => {
        const query = template
          .replace("##CLICK_ID##", hash)
          .replace("##CURRENCY##", "usd")
          .replace("rub,usd,eur", "usd");
        return send(
          query
            .replace(/status=reg,[^&]*/, "status=approve")
            .replace("##POSTBACK_ID##", encodeURIComponent(`${name} ${payout}`))
            .replace(TWO_AMOUNTS, `payout=${payout}`),
        );
      };
      for (const [payout, revenue] of [
        ["12.50,", "12.5000"],
        [",7.50", "7.5000"],
      ] as const) {
        const answer = await sendPayout(payout);
        expect(answer).toMatchObject({ code: "RECORDED", message: expect.stringContaining(`"payout" is "${payout}"`) });
        expect(await conversion(answer.conversionId)).toMatchObject({ status: "APPROVED", revenue, currency: "USD" });
      }
      expect(await sendPayout("12.50,7.50")).toMatchObject({
        code: "REVENUE_UNUSABLE",
        message: expect.stringContaining('"payout" is "12.50,7.50"'),
      });
    }
  });

  it("counts Keitaro's names alone", async () => {
    const hash = await click();
    const others = "cid=1&click=2&goal=g&uid=u&order_id=o&revenue=9&cnv_status=rejected&approved_status=dep";
    const answer = await send(`${others}&subid=${hash}&payout=3&from=somebody`);
    expect(answer).toMatchObject({ status: 200, code: "RECORDED", message: "The conversion is recorded." });
    expect(await conversion(answer.conversionId)).toEqual({
      clickHash: hash,
      goal: null,
      status: "PENDING",
      revenue: "3.0000",
      currency: "USD",
      uid: null,
    });
    expect((await send(`${others}&payout=3`)).message).toContain('"subid" is missing');
    const unknown = await send(`subid=${hash}&status=dep&${others}`);
    expect(unknown.code).toBe("STATUS_UNKNOWN");
    expect(unknown.message).toContain("one of lead_status=, sale_status=, rejected_status= to the URL");
    expect(unknown.message).not.toContain("approved_status=");
  });

  it.each([
    ["lead", "PENDING"],
    ["sale", "APPROVED"],
    ["Rebill", "APPROVED"],
    ["rejected", "REJECTED"],
    ["hot&lead_status=cold,HOT", "PENDING"],
    ["hot&sale_status=hot", "APPROVED"],
    ["approved&rejected_status=approved", "REJECTED"],
  ])("reads the status %s as %s", async (status, expected) => {
    const { conversionId } = await send(`subid=${await click()}&status=${status}`);
    expect((await conversion(conversionId)).status).toBe(expected);
  });

  it("makes a further conversion for a tid that was not there before", async () => {
    const hash = await click();
    const sale = await send(`subid=${hash}&status=lead&tid=1`);
    expect(await send(`subid=${hash}&status=sale&tid=1&payout=5`)).toMatchObject({
      code: "UPDATED",
      conversionId: sale.conversionId,
    });
    const rebill = await send(`subid=${hash}&status=rebill&tid=2&payout=5`);
    expect(rebill.code).toBe("RECORDED");
    expect(rebill.conversionId).not.toBe(sale.conversionId);
  });

  it("warns of a currency that cannot be used, and takes the default", async () => {
    const answer = await send(`subid=${await click()}&payout=2&currency=bonus`);
    expect(answer).toMatchObject({
      code: "RECORDED",
      message: expect.stringMatching(/Warning: .*"currency" is "bonus"/),
    });
    expect((await conversion(answer.conversionId)).currency).toBe("USD");
    expect(await newestLog()).toMatchObject({ warned: true, dialect: "KEITARO", message: answer.message });
  });

  it.each([
    ["payout=5%20EUR&currency=euro", "EUR", /"currency" is "euro", which is not .*, and counts as left out/],
    ["payout=%245&currency=dollar", "USD", /"currency" is "dollar".*counts as left out.*"\$" is the sign of several/],
  ])(
    "says of a currency that cannot be used what is true of every conversion: %s",
    async (query, expected, warning) => {
      const said = `subid=${await click()}&tid=1&${query}`;
      const answer = await send(said);
      expect(answer.message).toMatch(warning);
      expect(answer.message).not.toMatch(/default|none is named/);
      expect((await conversion(answer.conversionId)).currency).toBe(expected);
      await send(`${said.replace(/&currency=\w+/, "&currency=usd").replace("%20EUR", "")}`);
      const update = await send(`${said.replace(/&payout=[^&]+/, "&payout=6")}`);
      expect(update).toMatchObject({ code: "UPDATED", message: expect.not.stringContaining("default") });
      expect((await conversion(answer.conversionId)).currency).toBe("USD");
    },
  );

  it("warns of what goes on behind the click hash, and is found by the hash alone", async () => {
    const hash = await click();
    expect((await send(`subid=${hash.toUpperCase()}_17`)).message).toMatch(/Warning: .*"_17" does not count/);
    const { postbackLogs } = await waypost.ask(
      "query($hash: String) { postbackLogs(filter: { clickHash: $hash, warned: true }) { items { code clickHash } } }",
      { hash },
    );
    expect(postbackLogs.items).toEqual([{ code: "RECORDED", clickHash: `${hash.toUpperCase()}_17` }]);
  });

  it("takes a body, turns other methods away, and is logged as ours is", async () => {
    const hash = await click();
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
    const hash = await click();
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
