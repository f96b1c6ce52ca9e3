import { beforeEach, describe, expect, it } from "vitest";
import { readDestination } from "../../server/catalog/destination.js";
import { type Flow } from "../../server/catalog/flow.js";
import { type TrackedPath } from "../../server/catalog/tracked-catalog.js";
import { type ClickRow } from "../../server/clicks/store-clicks.js";
import { openClickDoor, PLAIN_FLOW } from "../kit/doors.js";

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

const pathTo = (url: string) =>
  ({ id: 7, weight: 100, url, destination: readDestination(url) }) as unknown as TrackedPath;

describe("A tracking URL", () => {
  const door = openClickDoor();
  const addFlow = (key: string, flow: object = {}, paths = [pathTo("https://example.com/?click={click}")]) =>
    door.flows.set(key, { flow: { ...PLAIN_FLOW, id: 1, key, ...flow } as Flow, paths });
  beforeEach(() => {
    door.clicks.length = 0;
    door.flows.clear();
    addFlow("flow");
  });

  async function click(query = "", headers: Record<string, string> = {}): Promise<ClickRow> {
    const response = await door.track(`/c/flow${query}`, { headers });
    expect(response.status).toBe(302);
    const click = door.clicks.at(-1) as ClickRow;
    expect(response.headers.get("location")).toBe(click.destinationUrl);
    return click;
  }

  it.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])(
    "answers %s with 405 and records nothing",
    async (method) => {
      const response = await door.track("/c/flow", { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
      expect(door.clicks).toEqual([]);
    },
  );

  it.each([
    ["paused", { status: "PAUSED" }, 403],
    ["archived", { status: "ARCHIVED" }, 410],
    ["deleted", { deleted: true }, 404],
    ["without an active path", null, 503],
  ])("answers a flow that is %s with its status, and records nothing", async (_, flow, status) => {
    addFlow("other", flow ?? {}, flow ? undefined : []);
    for (const method of ["GET", "HEAD"]) {
      const response = await door.track("/c/other", { method });
      expect([response.status, response.headers.get("cache-control")]).toEqual([status, "no-store"]);
    }
    expect(door.clicks).toEqual([]);
  });

  it.each([
    ["sub_id", "subId", "sub_id=1&subid=2&sub1=3", "1"],
    ["subid", "subId", "sub_id=&subid=2&sub1=3", "2"],
    ["sub1", "subId", "sub1=3", "3"],
    ["utm_source", "source", "source=2&utm_source=1", "1"],
    ["source", "source", "utm_source=&source=2", "2"],
    ["utm_medium", "medium", "utm_medium=m", "m"],
    ["utm_campaign", "campaign", "utm_campaign=c", "c"],
    ["utm_content", "content", "utm_content=k", "k"],
    ["utm_term", "term", "utm_term=t", "t"],
    ["the first of a repeated name", "subId", "sub_id=first&sub_id=second", "first"],
  ])("reads %s", async (_, field, query, value) => {
    const read = await click(`?${query}`);
    expect(read[field as keyof ClickRow]).toBe(value);
    expect(read.params).toEqual({});
  });

  it("puts the flow's defaults where the link says nothing, also an empty value", async () => {
    const defaults = { defaultSource: "ds", defaultMedium: "dm", defaultSubId: "di" };
    addFlow("flow", defaults, [pathTo("https://example.com/?s={source}&m={utm_medium}&i={sub_id}")]);
    expect(await click("?utm_medium=given&sub_id=")).toMatchObject({
      source: "ds",
      medium: "given",
      subId: "di",
      destinationUrl: "https://example.com/?s=ds&m=given&i=di",
    });
  });

  it("redirects and records Googlebot like others, marked as bot", async () => {
    const googlebot = { "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" };
    expect((await click("", googlebot)).bot).toBe(true);
    expect((await click("", { "user-agent": CHROME })).bot).toBe(false);
  });

  it.each([
    ["1.1.1.1, 9.9.9.9", "9.9.9.9"],
    ["9.9.9.9, garbage", "127.0.0.1"],
    ["2001:4860:4860::8888", "2001:4860:4860::8888"],
    ["::ffff:9.9.9.9", "9.9.9.9"],
    ["9.9.9.9:1234", "9.9.9.9"],
  ])("counts X-Forwarded-For from the right over trusted proxies only: %s", async (forwarded, ip) => {
    expect((await click("", { "x-forwarded-for": forwarded })).ip).toBe(ip);
  });
});
