import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Facts, openFacts } from "../kit/facts.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

/** Amounts that were refused before 30 November, and what they are. */
const AMOUNTS = [
  ["7.643215", "7.643215", null],
  ["12.0999999999999996447", "12.1000", /more than 8 decimals, and is rounded to 12.1000/],
  ["1 234,50", "1234.5000", null],
  ["1'234.50", "1234.5000", null],
] as const;

describe.each(databases)("Amounts of postbacks, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  let flow: { id: string; key: string };
  beforeAll(async () => {
    waypost = await startWaypost(database);
    facts = await openFacts(waypost);
    flow = await waypost.seedFlow();
  });
  afterAll(async () => {
    await facts.close();
    await waypost.close();
  });

  const conversionsOf = async (click: string) =>
    (
      await waypost.ask(
        `query($click: ID!) { conversions(filter: { clickHash: $click }) {
          items { status revenue currency uid history { status revenue applied } } } }`,
        { click },
      )
    ).conversions.items;
  const logOf = async (click: string) =>
    (
      await waypost.ask(
        `query($click: String!) { postbackLogs(filter: { clickHash: $click }) {
          items { code cure warned reading { parameter value means warning } change } } }`,
        { click },
      )
    ).postbackLogs.items;

  it.each(AMOUNTS)("2.7 are recorded, and say what was read: %s", async (payout, revenue, warning) => {
    const click = await waypost.click(flow.key);
    const { httpStatus, body } = await waypost.postback({ click, payout, status: "approved" });
    expect([httpStatus, body.code]).toEqual([200, "RECORDED"]);
    if (warning) expect(body.message).toMatch(warning);
    else expect(body.message).not.toContain("Warning");
    expect(await conversionsOf(click)).toMatchObject([{ status: "APPROVED", revenue, currency: "USD" }]);
    const [entry] = await logOf(click);
    expect(entry).toMatchObject({ warned: warning !== null, change: { after: { revenue } } });
    expect(entry.reading).toContainEqual(
      expect.objectContaining({ parameter: "revenue", value: payout, means: revenue }),
    );
    expect((await waypost.postback({ click, payout, status: "approved" })).body.code).toBe("REPEATED");
  });

  it("2.7 that were refused before are recorded when they are sent through again", async () => {
    const clicks = await Promise.all(AMOUNTS.map(() => waypost.click(flow.key)));
    await waypost.ask("{ clicks { totalCount } }");
    const { items } = (await waypost.ask("{ postbackKeys { items { id } } }")).postbackKeys;
    await facts.logs(
      AMOUNTS.map(([payout], index) => ({
        clickHash: clicks[index] ?? null,
        clickKey: clicks[index] ?? null,
        flowId: Number(flow.id),
        postbackKeyId: Number(items[0].id),
        status: 422,
        code: "REVENUE_UNUSABLE",
        payload: { click: clicks[index], payout, status: "approved" },
      })),
    );
    const { replayPostbacks } = await waypost.ask(
      `mutation { replayPostbacks(filter: { code: "REVENUE_UNUSABLE" }, expected: ${AMOUNTS.length}) { codes { code count } } }`,
    );
    expect(replayPostbacks.codes).toEqual([{ code: "RECORDED", count: AMOUNTS.length }]);
    for (const [index, [, revenue]] of AMOUNTS.entries()) {
      expect(await conversionsOf(clicks[index] ?? "")).toMatchObject([{ status: "APPROVED", revenue }]);
    }
  });

  it("2.8 take nothing from a rejection, and refuse what is none", async () => {
    const click = await waypost.click(flow.key);
    const sale = { click, uid: "9", status: "approved", payout: "10", currency: "EUR" };
    await waypost.postback(sale);
    const refund = await waypost.postback({ click, uid: "9", payout: "-10" });
    expect(refund).toMatchObject({ httpStatus: 422, body: { code: "REVENUE_NEGATIVE" } });
    expect(refund.body.message).toContain("send the same uid with status=rejected");
    expect((await logOf(click))[0].cure).toContain("status=rejected");
    expect(await conversionsOf(click)).toMatchObject([{ status: "APPROVED" }]);

    const rejected = await waypost.postback({ click, uid: "9", status: "rejected", payout: "-4.5", currency: "USD" });
    expect(rejected).toMatchObject({ httpStatus: 200, body: { code: "UPDATED" } });
    expect(rejected.body.message).toContain('Warning: the parameter "payout" is "-4.5", which cannot be used');
    expect(await conversionsOf(click)).toEqual([
      {
        status: "REJECTED",
        revenue: "10.0000",
        currency: "EUR",
        uid: "9",
        history: [
          { status: "APPROVED", revenue: "10.0000", applied: true },
          { status: "REJECTED", revenue: null, applied: true },
        ],
      },
    ]);
    expect((await logOf(click))[0]).toMatchObject({ code: "UPDATED", warned: true });
  });
});
