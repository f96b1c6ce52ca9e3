import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawRequest } from "../kit/raw-request.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

describe("CONNECT", () => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost("SQLite");
  });
  afterAll(() => waypost.close());

  const connectTo = (path: string, ...headers: string[]) =>
    rawRequest(waypost.trackerUrl, [`CONNECT ${path} HTTP/1.1`, "Host: x", ...headers, "", ""].join("\r\n"));

  it("is a 405 on a tracking URL", async () => {
    const { key } = await waypost.seedFlow();
    const { status, headers } = await connectTo(`/c/${key}`);
    expect([status, headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it.each([[[]], [["Content-Length: 5"]]])("is a 405 on a postback URL, and logged (%j)", async (more) => {
    const { status, headers, body } = await connectTo(`/postback/${waypost.postbackKey}?goal=g`, ...more);
    expect([status, headers.get("allow")]).toEqual([405, "GET, POST"]);
    expect(JSON.parse(body)).toMatchObject({ status: 405, code: "METHOD_NOT_ALLOWED" });
    const { postbackLogs } = await waypost.ask("{ postbackLogs { items { method status payload } } }");
    expect(postbackLogs.items[0]).toEqual({ method: "CONNECT", status: 405, payload: { goal: "g" } });
  });

  it("is a 404 elsewhere", async () => {
    expect((await connectTo("example.com:443")).status).toBe(404);
    expect((await rawRequest(waypost.apiUrl, "CONNECT / HTTP/1.1\r\nHost: x\r\n\r\n")).status).toBe(404);
  });
});
