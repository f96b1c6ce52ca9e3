import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawRequest } from "../kit/raw-request.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const FORM = "application/x-www-form-urlencoded";

describe("A postback's body", () => {
  let waypost: Waypost;
  let flowKey: string;
  beforeAll(async () => {
    waypost = await startWaypost("SQLite");
    ({ key: flowKey } = await waypost.seedFlow());
  });
  afterAll(() => waypost.close());

  async function send(method: string, query: string, headers: string[], sent = "") {
    const head = [
      `${method} /postback/${waypost.postbackKey}?${query} HTTP/1.1`,
      "Host: x",
      "Connection: close",
      ...headers,
    ];
    const { body, ...answer } = await rawRequest(waypost.trackerUrl, `${head.join("\r\n")}\r\n\r\n${sent}`);
    return { ...answer, ...JSON.parse(body) };
  }
  const length = (body: string) => `Content-Length: ${body.length}`;
  const newestLog = async () =>
    (await waypost.ask("{ postbackLogs(perPage: 1) { items { method status code payload } } }")).postbackLogs.items[0];

  it("is nothing where there is none, whatever content type is named", async () => {
    const click = await waypost.click(flowKey);
    for (const type of ["garbage", "a/", "/", "text/plain", "multipart/form-data", "application/json"]) {
      const answer = await send("POST", `click=${click}&uid=${encodeURIComponent(type)}`, [
        `Content-Type: ${type}`,
        length(""),
      ]);
      expect([type, answer.code]).toEqual([type, "RECORDED"]);
    }
  });

  it.each(["garbage", "a/", "text/plain"])(
    "of a type that is not read is told that it is %s, and what is",
    async (type) => {
      const body = "click=1";
      const answer = await send("POST", "", [`Content-Type: ${type}`, length(body)], body);
      expect(answer).toMatchObject({ status: 422, code: "BODY_UNREADABLE" });
      expect(answer.message).toMatch(
        new RegExp(`^The body cannot be read: its content type is "${type}": send a form .* or a JSON object`),
      );
    },
  );

  it.each([
    ["a form", FORM, (click: string) => `click=${click}&uid=body`],
    ["JSON", "application/json", (click: string) => JSON.stringify({ click, uid: "body" })],
  ])("counts in a GET as in a POST: %s", async (_, type, bodyOf) => {
    const click = await waypost.click(flowKey);
    const body = bodyOf(click);
    const answer = await send("GET", "uid=query&status=approved", [`Content-Type: ${type}`, length(body)], body);
    expect(answer).toMatchObject({ status: 200, code: "RECORDED" });
    expect(await newestLog()).toMatchObject({
      method: "GET",
      payload: { click, uid: "body", status: "approved" },
    });
  });

  it.each([
    ["larger than 64 KiB", `uid=${"u".repeat(65_536)}`, 413, "BODY_TOO_LARGE"],
    ["broken", "{", 422, "BODY_UNREADABLE"],
  ])("is refused in a GET too when it is %s", async (_, body, status, code) => {
    const answer = await send("GET", "note=kept", ["Content-Type: application/json", length(body)], body);
    expect(answer).toMatchObject({ status, code });
    expect(await newestLog()).toMatchObject({ method: "GET", status, code, payload: { note: "kept" } });
  });

  it("is refused in chunks, too, as soon as it is larger than 64 KiB", async () => {
    const chunk = `10000\r\n${"x".repeat(65_536)}\r\n1\r\nx\r\n`;
    const answer = await send("POST", "", [`Content-Type: ${FORM}`, "Transfer-Encoding: chunked"], chunk);
    expect(answer).toMatchObject({ status: 413, code: "BODY_TOO_LARGE" });
    expect(answer.headers.get("connection")).toBe("close");
  });
});
