import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
  ["a half of a GBK character and a quote", "%bf%27or(1=1)--", "%bf%27or(1=1)--"],
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

describe.each(databases)("Hostile values, on %s", (database) => {
  let waypost: Waypost;
  let flow: { key: string };
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

  async function track(query: string, headers: Record<string, string> = {}) {
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
    const id = new URL(location).searchParams.get("click");
    const { click } = await waypost.ask(
      "query($id: ID!) { click(id: $id) { subId source term userAgent referrer destinationUrl params } }",
      { id },
    );
    expect(click.destinationUrl).toBe(location);
    return { id: id ?? "", location: new URL(location), click };
  }
  const decode = (encoded: string, decoded?: string) => decoded ?? decodeURIComponent(encoded);

  it.each(values)("in a tracking URL go nowhere else and come back unchanged: %s", async (_, encoded, decoded) => {
    const value = decode(encoded, decoded);
    const { location, click } = await track(`v=${encoded}&sub_id=${encoded}&utm_source=${encoded}&utm_term=${encoded}`);
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

  // A macro alone counts as left out: tests/unreplaced-macro.test.ts.
  it.each(values.filter(([what]) => what !== "a macro"))(
    "in a postback are kept as sent and found again: %s",
    async (_, encoded, decoded) => {
      const value = decode(encoded, decoded);
      const { id } = await track("");
      const response = await waypost.track(
        `/postback/${waypost.postbackKey}?click=${id}&uid=${encoded}&goal=${encoded}&v=${encoded}`,
      );
      const answer = (await response.json()) as { status: number; code: string; message: string; conversionId: string };
      const isLong = [...value.trim()].length > 64;
      expect([response.status, answer.code]).toEqual(isLong ? [422, "GOAL_TOO_LONG"] : [200, "RECORDED"]);
      expect(answer.message).not.toMatch(/\p{Cc}/u);
      const { postbackLogs, conversions } = await waypost.ask(
        `query($id: String!, $click: ID!, $uid: String!) { postbackLogs(filter: { clickHash: $id }) { items { payload goal message } }
         conversions(filter: { clickHash: $click, uid: $uid }) { items { id uid goalSent } } }`,
        { id, click: id, uid: value },
      );
      expect(postbackLogs.items).toMatchObject([
        { payload: { click: id, uid: value, goal: value, v: value }, message: answer.message },
      ]);
      if (isLong) return;
      expect(postbackLogs.items[0].goal).toBe(value.trim() || null);
      expect(conversions.items).toEqual(
        value.trim() ? [{ id: answer.conversionId, uid: value.trim(), goalSent: value.trim() }] : expect.anything(),
      );
    },
  );

  it.each(values)("as a click hash are refused and logged as sent: %s", async (_, encoded, decoded) => {
    const value = decode(encoded, decoded).trim();
    const { status, code } = (await (
      await waypost.track(`/postback/${waypost.postbackKey}?click=${encoded}`)
    ).json()) as Record<string, unknown>;
    expect(status).toBe(value ? 404 : 422);
    expect(code).toMatch(value ? /^CLICK_(UNREPLACED|WRONG_CHARACTER|ENCODED_TWICE)$/ : /^CLICK_MISSING$/);
    const { postbackLogs } = await waypost.ask(
      "query($value: String!) { postbackLogs(filter: { clickHash: $value }, perPage: 1) { items { clickHash } } }",
      { value },
    );
    if (value) expect(postbackLogs.items).toEqual([{ clickHash: value }]);
  });

  it.each(NAMES)("as the name of a parameter mean nothing: %j", async (name) => {
    const { id, click } = await track(`${encodeURIComponent(name)}=1&${encodeURIComponent(name)}=2`);
    expect(JSON.stringify(click.params)).toBe(JSON.stringify(Object.fromEntries([[name, "1"]])));
    if (name === "click") return;
    for (const body of [
      undefined,
      `{${JSON.stringify(name)}: {"__proto__": {"status": "approved"}, ${JSON.stringify(name)}: [1]}}`,
    ]) {
      const query = `click=${id}&uid=${body?.length ?? 0}${body ? "" : `&${encodeURIComponent(name)}=1`}`;
      const response = await waypost.track(
        `/postback/${waypost.postbackKey}?${query}`,
        body ? { method: "POST", body, headers: { "content-type": "application/json" } } : {},
      );
      const { conversionId } = (await response.json()) as { conversionId: string };
      const { conversion, postbackLogs } = await waypost.ask(
        "query($id: ID!) { conversion(id: $id) { status } postbackLogs(perPage: 1) { items { payload } } }",
        { id: conversionId },
      );
      expect(conversion.status).toBe("PENDING");
      expect(Object.keys(postbackLogs.items[0].payload)).toContain(name);
    }
    expect(({} as Record<string, unknown>).status).toBeUndefined();
  });

  it("with names that are one when cut count as the first", async () => {
    const name = "n".repeat(64);
    const { click } = await track(`${name}x=first&${name}y=second`);
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
