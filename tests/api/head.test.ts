import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawRequest } from "../kit/raw-request.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

describe("A request's head", () => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost("SQLite");
  });
  afterAll(() => waypost.close());

  it("of thousands of small headers is read to its end, up to 16 KiB", async () => {
    const { key } = await waypost.seedFlow({ paths: [{ url: "https://example.com/?a={user_agent}" }] });
    const head = (count: number) =>
      `GET /c/${key} HTTP/1.1\r\nHost: x\r\n${"a:\r\n".repeat(count)}User-Agent: last\r\nConnection: close\r\n\r\n`;
    for (const count of [1990, 2010, 3900]) {
      const { status, headers } = await rawRequest(waypost.trackerUrl, head(count));
      expect([count, status, headers.get("location")]).toEqual([count, 302, "https://example.com/?a=last"]);
    }
    expect((await rawRequest(waypost.trackerUrl, head(17_000))).status).toBe(431);
  });
});
