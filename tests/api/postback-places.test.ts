import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

describe.each(databases)("What a postback says in two places, on %s", (database) => {
  let waypost: Waypost;
  let flow: { id: string; key: string };
  beforeAll(async () => {
    waypost = await startWaypost(database);
    flow = await waypost.seedFlow();
  });
  afterAll(() => waypost.close());

  const send = async (query: string, body?: object) => {
    const response = await waypost.track(`/postback/${waypost.postbackKey}?${query}`, {
      method: body ? "POST" : "GET",
      headers: { "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return response.json() as Promise<{ code: string; message: string; conversionId: string }>;
  };
  const conversion = async (id: string) =>
    (await waypost.ask("query($id: ID!) { conversion(id: $id) { clickHash revenue uid } }", { id })).conversion;

  it.each([
    ["the same name", "revenue=1", { revenue: "2" }, "2.0000"],
    ["another name of the same parameter", "revenue=1", { payout: "2" }, "2.0000"],
    ["nothing, where the body's value is empty", "revenue=1", { payout: "" }, "1.0000"],
    ["nothing, where the body names another parameter", "payout=1", { uid: "x" }, "1.0000"],
  ])("the body wins over %s in the query", async (_, query, body, revenue) => {
    const click = await waypost.click(flow.key);
    const { conversionId } = await send(`click=${click}&${query}`, body);
    expect((await conversion(conversionId)).revenue).toBe(revenue);
  });

  it("the click in the body counts before another in the query", async () => {
    const click = await waypost.click(flow.key);
    const { conversionId } = await send(`click=${"f".repeat(32)}`, { cid: click });
    expect((await conversion(conversionId)).clickHash).toBe(click);
  });

  it.each(["cid=a&cid=b", "payout=1&payout=1", "order_id=a&order_id=b"])(
    "one of our parameters given twice is refused, whatever else is there: %s",
    async (twice) => {
      const answer = await send(`click=${await waypost.click(flow.key)}&revenue=1&uid=u&${twice}`);
      expect(answer.code).toBe("PARAMETER_TWICE");
      expect(answer.message).toContain(twice.split("=")[0] ?? "");
      expect(answer.message).toContain(JSON.stringify([...new URLSearchParams(twice).values()]));
    },
  );

  it("one of our parameters given twice in the query is refused, also where the body says it", async () => {
    const answer = await send(`click=${await waypost.click(flow.key)}&uid=a&uid=b`, { uid: "c" });
    expect(answer.code).toBe("PARAMETER_TWICE");
    expect(answer.message).toContain('["a","b"]');
  });

  it.each([
    ["status=won", "STATUS_UNKNOWN", '"won"'],
    ["payout=-2,50", "REVENUE_UNUSABLE", '"-2,50"'],
    ["currency=EURO", "CURRENCY_UNKNOWN", '"EURO"'],
    [`goal=${"g".repeat(65)}`, "GOAL_TOO_LONG", "ggg"],
    [`uid=${"u".repeat(129)}`, "UID_TOO_LONG", "uuu"],
  ])(
    "a refused postback is in the log of its click's flow, and the message names the value: %s",
    async (query, code, value) => {
      const click = await waypost.click(flow.key);
      const answer = await send(`click=${click}&${query}`);
      expect(answer).toMatchObject({ code, message: expect.stringContaining(value) });
      const { postbackLogs } = await waypost.ask(
        "query($filter: PostbackLogFilter) { postbackLogs(filter: $filter) { items { code flow { id } } } }",
        { filter: { flowId: flow.id, clickHash: click } },
      );
      expect(postbackLogs.items).toEqual([{ code, flow: { id: flow.id } }]);
    },
  );
});
