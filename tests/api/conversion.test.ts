import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createTracker } from "../../server/tracker.js";
import { askEach } from "../kit/ask-each.js";
import { clicksAhead } from "../kit/clicks-ahead.js";
import { until } from "../kit/until.js";
import { databases, ONE_REQUEST, PATIENT, startWaypost, type Waypost } from "../kit/waypost.js";

const CONVERSION = `id clickHash click { id } flow { key } goal goalSent status revenue currency uid createdAt updatedAt
  history { status revenue currency applied createdAt }`;

describe.each(databases)("A conversion, on %s", (database) => {
  let waypost: Waypost;
  let click: () => string;
  let flow: { id: string; key: string };
  beforeAll(async () => {
    waypost = await startWaypost(database);
    flow = await waypost.seedFlow({ goals: [{ key: "lead" }, { key: "sale", revenue: "10", currency: "EUR" }] });
    click = await clicksAhead(waypost, flow.key, 90);
  });
  afterAll(() => waypost.close());

  const send = async (parameters: Record<string, string>) => (await waypost.postback(parameters)).body;
  const conversionsOf = async (clickHash: string) =>
    (
      await waypost.ask(
        `query($clickHash: ID!) { conversions(filter: { clickHash: $clickHash }) { items { ${CONVERSION} } } }`,
        { clickHash },
      )
    ).conversions.items.reverse();

  describe("is one for each click, goal as sent and uid:", () => {
    it.each([
      ["uids by case, accent and letter", ["ABC", "abc", "ABCé", "ABCe", "ABCÉ"].map((uid) => ({ uid }))],
      ["composed and decomposed letters", [{ uid: "\u00e9" }, { uid: "e\u0301" }]],
      ["letters that collations hold equal", ["ss", "ß", "ẞ", "æ", "ae", "ı", "i", "İ", "I"].map((uid) => ({ uid }))],
      ["characters that collations skip", ["a", "a\u200b", "a\u00ad", "a\0", "\0a", "a\0b"].map((uid) => ({ uid }))],
      ["emoji", [{ uid: "😀" }, { uid: "😁" }, { uid: "👨‍👩‍👧" }]],
      ["numbers as text", ["1", "1.0", "01", "+1", "1e0"].map((uid) => ({ uid }))],
      ["goals by case", ["sale", "Sale", "SALE", "sälé"].map((goal) => ({ goal }))],
      ["a goal, another goal and none", [{ goal: "lead" }, { goal: "sale" }, {}]],
      ["a uid and none", [{ uid: "x" }, {}]],
      ["a goal and a uid of the same text", [{ goal: "x" }, { uid: "x" }, { goal: "x", uid: "x" }]],
      [
        "texts that hold operators",
        ["[raw]: 1 (#1)", "$1", "NULL-1", "null-1", "undefined_1", "' or 1=1 --", "\\1"].map((uid) => ({ uid })),
      ],
    ] as [string, Record<string, string>[]][])("%s", async (_, identities) => {
      const hash = click();
      const sendAll = () => Promise.all(identities.map((identity) => send({ click: hash, ...identity })));
      const first = await sendAll();
      expect(first.map(({ code }) => code)).toEqual(identities.map(() => "RECORDED"));
      const ids = first.map(({ conversionId }) => conversionId);
      expect(new Set(ids).size).toBe(identities.length);
      const again = await sendAll();
      expect(again.map(({ code }) => code)).toEqual(identities.map(() => "REPEATED"));
      expect(again.map(({ conversionId }) => conversionId)).toEqual(ids);
      const stored = await conversionsOf(hash);
      const named = new Map(stored.map(({ id, uid, goalSent }: Record<string, string>) => [id, { uid, goalSent }]));
      expect(ids.map((id) => named.get(id))).toEqual(
        identities.map(({ uid = null, goal = null }) => ({ uid, goalSent: goal })),
      );
      expect(stored).toHaveLength(identities.length);
    });

    it("spaces around a uid or goal make no other", async () => {
      const hash = click();
      const { conversionId } = await send({ click: hash, uid: "ABC", goal: "lead" });
      for (const [uid, goal] of [
        ["ABC ", "lead"],
        [" ABC", " lead"],
        ["\tABC\n", "lead\u00a0"],
      ] as const) {
        expect(await send({ click: hash, uid, goal })).toMatchObject({ code: "REPEATED", conversionId });
      }
    });

    it("the same uid at another click is another", async () => {
      const [one, other] = [await send({ click: click(), uid: "same" }), await send({ click: click(), uid: "same" })];
      expect(one.conversionId).not.toBe(other.conversionId);
    });

    it("an empty uid is no uid, a goal with a uid stays by itself", async () => {
      const hash = click();
      const { conversionId } = await send({ click: hash });
      expect((await send({ click: hash, uid: " ", goal: "" })).conversionId).toBe(conversionId);
      expect((await conversionsOf(hash)).length).toBe(1);
    });
  });

  it("shows where it comes from", async () => {
    const hash = click();
    const before = Date.now();
    const { conversionId } = await send({ click: hash.toUpperCase(), goal: "sale", uid: "u", status: "approved" });
    const [conversion] = await conversionsOf(hash);
    expect(conversion).toMatchObject({
      id: conversionId,
      clickHash: hash,
      click: { id: hash },
      flow: { key: flow.key },
      goal: "sale",
      goalSent: "sale",
      status: "APPROVED",
      revenue: "10.0000",
      currency: "EUR",
      uid: "u",
    });
    expect(Date.parse(conversion.createdAt)).toBeGreaterThanOrEqual(before);
    expect(conversion.updatedAt).toBe(conversion.createdAt);
  });

  it("changes only in what a later postback names, and keeps its history", async () => {
    const hash = click();
    const codes: string[] = [];
    const steps: [Record<string, string>, object][] = [
      [{}, { status: "PENDING", revenue: "10.0000", currency: "EUR" }],
      [{ status: "approved" }, { status: "APPROVED", revenue: "10.0000", currency: "EUR" }],
      [{ revenue: "12.5" }, { status: "APPROVED", revenue: "12.5000", currency: "EUR" }],
      [
        { revenue: "12.50000", status: "APPROVED" },
        { status: "APPROVED", revenue: "12.5000", currency: "EUR" },
      ],
      [{}, { status: "APPROVED", revenue: "12.5000", currency: "EUR" }],
      [
        { currency: "usd", revenue: "0" },
        { status: "APPROVED", revenue: "0.0000", currency: "USD" },
      ],
      [{ status: "rejected" }, { status: "REJECTED", revenue: "0.0000", currency: "USD" }],
    ];
    let created = "";
    for (const [parameters, expected] of steps) {
      const { code, conversionId } = await send({ click: hash, goal: "sale", ...parameters });
      codes.push(code);
      const conversions = await conversionsOf(hash);
      expect(conversions).toHaveLength(1);
      expect(conversions[0]).toMatchObject({ id: conversionId, ...expected });
      created ||= conversions[0].createdAt;
      expect(conversions[0].createdAt).toBe(created);
      const now = Date.now();
      await until(() => Date.now() > now);
    }
    expect(codes).toEqual(["RECORDED", "UPDATED", "UPDATED", "REPEATED", "REPEATED", "UPDATED", "UPDATED"]);
    const [{ history, updatedAt }] = await conversionsOf(hash);
    expect(history).toMatchObject([
      { status: "PENDING", revenue: "10.0000", currency: "EUR", applied: true, createdAt: created },
      { status: "APPROVED", revenue: null, currency: null, applied: true },
      { status: null, revenue: "12.5000", currency: null, applied: true },
      { status: null, revenue: "0.0000", currency: "USD", applied: true },
      { status: "REJECTED", revenue: null, currency: null, applied: true, createdAt: updatedAt },
    ]);
    expect(updatedAt > created).toBe(true);
  });

  it("is not changed by a refused postback, nor by one for another goal", async () => {
    const hash = click();
    await send({ click: hash, uid: "u" });
    const [before] = await conversionsOf(hash);
    expect((await send({ click: hash, uid: "u", status: "approved", revenue: "-1" })).code).toBe("REVENUE_NEGATIVE");
    expect((await send({ click: hash, uid: "u", goal: "lead", status: "approved" })).code).toBe("RECORDED");
    expect((await conversionsOf(hash))[0]).toEqual(before);
  });

  it("keeps its goal and revenue when the flow's goals change, and a repeat is still a repeat", async () => {
    const own = await waypost.seedFlow({ goals: [{ key: "trial", revenue: "5" }] });
    const hash = await waypost.click(own.key);
    await send({ click: hash, goal: "trial" });
    await waypost.ask("mutation($id: ID!) { updateFlow(id: $id, input: { goals: [] }) { id } }", own);
    await expect
      .poll(() => send({ click: hash, goal: "trial" }))
      .toMatchObject({ code: "REPEATED", message: expect.stringContaining("Other") });
    expect((await conversionsOf(hash))[0]).toMatchObject({ goal: "trial", revenue: "5.0000" });
  });

  it("is one when 50 equal postbacks come at once to two trackers, and every one is logged", async () => {
    const trackers = await Promise.all(
      [1, 2].map(() => createTracker(waypost.config, { loaderFile: inject("loaderFile"), waits: PATIENT })),
    );
    try {
      const urls = await Promise.all(trackers.map(async (tracker) => `http://127.0.0.1:${await tracker.listen()}`));
      const hash = click();
      await conversionsOf(hash);
      const query = new URLSearchParams({ click: hash, goal: "sale", uid: "once", status: "approved", revenue: "3" });
      const answers = await Promise.all(
        Array.from({ length: 50 }, async (_, index) => {
          const response = await fetch(`${urls[index % 2]}/postback/${waypost.postbackKey}?${query}`, {
            headers: ONE_REQUEST,
          });
          return { status: response.status, ...((await response.json()) as { code: string; conversionId: string }) };
        }),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(new Set(answers.map(({ conversionId }) => conversionId)).size).toBe(1);
      expect(answers.filter(({ code }) => code === "RECORDED")).toHaveLength(1);
      expect(answers.filter(({ code }) => code === "REPEATED")).toHaveLength(49);
      const conversions = await conversionsOf(hash);
      expect(conversions).toMatchObject([{ status: "APPROVED", revenue: "3.0000", uid: "once" }]);
      expect(conversions[0].history).toHaveLength(1);
      const { postbackLogs } = await waypost.ask(
        "query($hash: String!) { postbackLogs(filter: { clickHash: $hash }) { totalCount } }",
        { hash },
      );
      expect(postbackLogs.totalCount).toBe(50);
      // The server describes every deadlock with the tables in it.
      const { database: address } = waypost.config;
      const name = address.kind === "mysql" ? new URL(address.url).pathname.slice(1) : "no database of it";
      expect(readFileSync(inject("mysqlLog"), "utf8")).not.toContain(name);
    } finally {
      await Promise.all(trackers.map((tracker) => tracker.close()));
    }
  });

  it("is recorded also when its postback follows the redirect in the same millisecond, on another tracker", async () => {
    const tracker = await createTracker(waypost.config, { loaderFile: inject("loaderFile"), waits: PATIENT });
    try {
      const url = `http://127.0.0.1:${await tracker.listen()}`;
      const answers = await Promise.all(
        Array.from({ length: 40 }, async () => {
          const hash = await waypost.click(flow.key);
          const answer = await fetch(`${url}/postback/${waypost.postbackKey}?click=${hash}`, { headers: ONE_REQUEST });
          return { hash, status: answer.status, code: ((await answer.json()) as { code: string }).code };
        }),
      );
      for (const { status, code } of answers) {
        expect([status, code]).toEqual(status === 200 ? [200, "RECORDED"] : [202, "ACCEPTED"]);
      }
      const hashes = answers.map(({ hash }) => ({ hash }));
      const totals = { types: "$hash: ID", field: "conversions(filter: { clickHash: $hash }) { totalCount }" };
      await expect
        .poll(async () => (await askEach(waypost.ask, totals, hashes)).map(({ totalCount }) => totalCount))
        .toEqual(hashes.map(() => 1));
      const entries = {
        types: "$hash: String",
        field: "postbackLogs(filter: { clickHash: $hash }) { items { status outcome } }",
      };
      expect((await askEach(waypost.ask, entries, hashes)).map(({ items }) => items)).toEqual(
        answers.map(({ status }) => [{ status, outcome: status === 200 ? null : "RECORDED" }]),
      );
    } finally {
      await tracker.close();
    }
  });
});
