import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PostbackCode, postbackCodes } from "../../server/conversions/postback-codes.js";
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

  it("2.10 a postback whose click hash stands elsewhere is in the log of that click and its flow", async () => {
    const click = await waypost.click(flow.key);
    await waypost.ask("{ me { id } }");
    const send = (type: string, body: string) =>
      waypost.track(`/postback/${waypost.postbackKey}?status=approved`, {
        method: "POST",
        headers: { "content-type": type },
        body,
      });
    const answer = await send("application/json", JSON.stringify({ data: { click_id: click } }));
    expect(await answer.json()).toMatchObject({
      status: 422,
      code: "CLICK_ELSEWHERE",
      message: expect.stringContaining("a click hash stands under data.click_id: send it as click"),
    });
    await (await send("text/plain", `click=${click}`)).text();
    await (await waypost.track(`/postback/${waypost.postbackKey}?click={clickid}&sub1=${click}`)).text();
    const { postbackLogs } = await waypost.ask(
      "query($click: String) { postbackLogs(filter: { clickHash: $click, refused: true }) { totalCount items { code clickHash payload flow { id } } } }",
      { click: click.toUpperCase() },
    );
    expect(postbackLogs).toEqual({
      totalCount: 3,
      items: [
        {
          code: "CLICK_UNREPLACED",
          clickHash: "{clickid}",
          payload: { click: "{clickid}", sub1: click },
          flow: { id: flow.id },
        },
        {
          code: "BODY_UNREADABLE",
          clickHash: click,
          payload: { status: "approved", "(body)": `click=${click}` },
          flow: { id: flow.id },
        },
        {
          code: "CLICK_ELSEWHERE",
          clickHash: click,
          payload: { status: "approved", data: { click_id: click } },
          flow: { id: flow.id },
        },
      ],
    });
  });

  it("2.11 all mistakes are logged with their codes, causes and cures", async () => {
    const click = await waypost.click(flow.key);
    const query = `click=${click}&status=REVERSED&revenue=1,234&currency=XYZ`;
    const answer = (await (await waypost.track(`/postback/${waypost.postbackKey}?${query}`)).json()) as {
      code: string;
      message: string;
    };
    expect(answer.code).toBe("STATUS_UNKNOWN");
    const { postbackLogs } = await waypost.ask(
      "query($click: String) { postbackLogs(filter: { clickHash: $click }) { items { code message cause cure reading { name code message cause cure } } } }",
      { click },
    );
    const [entry] = postbackLogs.items;
    expect(entry).toMatchObject({ code: "STATUS_UNKNOWN", message: answer.message });
    const mistakes = entry.reading.filter(({ code }: { code: string | null }) => code);
    expect(mistakes.map(({ name, code }: { name: string; code: string }) => [name, code]).sort()).toEqual([
      ["currency", "CURRENCY_UNKNOWN"],
      ["revenue", "REVENUE_AMBIGUOUS"],
      ["status", "STATUS_UNKNOWN"],
    ]);
    for (const { code, message, cause, cure } of mistakes) {
      expect(answer.message).toContain(message);
      expect({ cause, cure }).toEqual({
        cause: postbackCodes[code as PostbackCode].cause,
        cure: postbackCodes[code as PostbackCode].cure,
      });
    }
  });

  it("2.9 two sales are one where nobody replaced the macro for their id, and the log warns of it", async () => {
    const click = await waypost.click(flow.key);
    const send = async (uid: string) =>
      (await waypost.track(`/postback/${waypost.postbackKey}?click=${click}&uid=${encodeURIComponent(uid)}`)).json();
    expect(await send("!!!clickRef!!!")).toMatchObject({
      code: "RECORDED",
      message: expect.stringContaining("Warning"),
    });
    expect(await send("null")).toMatchObject({ code: "REPEATED" });
    expect(await send("order{1}")).toMatchObject({ code: "RECORDED", message: "The conversion is recorded." });
    const { postbackLogs } = await waypost.ask(
      "query($click: String) { postbackLogs(filter: { clickHash: $click, warned: true }) { totalCount } }",
      { click },
    );
    expect(postbackLogs.totalCount).toBe(2);
  });

  it("1.2 names in a body are read in any case, with spaces and amp; before them, and the plain one wins", async () => {
    for (const [type, body] of [
      ["application/x-www-form-urlencoded", "Status=approved&amp;payout=10&txid=a&TxId=b&UID%20=c"],
      ["application/json", JSON.stringify({ STATUS: "approved", "amp;payout": "10", txid: "a", " Uid ": "c" })],
    ] as const) {
      const click = await waypost.click(flow.key);
      const response = await waypost.track(`/postback/${waypost.postbackKey}?click=${click}`, {
        method: "POST",
        headers: { "content-type": type },
        body,
      });
      const { conversionId: id } = (await response.json()) as { conversionId: string };
      const { conversion } = await waypost.ask("query($id: ID!) { conversion(id: $id) { status revenue uid } }", {
        id,
      });
      expect(conversion).toEqual({ status: "APPROVED", revenue: expect.stringMatching(/^10\.0+$/), uid: "a" });
    }
  });
});
