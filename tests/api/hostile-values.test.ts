import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askEach } from "../kit/ask-each.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

/** Values of parameters, as they stand in a URL. What cannot be decoded is meant to come back as it was sent. */
const values: [what: string, encoded: string, decoded?: string][] = [
  ["CR LF and a header", "%0d%0aSet-Cookie:%20evil=1%0d%0a%0d%0a<html>", "\r\nSet-Cookie: evil=1\r\n\r\n<html>"],
  ["encoded CR LF", "%250d%250aSet-Cookie:evil=1"],
  ["CR LF beyond ASCII", "%E5%98%8D%E5%98%8ASet-Cookie:evil=1"],
  ["a log line", '%0a{"level":60,"msg":"forged"}%0a'],
  ["escape codes", "%1b[2J%1b]0;evil%07"],
  ["NUL", "a%00b"],
  ["NUL first", "%00"],
  [
    "every control character",
    Array.from({ length: 32 }, (_, code) => `%${code.toString(16).padStart(2, "0")}x`).join(""),
  ],
  ...[32, 80].map((first): [string, string] => [
    `printable characters from ${first} on`,
    Array.from({ length: Math.min(48, 127 - first) }, (_, index) => `%${(first + index).toString(16)}`).join(""),
  ]),
  ["another host", "//evil.example"],
  ["another host with backslashes", "\\\\evil.example"],
  ["slash and backslash", "/\\evil.example/%2e%2e"],
  ["a whole URL", "https://evil.example/"],
  ["a whole URL, encoded twice", "https%253A%252F%252Fevil.example%252F"],
  ["a script", "javascript:alert(document.domain)"],
  ["a script in another case with a tab", "java%09SCRIPT:alert(1)"],
  ["data", "data:text/html,<script>alert(1)</script>"],
  ["a user before a host", "@evil.example/"],
  ["a port and a host", ":443@evil.example"],
  ["a dot and a host", ".evil.example"],
  ["an international host", "//%E2%93%94vil.example"],
  ["a full-width slash", "%EF%BC%8F%EF%BC%8Fevil.example"],
  ["an ideographic full stop", "evil%E3%80%82example"],
  ["parent folders", "../../../../etc/passwd"],
  ["parent folders, encoded twice", "%252e%252e%252f"],
  ["a tag", "<script>alert(1)</script>"],
  ["an attribute", '"><img src=x onerror=alert(1)>'],
  ["a macro", "{click}{query.v}{ip}"],
  ["a template", "%24{7*7}{{7*7}}<%25= 7 %25>"],
  ["a lookup", "%24{jndi:ldap://evil.example/a}"],
  ["a formula", "=cmd|'/c calc'!A1"],
  ["an SQL quote", "' or '1'='1"],
  ["an SQL comment", "1'; drop table click; --"],
  ["an SQL backslash", "\\' or 1=1 --%20"],
  ["an SQL double quote and backtick", '"`; delete from flow where 1=1; %23'],
  ["SQL placeholders", "? ?? :id @x $1 {0}"],
  ["a half of a GBK character and a quote", "%bf%27or(1=1)--", "%bf'or(1=1)--"],
  ["bytes that are no UTF-8", "%ff%fe", "%ff%fe"],
  ["an overlong slash", "%c0%af", "%c0%af"],
  ["half of a surrogate pair", "%ed%a0%80", "%ed%a0%80"],
  ["a broken escape", "%zz%", "%zz%"],
  ["the replacement character", "%EF%BF%BD"],
  ["a character of four bytes", "%F0%9F%98%80%F0%9F%8F%B4"],
  ["a character beyond Unicode", "%f4%90%80%80", "%f4%90%80%80"],
  ["text from right to left", "%E2%80%AEevil%E2%80%AC"],
  ["a byte order mark within", "a%EF%BB%BFb"],
  ["many accents", `a${"%CC%81".repeat(100)}`],
  ["the word null", "null"],
  ["the word undefined", "undefined"],
  ["a prototype", "__proto__"],
  ["an object", "[object Object]"],
  ["an operator of the mapper", '{"$ne":null}'],
  ["a fragment of the mapper", "[raw]: 1=1 (%231)"],
  ["plus and spaces within", "a+b%2Bc++d", "a b+c  d"],
];

/** Names of parameters that mean something to JavaScript, to a query parser or to the mapper. */
const NAMES = [
  ..."__proto__ constructor prototype toString hasOwnProperty valueOf length then toJSON".split(" "),
  ..."a[] a[b] a[__proto__][b] a.b $ne $or $where 0 -1 1e9 {click} [raw] click ip".split(" "),
  "'; drop table click; --",
  "\r\nX-Evil: 1",
  "\0",
  "é",
  "😀",
  " ",
];

/** A click as it came out of a tracking URL. */
interface Tracked {
  id: string;
  location: URL;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any query.
  click: any;
}

describe.each(databases)("Hostile values, on %s", (database) => {
  let waypost: Waypost;
  let flow: { id: string; key: string };
  beforeAll(async () => {
    waypost = await startWaypost(database);
    const own =
      "https://example.com:8443/p/{query.v}/x?click={click}&s={sub_id}&u={utm_source}&a={user_agent}&r={referrer}&v={query.v}#{utm_term}";
    flow = await waypost.seedFlow({ paths: [{ url: own }] });
  });
  afterAll(async () => {
    // One JSON object a line, whatever was sent; and nothing that we had not foreseen.
    for (const line of waypost.logLines) expect(line).toMatch(/^\{.*\}\n$/);
    expect(waypost.logLines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50)).toEqual([]);
    await waypost.close();
  });

  async function redirect(query: string, headers: Record<string, string> = {}): Promise<string> {
    const response = await waypost.track(`/c/${flow.key}?${query}`, { headers });
    expect(response.status).toBe(302);
    const location = response.headers.get("location") ?? "";
    expect(location).toMatch(/^https:\/\/example\.com:8443\/p\/[\x21-\x7e]*$/);
    expect(new URL(location).origin).toBe("https://example.com:8443");
    expect([...response.headers.keys()].sort()).toEqual([
      "cache-control",
      "connection",
      "content-length",
      "date",
      "location",
    ]);
    return location;
  }
  /** Opens the tracking URL with each of the queries, and reads all of the clicks. */
  async function trackAll(sent: { query: string; headers?: Record<string, string> }[]): Promise<Tracked[]> {
    const locations = await Promise.all(sent.map(({ query, headers }) => redirect(query, headers)));
    const ids = locations.map((location) => new URL(location).searchParams.get("click") ?? "");
    const { clicks } = await waypost.ask(
      `query($ids: [ID!]) { clicks(filter: { ids: $ids }, perPage: 500) {
         items { id subId source term userAgent referrer destinationUrl params } } }`,
      { ids },
    );
    const byId = new Map<string, Tracked["click"]>(clicks.items.map((click: { id: string }) => [click.id, click]));
    return locations.map((location, place) => {
      const id = ids[place] ?? "";
      const click = byId.get(id);
      expect(click.destinationUrl).toBe(location);
      return { id, location: new URL(location), click };
    });
  }
  const track = async (query: string, headers: Record<string, string>) =>
    (await trackAll([{ query, headers }]))[0] as Tracked;
  async function postback(query: string, init?: RequestInit) {
    const response = await waypost.track(`/postback/${waypost.postbackKey}?${query}`, init);
    const answer = (await response.json()) as { status: number; code: string; message: string; conversionId: string };
    expect(response.status).toBe(answer.status);
    return answer;
  }
  const decode = (encoded: string, decoded?: string) => decoded ?? decodeURIComponent(encoded);

  describe("in a tracking URL", () => {
    const tracked = new Map<string, Tracked>();
    beforeAll(async () => {
      const all = await trackAll(
        values.map(([, encoded]) => ({
          query: `v=${encoded}&sub_id=${encoded}&utm_source=${encoded}&utm_term=${encoded}`,
        })),
      );
      for (const [place, [what]] of values.entries()) tracked.set(what, all[place] as Tracked);
    });

    it.each(values)("go nowhere else and come back unchanged: %s", (what, encoded, decoded) => {
      const value = decode(encoded, decoded);
      const { location, click } = tracked.get(what) as Tracked;
      expect(click.params).toEqual({ v: value });
      expect(click).toMatchObject({
        subId: value.trim() || null,
        source: value.trim() || null,
        term: value.trim() || null,
      });
      expect(location.searchParams.get("v")).toBe(value);
      expect(location.searchParams.get("s")).toBe(value.trim());
      expect(location.hash).toBe(value.trim() && new URL(`#${encodeURIComponent(value.trim())}`, location).hash);
    });
  });

  describe("in a postback", () => {
    // These count as left out: tests/unit/unreplaced-macro.test.ts.
    const nothing = ["a macro", "the word null", "the word undefined", "an object"];
    const sent = values.filter(([what]) => !nothing.includes(what));
    // biome-ignore lint/suspicious/noExplicitAny: see above.
    const kept = new Map<string, { id: string; answer: Awaited<ReturnType<typeof postback>>; logs: any; found: any }>();
    beforeAll(async () => {
      const clicks = await trackAll(sent.map(() => ({ query: "" })));
      const asked = sent.map(([, encoded, decoded], place) => ({
        click: clicks[place]?.id ?? "",
        uid: decode(encoded, decoded),
        encoded,
      }));
      const answers = await Promise.all(
        asked.map(({ click, encoded }) => postback(`click=${click}&uid=${encoded}&goal=${encoded}&v=${encoded}`)),
      );
      const logs = await askEach(
        waypost.ask,
        {
          types: "$click: String",
          field: "postbackLogs(filter: { clickHash: $click }) { items { payload goal message } }",
        },
        asked.map(({ click }) => ({ click })),
      );
      const found = await askEach(
        waypost.ask,
        {
          types: "$click: ID, $uid: String",
          field: "conversions(filter: { clickHash: $click, uid: $uid }) { items { id uid goalSent } }",
        },
        asked.map(({ click, uid }) => ({ click, uid })),
      );
      for (const [place, [what]] of sent.entries()) {
        kept.set(what, {
          id: asked[place]?.click ?? "",
          answer: answers[place] as (typeof answers)[number],
          logs: logs[place].items,
          found: found[place].items,
        });
      }
    });

    it.each(sent)("are kept as sent and found again: %s", (what, encoded, decoded) => {
      const value = decode(encoded, decoded);
      const { id, answer, logs, found } = kept.get(what) as NonNullable<ReturnType<typeof kept.get>>;
      const isLong = [...value.trim()].length > 64;
      expect([answer.status, answer.code]).toEqual(isLong ? [422, "GOAL_TOO_LONG"] : [200, "RECORDED"]);
      expect(answer.message).not.toMatch(/\p{Cc}/u);
      expect(logs).toMatchObject([
        { payload: { click: id, uid: value, goal: value, v: value }, message: answer.message },
      ]);
      if (isLong) return;
      expect(logs[0].goal).toBe(value.trim() || null);
      expect(found).toEqual(
        value.trim() ? [{ id: answer.conversionId, uid: value.trim(), goalSent: value.trim() }] : expect.anything(),
      );
    });
  });

  describe("as a click hash", () => {
    // biome-ignore lint/suspicious/noExplicitAny: see above.
    const refused = new Map<string, { answer: Awaited<ReturnType<typeof postback>>; logs: any }>();
    beforeAll(async () => {
      const answers = await Promise.all(values.map(([, encoded]) => postback(`click=${encoded}`)));
      const logs = await askEach(
        waypost.ask,
        {
          types: "$value: String",
          field: "postbackLogs(filter: { clickHash: $value }, perPage: 1) { items { clickHash } }",
        },
        values.map(([, encoded, decoded]) => ({ value: decode(encoded, decoded).trim() })),
      );
      for (const [place, [what]] of values.entries()) {
        refused.set(what, { answer: answers[place] as (typeof answers)[number], logs: logs[place].items });
      }
    });

    it.each(values)("are refused and logged as sent: %s", (what, encoded, decoded) => {
      const value = decode(encoded, decoded).trim();
      const { answer, logs } = refused.get(what) as NonNullable<ReturnType<typeof refused.get>>;
      expect(answer.status).toBe(value ? 404 : 422);
      expect(answer.code).toMatch(value ? /^CLICK_(UNREPLACED|WRONG_CHARACTER|ENCODED_TWICE)$/ : /^CLICK_MISSING$/);
      if (value) expect(logs).toEqual([{ clickHash: value }]);
    });
  });

  describe("as the name of a parameter", () => {
    const tracked = new Map<string, Tracked>();
    /** Of each name what became of it in a query and in a JSON body. */
    // biome-ignore lint/suspicious/noExplicitAny: see above.
    const posted = new Map<string, { status: string; payload: any }[]>();
    beforeAll(async () => {
      const clicks = await trackAll(
        NAMES.map((name) => ({ query: `${encodeURIComponent(name)}=1&${encodeURIComponent(name)}=2` })),
      );
      for (const [place, name] of NAMES.entries()) tracked.set(name, clicks[place] as Tracked);
      const ids = await Promise.all(
        NAMES.filter((name) => name !== "click").map(async (name) => {
          const { id } = tracked.get(name) as Tracked;
          const body = `{${JSON.stringify(name)}: {"__proto__": {"status": "approved"}, ${JSON.stringify(name)}: [1]}}`;
          const headers = { "content-type": "application/json" };
          const [inQuery, inBody] = await Promise.all([
            postback(`click=${id}&uid=0&${encodeURIComponent(name)}=1`),
            postback(`click=${id}&uid=${body.length}`, { method: "POST", body, headers }),
          ]);
          return { name, conversions: [inQuery.conversionId, inBody.conversionId] };
        }),
      );
      const { postbackLogs } = await waypost.ask(
        `query($flowId: ID) { postbackLogs(filter: { flowId: $flowId, code: "RECORDED" }, perPage: 500) {
           items { payload conversion { id status } } } }`,
        { flowId: flow.id },
      );
      const byConversion = new Map<string, { payload: object; conversion: { status: string } }>(
        postbackLogs.items.map((entry: { conversion: { id: string } }) => [entry.conversion.id, entry]),
      );
      for (const { name, conversions } of ids) {
        const entries = conversions.flatMap((id) => byConversion.get(id) ?? []);
        posted.set(
          name,
          entries.map(({ payload, conversion }) => ({ payload, status: conversion.status })),
        );
      }
    });

    it.each(NAMES)("mean nothing: %j", (name) => {
      const { click } = tracked.get(name) as Tracked;
      expect(JSON.stringify(click.params)).toBe(JSON.stringify(Object.fromEntries([[name, "1"]])));
      if (name === "click") return;
      const both = posted.get(name) ?? [];
      expect(both.map(({ status }) => status)).toEqual(["PENDING", "PENDING"]);
      for (const { payload } of both) expect(Object.keys(payload)).toContain(name);
      expect(({} as Record<string, unknown>).status).toBeUndefined();
    });
  });

  it("with names that are one when cut count as the first", async () => {
    const name = "n".repeat(64);
    const { click } = await track(`${name}x=first&${name}y=second`, {});
    expect(click.params).toEqual({ [name]: "first" });
  });

  it.each([
    ["UTF-8", "caf\u00e9 \ud83d\ude00 \ufffd", "utf8"],
    ["Latin-1", "caf\u00e9 \u00bf'", "latin1"],
  ] as const)("in headers are read as %s", async (_, text, encoding) => {
    const bytes = Buffer.from(text, encoding).toString("latin1");
    const { click } = await track("", { "user-agent": bytes, referer: bytes });
    expect(click).toMatchObject({ userAgent: text, referrer: text });
  });

  it("in headers are text", async () => {
    const agent = `<script>alert(1)</script>' or 1=1 -- \\ \t{click} \${7*7}`;
    const referer = 'javascript:alert("1")//{sub_id}';
    const { click, location } = await track("", { "user-agent": agent, referer });
    expect(click).toMatchObject({ userAgent: agent, referrer: referer });
    expect(location.searchParams.get("a")).toBe(agent);
  });
});
