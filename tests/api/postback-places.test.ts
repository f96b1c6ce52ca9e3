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

  it("the click in the body counts before another in the query, and so does everything else", async () => {
    const click = await waypost.click(flow.key);
    const response = await waypost.track(`/postback/${waypost.postbackKey}?click=${"f".repeat(32)}&revenue=1&uid=u`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ cid: click, payout: 2 }),
    });
    const { conversionId: id } = (await response.json()) as { conversionId: string };
    const { conversion } = await waypost.ask("query($id: ID!) { conversion(id: $id) { clickHash revenue uid } }", {
      id,
    });
    expect(conversion).toEqual({ clickHash: click, revenue: "2.0000", uid: "u" });
  });

  const refused = {
    "status=won": "STATUS_UNKNOWN",
    "payout=-2,50": "REVENUE_NEGATIVE",
    "currency=EURO": "CURRENCY_UNKNOWN",
    "uid=a&uid=b": "PARAMETER_TWICE",
    [`goal=${"g".repeat(65)}`]: "GOAL_TOO_LONG",
    [`uid=${"u".repeat(129)}`]: "UID_TOO_LONG",
  };

  it("a refused postback is in the log of its click's flow", async () => {
    const click = await waypost.click(flow.key);
    // A click whose journal is not loaded yet has no flow to be found under.
    await waypost.ask("{ me { id } }");
    await Promise.all(
      Object.keys(refused).map((query) =>
        waypost.track(`/postback/${waypost.postbackKey}?click=${click}&${query}`).then((answer) => answer.text()),
      ),
    );
    const { postbackLogs } = await waypost.ask(
      "query($filter: PostbackLogFilter) { postbackLogs(filter: $filter) { items { code flow { id } } } }",
      { filter: { flowId: flow.id, clickHash: click } },
    );
    expect(postbackLogs.items.map(({ code }: { code: string }) => code).sort()).toEqual(Object.values(refused).sort());
    for (const entry of postbackLogs.items) expect(entry.flow).toEqual({ id: flow.id });
  });
});
