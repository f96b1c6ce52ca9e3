import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawRequest } from "../kit/raw-request.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const head = (line: string, ...headers: string[]) => [`${line} HTTP/1.1`, "Host: x", ...headers, "", ""].join("\r\n");
const FORM = "Content-Type: application/x-www-form-urlencoded";
const POSTBACK = "POST /postback/KEY?click=CLICK&status=approved";
const chunked = (...lines: string[]) => head(POSTBACK, FORM, "Transfer-Encoding: chunked") + lines.join("\r\n");

describe.each(databases)("A postback whose body breaks off, on %s", (database) => {
  let waypost: Waypost;
  let flowKey: string;
  beforeAll(async () => {
    waypost = await startWaypost(database);
    ({ key: flowKey } = await waypost.seedFlow());
  });
  afterAll(() => waypost.close());

  const entries = async (clickHash: string) => {
    const { postbackLogs, conversions } = await waypost.ask(
      "query($click: String, $id: ID) { postbackLogs(filter: { clickHash: $click }) { items { status code message payload } } conversions(filter: { clickHash: $id }) { totalCount } }",
      { click: clickHash, id: clickHash },
    );
    return { logs: postbackLogs.items, conversions: conversions.totalCount };
  };

  it.each([
    ["a chunk size that is no number", chunked("zz", "uid=b", "0", "", ""), false],
    ["a chunk size without end", chunked("FFFFFFFFFFFFFFFFFFFF", "uid=b", "0", "", ""), false],
    ["a chunk that is longer than it says", chunked("2", "uid=b", "0", "", ""), false],
    ["an end within a chunk", chunked("50", "uid=b"), true],
    ["an end before the last chunk", chunked("5", "uid=b", ""), true],
    ["an end before the length that was said", `${head(POSTBACK, FORM, "Content-Length: 100")}uid=b`, true],
  ])("with %s is answered as it is logged, once, and records nothing", async (_, bytes, halfClose) => {
    const click = await waypost.click(flowKey);
    const sent = bytes.replace("KEY", waypost.postbackKey).replace("CLICK", click);
    const { status, headers, body } = await rawRequest(waypost.trackerUrl, sent, { halfClose });
    expect(status, body).toBe(422);
    expect(headers.get("connection")).toBe("close");
    const answer = JSON.parse(body);
    expect(answer).toMatchObject({ status: 422, code: "BODY_UNREADABLE", conversionId: null });
    const { logs, conversions } = await entries(click);
    expect(logs).toEqual([
      { status, code: answer.code, message: answer.message, payload: { click, status: "approved" } },
    ]);
    expect(conversions).toBe(0);
  });

  it("does not disturb what came whole before it on the connection", async () => {
    const click = await waypost.click(flowKey);
    const whole = head(POSTBACK.replace("POST", "GET"));
    const sent = `${whole}GARBAGE THAT IS NO HTTP\r\n\r\n`.replace("KEY", waypost.postbackKey).replace("CLICK", click);
    const { status, body } = await rawRequest(waypost.trackerUrl, sent);
    expect([status, JSON.parse(body.slice(0, body.indexOf("}") + 1)).code]).toEqual([200, "RECORDED"]);
    expect(body.slice(body.indexOf("}") + 1)).toBe("");
    expect((await entries(click)).logs).toHaveLength(1);
  });

  it("elsewhere is answered once, by the route: a click is a click, whatever body it has", async () => {
    const bytes = `${head(`GET /c/${flowKey}`, "Transfer-Encoding: chunked")}zz\r\n\r\n`;
    const { status, body } = await rawRequest(waypost.trackerUrl, bytes);
    expect([status, body]).toEqual([302, ""]);
  });

  it("and what is no HTTP at all is told so", async () => {
    const { status, body } = await rawRequest(waypost.trackerUrl, "HELO example.com\r\n\r\n");
    expect([status, JSON.parse(body)]).toEqual([400, { status: 400, message: "This is not HTTP." }]);
  });
});
