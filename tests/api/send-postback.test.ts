import { createServer, type RequestListener } from "node:http";
import { type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPostbackSender, SENDS_PER_MINUTE } from "../../server/conversions/postback-sender.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const SEND = `mutation($postbackKeyId: ID!, $query: String!) {
  sendPostback(postbackKeyId: $postbackKeyId, query: $query) { url status code message conversionId } }`;

describe.each(databases)("A postback that is sent from the admin, on %s", (database) => {
  let waypost: Waypost;
  let click: string;
  let flowKey: string;
  beforeAll(async () => {
    waypost = await startWaypost(database);
    flowKey = (await waypost.seedFlow()).key;
    click = await waypost.click(flowKey);
  });
  afterAll(() => waypost.close());
  const send = (query: string, postbackKeyId = "1") => waypost.graphql(SEND, { postbackKeyId, query });

  it("is recorded and logged like an advertiser's", async () => {
    const query = `click=${click}&status=approved&revenue=2.50&currency=EUR`;
    const { sendPostback } = (await send(query)).data;
    expect(sendPostback).toEqual({
      url: `${waypost.trackerUrl}/postback/${waypost.postbackKey}?${query}`,
      status: 200,
      code: "RECORDED",
      message: "The conversion is recorded.",
      conversionId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const { conversions, postbackLogs } = await waypost.ask(
      `query($click: String, $id: ID) {
         conversions(filter: { clickHash: $id }) { items { id clickHash status revenue currency } }
         postbackLogs(filter: { clickHash: $click }) { items { code method postbackKey { id } payload } } }`,
      { click, id: click },
    );
    expect(conversions.items).toEqual([
      { id: sendPostback.conversionId, clickHash: click, status: "APPROVED", revenue: "2.5000", currency: "EUR" },
    ]);
    expect(postbackLogs.items).toEqual([
      {
        code: "RECORDED",
        method: "GET",
        postbackKey: { id: "1" },
        payload: { click, status: "approved", revenue: "2.50", currency: "EUR" },
      },
    ]);
  });

  it("says what is wrong with it, as the log does; the log shows those that were refused alone", async () => {
    const { generatePostbackKey: key } = await waypost.ask("mutation { generatePostbackKey { id } }");
    expect((await send("click={click}", key.id)).data.sendPostback).toMatchObject({
      status: 404,
      code: "CLICK_UNREPLACED",
      conversionId: null,
    });
    expect((await send(`click=${await waypost.click(flowKey)}`, key.id)).data.sendPostback.code).toBe("RECORDED");
    const list = async (refused: boolean) =>
      (
        await waypost.ask("query($filter: PostbackLogFilter) { postbackLogs(filter: $filter) { items { code } } }", {
          filter: { refused, postbackKeyId: key.id },
        })
      ).postbackLogs.items;
    expect(await list(true)).toEqual([{ code: "CLICK_UNREPLACED" }]);
    expect(await list(false)).toEqual([{ code: "RECORDED" }]);
  });

  it.each([
    ["", "CLICK_MISSING"],
    ["#click=1", "CLICK_MISSING"],
    ["click=1#\r\nHost: elsewhere", "CLICK_WRONG_CHARACTER"],
    [`click=${"é".repeat(400)}`, "CLICK_WRONG_CHARACTER"],
  ])("goes to the tracker alone, whatever its query: %j", async (query, code) => {
    const { data } = await send(query);
    expect(data.sendPostback).toMatchObject({ code });
    expect(data.sendPostback.url).toMatch(`${waypost.trackerUrl}/postback/${waypost.postbackKey}`);
  });

  it("needs a key that there is, and a query of bearable length", async () => {
    for (const id of ["999", "0", "x", ""]) {
      expect((await send("click=1", id)).errors?.[0]?.extensions.code).toBe("NOT_FOUND");
    }
    expect((await send("x".repeat(2001))).errors?.[0]?.extensions).toMatchObject({
      code: "BAD_USER_INPUT",
      field: "query",
    });
    const { generatePostbackKey: key } = await waypost.ask("mutation { generatePostbackKey { id } }");
    await waypost.ask("mutation($id: ID!) { deletePostbackKey(id: $id) { id } }", key);
    expect((await send("click=1", key.id)).errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  });
});

describe("The answer to a postback that is sent from the admin", () => {
  async function serve(listener: RequestListener) {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
  }

  it("says what to do when the tracker cannot be reached", async () => {
    const { url, close } = await serve(() => {});
    close();
    expect(await createPostbackSender(url)("key", "click=1")).toEqual({
      url: `${url}/postback/key?click=1`,
      status: null,
      code: null,
      message: `The tracker cannot be reached at ${url}: check that it is running, and that TRACKER_URL is its public address.`,
      conversionId: null,
    });
  });

  it.each<[string, number, RequestListener]>([
    ["a page", 200, (_, response) => response.end("<html>")],
    ["JSON of something else", 404, (_, response) => response.writeHead(404).end('{"error":"Not found"}')],
    ["null", 200, (_, response) => response.end("null")],
    ["a redirect", 302, (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
    ["more than anyone wants to read", 200, (_, response) => response.end("x".repeat(5_000_000))],
  ])("says that it is not the tracker's when it is %s", async (_, status, listener) => {
    const { url, close } = await serve(listener);
    expect(await createPostbackSender(url)("key", "click=1")).toMatchObject({
      status,
      code: null,
      message: `What answers at ${url} is not the tracker: check TRACKER_URL, and the proxy in front of it.`,
    });
    close();
  });

  it("is refused when too many are sent within a minute", async () => {
    const { url, close } = await serve((_, response) => response.end("{}"));
    const send = createPostbackSender(url);
    // At once, so that the minute is not over before the last.
    await Promise.all(Array.from({ length: SENDS_PER_MINUTE }, () => send("key", "")));
    await expect(send("key", "")).rejects.toMatchObject({ extensions: { code: "FORBIDDEN" } });
    close();
  });
});
