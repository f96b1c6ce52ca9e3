import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawRequest } from "../kit/raw-request.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

/** A hostile request: FLOW, KEY and CLICK stand for real ones. Without a status, 0 included, any below 500 will do. */
type Request = [what: string, bytes: string, ...statuses: number[]];

const head = (line: string, ...headers: string[]) =>
  [`${line} HTTP/1.1`, "Host: go.example.com", "Connection: close", ...headers, "", ""].join("\r\n");
const get = (target: string, ...headers: string[]) => head(`GET ${target}`, ...headers);
const post = (type: string, body: string, ...headers: string[]) =>
  `${head("POST /postback/KEY?click=CLICK", `Content-Type: ${type}`, `Content-Length: ${body.length}`, ...headers)}${body}`;
const FORM = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json";
const chunked = (...lines: string[]) =>
  head("POST /postback/KEY?click=CLICK", `Content-Type: ${FORM}`, "Transfer-Encoding: chunked") + lines.join("\r\n");

// Where two statuses are given, Node decides, and it has decided differently from version to version.
const targets: Request[] = [
  ["a target of another host", get("http://evil.example/c/FLOW"), 302],
  ["a target of another host with a port and a user", get("https://a:b@evil.example:1/c/FLOW?sub_id=x"), 302],
  ["a target of another scheme", get("gopher://evil.example/c/FLOW"), 404],
  ["a target without a path", get("http://evil.example"), 404],
  ["a target without a slash", get("c/FLOW"), 400, 404],
  ["an asterisk", head("OPTIONS *"), 404],
  ["a tunnel", head("CONNECT evil.example:443"), 404],
  ["two slashes first", get("//evil.example/c/FLOW"), 404],
  ["two slashes within", get("/c//FLOW"), 404],
  ["backslashes", get("/\\evil.example/c/FLOW"), 404],
  ["parent folders", get("/c/../../etc/passwd"), 404],
  ["encoded parent folders", get("/c/%2e%2e%2f%2e%2e%2fetc%2fpasswd"), 404],
  ["parent folders encoded twice", get("/c/%252e%252e%252f"), 404],
  ["no flow key", get("/c/"), 404],
  ["a prototype as flow key", get("/c/__proto__"), 404],
  ["a method of every object as flow key", get("/c/toString"), 404],
  ["an SQL quote as flow key", get("/c/FLOW'%20or%20'1'='1"), 404],
  ["NUL after the flow key", get("/c/FLOW%00"), 404],
  ["a space after the flow key", get("/c/FLOW%20"), 404],
  ["the flow key in capitals", get("/C/FLOW"), 404],
  ["a semicolon after the flow key", get("/c/FLOW;sub_id=1"), 404],
  ["a fragment", get("/c/FLOW#fragment"), 302],
  ["a broken escape", get("/c/%"), 404],
  ["an escape that is none", get("/c/%zz%FLOW"), 404],
  ["an escape of a byte that is no UTF-8", get("/c/%ff"), 404],
  ["raw bytes that are no UTF-8", get("/c/\xff\xfe?\xbf\x27=\xbf\x27"), 404],
  ["raw UTF-8", get("/c/FLOW?sub_id=\xf0\x9f\x98\x80&\xc3\xa9=\xc3\xa9"), 302],
  ["a raw half of a GBK character and a quote", get("/c/FLOW?sub_id=\xbf\x27%20or%201=1"), 302],
  ["raw control bytes", get("/c/FLOW?a=\x01\x02"), 302],
  ["a raw NUL", get("/c/FLOW?a=\0b"), 302],
  ["a raw space", get("/c/FLOW?a=b c"), 302],
  ["a raw tab", get("/c/FLOW?a=b\tc"), 302],
  [
    "raw bytes in 1,000 requests at once",
    get("/c/FLOW?a=\xff").replace("close", "keep-alive").repeat(999) + get("/c/FLOW?a=\xff"),
    302,
  ],
  ["raw bytes without an end", `GET /c/FLOW?a=${"\xff".repeat(20_000)}`, 431],
  ["a raw carriage return", get("/c/FLOW?a=b\rX-Evil: 1"), 400],
  ["a raw line feed and a header", get("/c/FLOW?a=b\nX-Evil: 1")],
  ["2,000 parameters", get(`/c/FLOW?${Array.from({ length: 2000 }, (_, index) => `p${index}=`).join("&")}`), 302],
  ["one parameter 5,000 times", get(`/c/FLOW?${"a&".repeat(5000)}`), 302],
  ["a list parameter 2,000 times", get(`/c/FLOW?${"a[]=1&".repeat(2000)}`), 302],
  ["nested names", get(`/c/FLOW?a${"[b]".repeat(4000)}=1`), 302],
  ["only ampersands", get(`/c/FLOW?${"&".repeat(15_000)}`), 302],
  ["only equal signs", get(`/c/FLOW?${"=".repeat(15_000)}`), 302],
  ["only percent signs", get(`/c/FLOW?${"%".repeat(15_000)}`), 302],
  ["only pluses", get(`/c/FLOW?a=${"+".repeat(15_000)}`), 302],
  ["only question marks", get(`/c/FLOW${"?".repeat(15_000)}`), 302],
  ["a name of 15,000 characters", get(`/c/FLOW?${"n".repeat(15_000)}=1`), 302],
  ["a value of 15,000 characters", get(`/c/FLOW?sub_id=${"v".repeat(15_000)}`), 302],
  ["a flow key of 15,000 characters", get(`/c/${"k".repeat(15_000)}`), 404],
  ["a target of 40,000 characters", get(`/c/FLOW?a=${"v".repeat(40_000)}`), 431],
  ["15,000 slashes", get("/".repeat(15_000)), 404],
];

const headers: Request[] = [
  ["a foreign host", get("/c/FLOW").replace("go.example.com", "evil.example"), 302],
  ["a host that is none", get("/c/FLOW").replace("go.example.com", "<script>'\"\\@/"), 302],
  ["no host", get("/c/FLOW").replace("Host: go.example.com\r\n", ""), 302],
  ["two hosts", get("/c/FLOW", "Host: evil.example")],
  [
    "forwarding headers",
    get(
      "/c/FLOW",
      "X-Forwarded-Host: evil.example",
      "X-Forwarded-Proto: javascript",
      "Forwarded: host=evil.example",
      "X-Original-URL: /x",
      "X-Rewrite-URL: /x",
    ),
    302,
  ],
  ["a method to take instead", get("/c/FLOW", "X-HTTP-Method-Override: DELETE"), 302],
  ["a forged address", get("/c/FLOW", `X-Forwarded-For: ${"' or 1=1 --, ".repeat(500)}`), 302],
  [
    "raw bytes as browser",
    get("/c/FLOW", "User-Agent: \xff\xfe\xbf\x27\xf0\x9f\x98\x80", "Referer: \xed\xa0\x80"),
    302,
  ],
  ["a browser of 15,000 characters", get("/c/FLOW", `User-Agent: ${"(".repeat(15_000)}`), 302],
  ["a control byte in a header", get("/c/FLOW", "User-Agent: a\x01b"), 400],
  ["a NUL in a header", get("/c/FLOW", "User-Agent: a\0b"), 400],
  ["a folded header", get("/c/FLOW", "User-Agent: a", " X-Evil: 1")],
  ["a header without a colon", get("/c/FLOW", "garbage"), 400],
  ["a space in a header's name", get("/c/FLOW", "X Evil: 1"), 400],
  ["a prototype as header", get("/c/FLOW", "__proto__: 1", "constructor: 1"), 302],
  ["1,500 headers", get("/c/FLOW", ...Array.from({ length: 1500 }, () => "a: b")), 302, 431],
  ["a header of 20,000 characters", get("/c/FLOW", `X-Long: ${"x".repeat(20_000)}`), 431],
  ["an expectation", get("/c/FLOW", "Expect: 100-continue"), 302],
  ["an expectation nobody knows", get("/c/FLOW", "Expect: wonders"), 302],
  ["an upgrade to a socket", get("/c/FLOW", "Upgrade: websocket", "Connection: Upgrade"), 302],
  ["a range", get("/c/FLOW", "Range: bytes=0-99999999999999999999", "If-None-Match: *"), 302],
  ["cookies", get("/c/FLOW", `Cookie: ${"a=b;".repeat(3000)}`), 302],
  ["a body on a GET", `${get("/c/FLOW", "Content-Length: 5")}hello`, 302],
];

const protocol: Request[] = [
  ["an unknown method", head("EVIL /c/FLOW"), 400],
  ["a method in lower case", head("get /c/FLOW"), 400],
  ["TRACE", head("TRACE /c/FLOW", "X-Secret: 1"), 405],
  ["every other method, such as MERGE", head("MERGE /c/FLOW"), 405],
  ["a large body on a tracking URL", `${head("POST /c/FLOW", "Content-Length: 70000")}${"x".repeat(70_000)}`, 405],
  ["a body of no kind on a tracking URL", `${head("POST /c/FLOW", "Content-Type: x", "Content-Length: 1")}x`, 405],
  ["HTTP/0.9", "GET /c/FLOW\r\n\r\n", 302, 400],
  ["HTTP/1.0", "GET /c/FLOW HTTP/1.0\r\n\r\n", 302],
  ["HTTP/3.7", "GET /c/FLOW HTTP/3.7\r\n\r\n", 400],
  ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["the start of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400],
  ["a line of garbage", `${"\xff".repeat(1000)}\r\n\r\n`, 400],
  ["two requests in one", `${get("/c/FLOW").replace("close", "keep-alive")}${get("/c/FLOW")}`, 302],
];

const postbacks: Request[] = [
  ["a length that is no number", head("POST /postback/KEY", "Content-Length: abc"), 400],
  ["a negative length", head("POST /postback/KEY", "Content-Length: -1"), 400],
  ["a length with a sign", head("POST /postback/KEY", "Content-Length: +5"), 400],
  ["two lengths", head("POST /postback/KEY", "Content-Length: 1", "Content-Length: 2"), 400],
  ["a length without end", head("POST /postback/KEY", `Content-Length: ${"9".repeat(30)}`), 400],
  ["a length of a terabyte", head("POST /postback/KEY", "Content-Length: 1099511627776"), 413],
  [
    "a length and chunks",
    `${head("POST /postback/KEY", "Content-Length: 3", "Transfer-Encoding: chunked")}0\r\n\r\nGET /c/FLOW HTTP/1.1\r\n\r\n`,
    400,
  ],
  ["an encoding nobody knows", head("POST /postback/KEY", "Transfer-Encoding: evil"), 422],
  ["a chunk size that is no number", chunked("zz", "a=b", "0", "", ""), 422],
  ["a chunk size without end", chunked("FFFFFFFFFFFFFFFFFFFF", "a=b", "0", "", ""), 422],
  ["chunks", chunked("3", "a=b", "0", "", ""), 200],
  ["70,000 bytes in chunks", chunked("11170", "a".repeat(70_000), "0", "", ""), 413],
  ["JSON of 30,000 lists", post(JSON_TYPE, `{"a":${"[".repeat(30_000)}${"]".repeat(30_000)}}`), 200],
  ["JSON of 10,000 objects", post(JSON_TYPE, `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`), 200],
  ["60,000 opening brackets", post(JSON_TYPE, "[".repeat(60_000)), 200],
  ["a JSON number of 60,000 digits", post(JSON_TYPE, `{"revenue":1${"0".repeat(60_000)}}`), 422],
  ["JSON zeros of 60,000 digits", post(JSON_TYPE, `{"revenue":1.${"0".repeat(60_000)}}`), 200],
  ["a JSON number of 60,000 decimals", post(JSON_TYPE, `{"revenue":0.${"0".repeat(60_000)}1}`), 200],
  ["a JSON uid of 60,000 characters", post(JSON_TYPE, `{"uid":"${"x".repeat(60_000)}"}`), 422],
  [
    "6,000 JSON names",
    post(JSON_TYPE, `{${Array.from({ length: 6000 }, (_, index) => `"${index}":0`).join(",")}}`),
    200,
  ],
  ["a JSON prototype", post(JSON_TYPE, '{"__proto__":{"status":"approved"},"constructor":{"prototype":{"x":1}}}'), 200],
  ["JSON half of a character", post(JSON_TYPE, '{"uid":"\\ud800","x":"\\udc00","\\ud800":1}'), 200],
  ["JSON NUL", post(JSON_TYPE, '{"uid":"\\u0000","x":"\\u0000"}'), 200],
  ["JSON in UTF-16", post(JSON_TYPE, '\xff\xfe{\0"\0a\0"\0:\x001\0}\0'), 200],
  ["a compressed body", post(JSON_TYPE, "\x1f\x8b\x08\x00", "Content-Encoding: gzip"), 200],
  ["a form that is no UTF-8", post(FORM, "uid=\xff\xfe&\xbf\x27=\xbf\x27"), 200],
  ["a form of 30,000 names", post(FORM, "a&".repeat(30_000)), 200],
  ["a form of 60,000 broken escapes", post(FORM, `x=${"%".repeat(60_000)}`), 200],
  ["a form of 900 clicks", post(FORM, "click&".repeat(900)), 422],
  // So many parameters count as a body that cannot be read; the query says everything.
  ["a form of 10,000 clicks", post(FORM, "click&".repeat(10_000)), 200],
  ["multipart without an end", post("multipart/form-data; boundary=x", "--x\r\n".repeat(10_000)), 200],
  [
    "multipart with a boundary of 60,000 characters",
    post("multipart/form-data; boundary=x", `--${"x".repeat(60_000)}`),
    200,
  ],
  [
    "multipart with a boundary that is a pattern",
    post('multipart/form-data; boundary="(x+)+$"', `--${"x".repeat(60_000)}`),
    200,
  ],
  [
    "multipart with a file's name",
    post(
      "multipart/form-data; boundary=x",
      '--x\r\nContent-Disposition: form-data; name="f"; filename="../../x\r\n\r\n1\r\n--x--',
    ),
    200,
  ],
  ["a content type of 10,000 characters", post(`text/${"x".repeat(10_000)}`, "x"), 200],
  ["a content type with a header in it", post("text/html\x0b<script>", "x"), 400],
  ["many content types", post("a/b, c/d; charset=\x22x", "x"), 200],
  ["no postback key", head("POST /postback/?click=CLICK"), 401, 404],
  ["a prototype as postback key", get("/postback/__proto__?click=CLICK"), 401],
  ["an SQL quote as postback key", get("/postback/KEY'%20or%20'1'='1?click=CLICK"), 401],
  ["a postback key of 15,000 characters", get(`/postback/${"k".repeat(15_000)}`), 401],
];

describe("A hostile request", () => {
  let waypost: Waypost;
  let fill: (bytes: string) => string;
  beforeAll(async () => {
    waypost = await startWaypost("SQLite");
    const { key } = await waypost.seedFlow({
      paths: [{ url: "https://example.com:8443/{query.a}?u={user_agent}&s={sub_id}&click={click}" }],
    });
    const click = await waypost.click(key);
    fill = (bytes) => bytes.replaceAll("FLOW", key).replaceAll("KEY", waypost.postbackKey).replaceAll("CLICK", click);
  });
  afterAll(async () => {
    for (const line of waypost.logLines) expect(line).toMatch(/^\{.*\}\n$/);
    expect(waypost.logLines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50)).toEqual([]);
    await waypost.close();
  });

  it.each([...targets, ...headers, ...protocol, ...postbacks])("does no harm: %s", async (_, bytes, ...statuses) => {
    const { status, headers, body } = await rawRequest(waypost.trackerUrl, fill(bytes));
    expect(status, body).toBeLessThan(500);
    if (statuses.length > 0) expect(statuses, body).toContain(status);
    const location = headers.get("location");
    expect(location === null).toBe(status !== 302);
    if (location) expect(new URL(location).origin).toBe("https://example.com:8443");
    expect([...headers.keys()].filter((name) => /evil|cookie|secret/i.test(name))).toEqual([]);
    expect(body).not.toContain("<script>");
    expect((await waypost.track("/healthz")).status).toBe(200);
  });

  it.each([
    ["a head", "GET /c/FLOW HTTP/1.1\r\nHost: x\r\n"],
    ["a body", `${head("POST /postback/KEY?click=CLICK", `Content-Type: ${FORM}`, "Content-Length: 100")}a=b`],
    ["a chunk", chunked("5", "a=b")],
    ["nothing", ""],
  ])("that ends within %s is given up", async (_, bytes) => {
    const { status } = await rawRequest(waypost.trackerUrl, fill(bytes), { halfClose: true });
    expect(status).toBeLessThan(500);
    expect((await waypost.track("/healthz")).status).toBe(200);
  });
});
