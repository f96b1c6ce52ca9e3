import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { readDestination } from "../../server/catalog/destination.js";
import { type Flow } from "../../server/catalog/flow.js";
import { type TrackedFlow, type TrackedPath } from "../../server/catalog/tracked-catalog.js";
import { escapeRawBytes } from "../../server/kit/parameters.js";
import { UNREADABLE_LINES } from "../../server/kit/unreadable-requests.js";
import { CLICK, type ClickDoor, openClickDoor, openPostbackDoor, PLAIN_FLOW, SECRET } from "../kit/doors.js";
import { until } from "../kit/until.js";

const head = (line: string, ...headers: string[]) => [line, "Host: x", ...headers, "", ""].join("\r\n");
const get = (target: string, ...headers: string[]) => head(`GET ${target} HTTP/1.1`, ...headers);
const utf8 = (text: string) => Buffer.from(text).toString("latin1");
const statuses = (received: string) => [...received.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status));
const locations = (received: string) =>
  [...received.matchAll(/^location: (.*)\r$/gim)].map(([, url]) => new URL(url as string));

const pathTo = (url: string) =>
  ({ id: 7, weight: 100, url, destination: readDestination(url) }) as unknown as TrackedPath;
const FLOW: TrackedFlow = {
  flow: { ...PLAIN_FLOW, id: 1, key: "flow" } as Flow,
  paths: [pathTo("https://example.com/?kw={query.kw}&s={sub_id}")],
};

let door: ClickDoor;
beforeEach(() => {
  door = openClickDoor();
  door.flows.set("flow", FLOW);
});

/** What was read of the clicks, in order. */
const read = () => door.clicks.map(({ subId, params, destinationUrl, ip }) => ({ subId, params, destinationUrl, ip }));

async function visit(...packets: string[]): Promise<string> {
  return (await (await door.connect()).send(...packets)).finish();
}

describe("A target with bytes that may not stand in it", () => {
  const targets: [what: string, target: string, kw: string][] = [
    ["UTF-8", utf8("/c/flow?kw=café"), "café"],
    ["other letters", utf8("/c/flow?sub_id=1&kw=Крем"), "Крем"],
    ["an emoji beside an escape", utf8("/c/flow?kw=😀%20x"), "😀 x"],
    ["bytes that are no UTF-8", "/c/flow?kw=caf\xe9", "caf%E9"],
    ["half of a character, then text", "/c/flow?kw=\xf0\x9fx", "%F0%9Fx"],
    ["a character longer than it may be", "/c/flow?kw=\xc0\xaf", "%C0%AF"],
    ["a space", "/c/flow?kw=red shoes", "red shoes"],
    ["many spaces", "/c/flow?kw=red  shoes   now", "red  shoes   now"],
    ["a tab", "/c/flow?kw=red\tshoes", "red\tshoes"],
    ["DEL", "/c/flow?kw=a\x7fb", "a\x7fb"],
    ["NUL and other controls", "/c/flow?kw=a\0\x01\x0b\x0c\x1fb", "a\0\x01\x0b\x0c\x1fb"],
    ["what looks like a version behind a space", "/c/flow?kw=a HTTP/1.1 b", "a HTTP/1.1 b"],
    ["the beginning of a version", "/c/flow?kw=a HTTP/", "a HTTP/"],
    ["another version", "/c/flow?kw=a HTTP/2 b", "a HTTP/2 b"],
    ["a request within", "/c/flow?kw=a GET /c/flow HTTP/1.1", "a GET /c/flow HTTP/1.1"],
    ["another protocol", "/c/flow?kw=a ICE/1.0", "a ICE/1.0"],
    ["a no-break space", utf8("/c/flow?kw=a\u00a0b"), "a\u00a0b"],
    ["a byte order mark", utf8("/c/flow?kw=\ufeffa"), "\ufeffa"],
    ["an invisible character", utf8("/c/flow?kw=a\u200bb"), "a\u200bb"],
    ["a broken escape", utf8("/c/flow?kw=é%zz%"), "é%zz%"],
    ["a plus", utf8("/c/flow?kw=é+é"), "é é"],
    ["a quote and brackets", utf8("/c/flow?kw=é\"<>[]{}|\\^`'"), "é\"<>[]{}|\\^`'"],
    ["a fragment", utf8("/c/flow?kw=é#ü"), "é"],
    ["a name beyond ASCII", utf8("/c/flow?ключ=1&kw=2"), "2"],
    ["another host", utf8("http://evil.example/c/flow?kw=é"), "é"],
    ["a host beyond ASCII", utf8("http://bücher.example/c/flow?kw=é"), "é"],
    [
      "a target that takes most of a head",
      `/c/flow?kw=${"\xe9".repeat(500)}&x=${"y".repeat(14_000)}`,
      "%E9".repeat(170),
    ],
  ];

  it.each(targets)("1.1 counts as if they were escapes: %s", async (_, target, kw) => {
    const received = await visit(get(target, "Connection: close"));
    expect(statuses(received)).toEqual([302]);
    expect(door.clicks[0]?.params.kw).toMatch(kw.length < 500 ? kw : /^(%E9){170}/);
    await visit(get(escapeRawBytes(target), "Connection: close"));
    const [raw, escaped] = read();
    expect(raw).toEqual(escaped);
    expect(door.logLines).toEqual([]);
  });

  it.each([
    ["HTTP/1.0", `GET ${utf8("/c/flow?kw=é")} HTTP/1.0\r\n\r\n`],
    ["empty lines first", `\r\n\r\n${get(utf8("/c/flow?kw=é"))}`],
    ["a tab before the version", `GET ${utf8("/c/flow?kw=é")}\tHTTP/1.1\r\nHost: x\r\n\r\n`],
    ["a tab alone before the version", "GET /c/flow?kw=%C3%A9\tHTTP/1.1\r\nHost: x\r\n\r\n"],
    ["spaces and tabs around the target", `GET  \t ${utf8("/c/flow?kw=é")} \t HTTP/1.1\r\nHost: x\r\n\r\n`],
    ["a space at the end of the line", "GET /c/flow?kw=%C3%A9 HTTP/1.1 \r\nHost: x\r\n\r\n"],
    ["a body", `${get(utf8("/c/flow?kw=é"), "Content-Length: 5")}hello`],
  ])("1.1 is answered with %s", async (_, bytes) => {
    expect(statuses(await visit(bytes))).toEqual([302]);
    expect(read()).toMatchObject([{ params: { kw: "é" } }]);
  });

  it("1.1 is answered wherever its bytes are divided into packets", async () => {
    const bytes = get(utf8("/c/flow?kw=Кé b&sub_id=1"), "X-Forwarded-For: 9.9.9.9");
    for (let at = 1; at < bytes.length; at += 1) await visit(bytes.slice(0, at), bytes.slice(at));
    await visit(...bytes);
    expect(door.clicks).toHaveLength(bytes.length);
    const expected = { subId: "1", params: { kw: "Кé b" }, ip: "9.9.9.9" };
    for (const click of read()) expect(click).toMatchObject(expected);
  });

  it("1.1 leaves the connection to the requests behind it, raw or not, in their order", async () => {
    const requests = Array.from({ length: 50 }, (_, index) => get(utf8(`/c/flow?kw=${index % 3 ? "é" : "e"}${index}`)));
    const expected = requests.map((_, index) => `${index % 3 ? "é" : "e"}${index}`);
    for (const packets of [[requests.join("")], requests]) {
      const wire = await door.connect();
      await wire.send(...packets);
      const received = await wire.finish();
      expect(locations(received).map((url) => url.searchParams.get("kw"))).toEqual(expected);
      // Nothing is left behind by the requests before.
      expect(wire.listenerCount("close") + wire.listenerCount("end")).toBeLessThan(12);
    }
  });

  it("1.1 is answered behind a request that takes longer", async () => {
    const { promise, resolve } = Promise.withResolvers<TrackedFlow>();
    door.flows.set("slow", promise as never);
    const wire = await door.connect();
    await wire.send(get("/c/slow?kw=first") + get(utf8("/c/flow?kw=é")), get("/c/flow?kw=third"));
    expect(wire.received).toBe("");
    resolve(FLOW);
    await until(() => statuses(wire.received).length === 3);
    expect(locations(wire.received).map((url) => url.searchParams.get("kw"))).toEqual(["first", "é", "third"]);
    await wire.finish();
  });

  it("1.1 is not answered behind a request that ends the connection", async () => {
    const received = await visit(get("/c/flow?kw=first", "Connection: close") + get(utf8("/c/flow?kw=é")));
    expect(locations(received).map((url) => url.searchParams.get("kw"))).toEqual(["first"]);
  });

  it("1.1 is answered with a head alone when it asks for one", async () => {
    const received = await visit(head(`HEAD ${utf8("/c/flow?kw=é")} HTTP/1.1`));
    expect(received).toMatch(/^HTTP\/1\.1 302 Found\r\n/);
    expect(received.split("\r\n\r\n")[1]).toBe("");
    expect(door.clicks).toEqual([]);
  });

  it.each([
    ["any method", head(`DELETE ${utf8("/c/flow?é")} HTTP/1.1`), 405],
    ["a flow that is not there", get(utf8("/c/é")), 404],
    ["no route", get(utf8("/é?é")), 404],
    ["a tunnel", head("CONNECT h\xe9:443 HTTP/1.1"), 404],
    ["too long a head", get(utf8(`/c/flow?kw=é${"x".repeat(17_000)}`)), 431],
    ["a line that is too long and has no end", `GET /c/flow?kw=\xe9${"x".repeat(17_000)}`, 431],
    ["too long a head once its bytes are escapes", get(`/c/flow?kw=${"\xe9".repeat(6000)}`), 431],
  ])("1.1 is answered by the normal route: %s", async (_, bytes, status) => {
    expect(statuses(await visit(bytes))).toEqual([status]);
  });

  it("1.1 is answered in its place among any others, with and without bodies, however they are divided", async () => {
    const text = fc.string({
      unit: fc.constantFrom("GET ", "POST ", "/c/flow", "?", "é", " HTTP/1.1", "\r\n", "a", "0"),
    });
    const kinds = fc.record({ isPost: fc.boolean(), isChunked: fc.boolean(), isRaw: fc.boolean(), body: text });
    const cuts = fc.array(fc.nat(2000), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(kinds, { minLength: 1, maxLength: 5 }), cuts, async (requests, at) => {
        const sent = requests.map(({ isPost, isChunked, isRaw, body }, index) => {
          const line = `${isPost ? "POST" : "GET"} /c/flow?kw=${isRaw ? "\xe9 " : ""}${index} HTTP/1.1`;
          const bytes = utf8(body);
          if (!isChunked) return head(line, `Content-Length: ${bytes.length}`) + bytes;
          const chunk = bytes && `${bytes.length.toString(16)}\r\n${bytes}\r\n`;
          return `${head(line, "Transfer-Encoding: chunked")}${chunk}0\r\n\r\n`;
        });
        const bytes = sent.join("");
        const ends = [...at.filter((end) => end < bytes.length).sort((a, b) => a - b), bytes.length];
        const wire = await door.connect();
        await wire.send(...ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end)));
        await until(() => statuses(wire.received).length >= requests.length);
        expect(statuses(await wire.finish())).toEqual(requests.map(({ isPost }) => (isPost ? 405 : 302)));
        const read = locations(wire.received).map((url) => url.searchParams.get("kw"));
        const expected = requests.flatMap(({ isPost, isRaw }, index) =>
          isPost ? [] : [`${isRaw ? "%E9 " : ""}${index}`],
        );
        expect(read).toEqual(expected);
      }),
    );
  });

  it("1.1 is read the same with any bytes, however they are divided", async () => {
    const bytes = fc
      .uint8Array({ minLength: 1, maxLength: 30 })
      .map((values) => Buffer.from(values).toString("latin1"));
    await fc.assert(
      fc.asyncProperty(bytes, fc.nat(60), async (any, at) => {
        door.clicks.length = 0;
        const target = `/c/flow?sub_id=1&kw=${any.replace(/[\r\n#&]/g, "")}x`;
        const request = get(target, "Connection: close");
        await visit(request.slice(0, at), request.slice(at));
        await visit(get(escapeRawBytes(target), "Connection: close"));
        const [raw, escaped] = read();
        expect(raw).toBeDefined();
        expect(raw).toEqual(escaped);
      }),
    );
  });
});

describe("A postback's target with such bytes", () => {
  const postbacks = openPostbackDoor();
  const target = utf8(`/postback/${SECRET}?click=${CLICK}&offer_name=Крем`);
  const FORM = "Content-Type: application/x-www-form-urlencoded";
  const post = (length: number) => head(`POST ${target} HTTP/1.1`, FORM, `Content-Length: ${length}`);

  async function send(packets: string[], count = 1): Promise<string> {
    const wire = await postbacks.connect();
    await wire.send(...packets);
    await until(() => statuses(wire.received).length >= count);
    return wire.finish();
  }

  it.each([
    ["at once", [`${post(12)}uid=1&goal=x`]],
    ["later", [post(12), "uid=1&", "goal=x"]],
    ["with the end of the head", [post(12).slice(0, -3), `${post(12).slice(-3)}uid=1&goal=x`]],
    [
      "in chunks",
      [
        head(`POST ${target} HTTP/1.1`, FORM, "Transfer-Encoding: chunked"),
        "6\r\nuid=1&\r\n",
        "6\r\ngoal=x\r\n0\r\n\r\n",
      ],
    ],
  ])("1.1 is read with its body that comes %s", async (_, packets) => {
    const received = await send(packets);
    expect(statuses(received)).toEqual([200]);
    const [last] = postbacks.taken.slice(-1);
    expect(last?.entry).toMatchObject({ uid: "1", goal: "x", payload: { offer_name: "Крем", uid: "1", goal: "x" } });
  });

  it("1.1 begins where the body before it ends, whatever that looks like", async () => {
    const body = `uid=${utf8("é")} GET ${utf8("/c/é")} HTTP/1.1\r\nHost: x\r\n\r\nPOST`;
    const received = await send([`${post(body.length)}${body}${post(5)}uid=2${get(target)}`], 3);
    expect(statuses(received)).toEqual([200, 200, 200]);
    expect(postbacks.taken.slice(-3).map(({ entry }) => entry.payload.uid)).toEqual([
      "é GET /c/é HTTP/1.1\r\nHost: x\r\n\r\nPOST",
      "2",
      undefined,
    ]);
  });
});

describe("What cannot be read as a request", () => {
  const counted = async () => {
    const { values } = (await door.metrics.registry.getSingleMetric("requests_unreadable_total")?.get()) ?? {
      values: [],
    };
    return Object.fromEntries(values.map(({ labels, value }) => [labels.code, value]));
  };
  const lines = () => door.logLines.map((line) => JSON.parse(line));

  it.each([
    ["no HTTP", "HELO example.com\r\n\r\n", "HPE_INVALID_METHOD", "HELO example.com"],
    ["nothing visible", "\x16\x03\x01\x02\xff", "HPE_INVALID_METHOD", "%16%03%01%02%FF"],
    [
      "a method in lower case",
      utf8("get /c/flow?é HTTP/1.1\r\n\r\n"),
      "HPE_INVALID_METHOD",
      "get /c/flow?%C3%A9 HTTP/1.1",
    ],
    ["a carriage return in its target", get("/c/flow?a=b\rX: 1"), "HPE_INVALID_URL", "GET /c/flow?a=b%0DX: 1 HTTP/1.1"],
    ["one behind a raw byte", get("/c/flow?a=\xe9\rX: 1"), "HPE_INVALID_URL", "GET /c/flow?a=%E9%0DX: 1 HTTP/1.1"],
    ["no path", get("c/flow"), "HPE_INVALID_URL", "GET c/flow HTTP/1.1"],
    ["no path, and a raw byte", get("c/flow\xe9"), "HPE_INVALID_URL", "GET c/flow%E9 HTTP/1.1"],
    ["lines that end in LF alone", "GET /c/flow HTTP/1.1\nHost: x\n\n", "HPE_CR_EXPECTED", "GET /c/flow HTTP/1.1"],
    [
      "such lines, and a raw byte",
      "GET /c/flow?\xe9 HTTP/1.1\nHost: x\n\n",
      "HPE_CR_EXPECTED",
      "GET /c/flow?%E9 HTTP/1.1",
    ],
    ["no version", "GET /c/flow?\xe9\r\n\r\n", "HPE_INVALID_URL", "GET /c/flow?%E9"],
    ["an unknown version", "GET /c/flow HTTP/3.7\r\n\r\n", "HPE_INVALID_VERSION", "GET /c/flow HTTP/3.7"],
    [
      "a control byte in a header",
      get("/c/flow", "Cookie: a\x01b"),
      "HPE_INVALID_HEADER_TOKEN",
      "GET /c/flow HTTP/1.1",
    ],
    [
      "a length that is none",
      get("/c/flow", "Content-Length: x"),
      "HPE_INVALID_CONTENT_LENGTH",
      "GET /c/flow HTTP/1.1",
    ],
    ["too long a head", get(`/c/${"x".repeat(20_000)}`), "HPE_HEADER_OVERFLOW", `GET /c/${"x".repeat(293)}`],
    ["an end within its line", "GET /c/flow", "HPE_INVALID_EOF_STATE", "GET /c/flow"],
  ])("1.1 is counted, and logged with its first line: %s", async (_, bytes, code, firstLine) => {
    const received = await visit(bytes);
    expect(statuses(received)).toEqual([code === "HPE_HEADER_OVERFLOW" ? 431 : 400]);
    expect(received).toContain("\r\nConnection: close\r\n");
    expect(await counted()).toEqual({ [code]: 1 });
    await until(() => door.logLines.length > 0);
    expect(lines()).toEqual([expect.objectContaining({ level: 40, code, firstLine, suppressed: 0 })]);
    expect(door.clicks).toEqual([]);
  });

  it("1.1 is counted, and closed without an answer, when it ends within a raw line", async () => {
    expect(await visit("GET /c/flow?\xe9")).toBe("");
    expect(await counted()).toEqual({ HPE_INVALID_URL: 1 });
  });

  it("1.1 is counted when it comes behind a request, once, and the request is answered", async () => {
    const received = await visit(`${get("/c/flow")}HELO example.com\r\n`, "QUIT\r\n", "QUIT\r\n");
    expect(statuses(received)).toEqual([302]);
    expect(await counted()).toEqual({ HPE_INVALID_METHOD: 1 });
  });

  it("1.1 does not fill the log", async () => {
    for (let index = 0; index < 3 * UNREADABLE_LINES; index += 1) await visit(`HELO ${index}\r\n`);
    expect(await counted()).toEqual({ HPE_INVALID_METHOD: 3 * UNREADABLE_LINES });
    const logged = lines();
    expect(logged.length + logged.reduce((sum, { suppressed }) => sum + suppressed, 0)).toBeLessThan(
      3 * UNREADABLE_LINES,
    );
  });
});
