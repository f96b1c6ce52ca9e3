import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clicksAhead } from "../kit/clicks-ahead.js";
import { READING } from "../kit/facts.js";
import { until } from "../kit/until.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

describe.each(databases)("What a postback means, on %s", (database) => {
  let waypost: Waypost;
  let click: () => string;
  let flow: { id: string; key: string };
  let key: { id: string; key: string };
  beforeAll(async () => {
    waypost = await startWaypost(database);
    flow = await waypost.seedFlow({ goals: [{ key: "sale", revenue: "19.9", currency: "EUR" }] });
    click = await clicksAhead(waypost, flow.key, 40);
    const made = await waypost.ask('mutation { generatePostbackKey(name: "Network") { id key } }');
    key = made.generatePostbackKey;
    const statusWords = [
      { word: "1", meaning: "APPROVED" },
      { word: "Test", meaning: "IGNORE" },
      { word: "hold", meaning: "REJECTED" },
      { word: "pago\u0301", meaning: "APPROVED" },
    ];
    await waypost.ask(
      "mutation($id: ID!, $input: PostbackKeyInput!) { updatePostbackKey(id: $id, input: $input) { id } }",
      {
        id: key.id,
        input: { statusWords },
      },
    );
    // The tracker may have read the key before it had words; it looks again by itself.
    await until(async () => (await send(`click=${"0".repeat(32)}&status=test`)).code === "IGNORED");
  });
  afterAll(() => waypost.close());

  async function send(query: string, secret = key.key) {
    const answer = await (await waypost.track(`/postback/${secret}?${query}`)).json();
    return answer as { status: number; code: string; message: string; conversionId: string };
  }
  /** What is stored of a conversion. */
  async function conversion({ conversionId }: { conversionId: string }) {
    const { conversion } = await waypost.ask(
      "query($id: ID!) { conversion(id: $id) { id status revenue currency uid goalSent } }",
      { id: conversionId },
    );
    return conversion;
  }
  async function logs(filter: object) {
    const { postbackLogs } = await waypost.ask(
      `query($filter: PostbackLogFilter) { postbackLogs(filter: $filter) { totalCount
         items { code status uid warned message ${READING} change clickHash flow { id } postbackKey { id } conversion { id } } } }`,
      { filter },
    );
    return postbackLogs;
  }

  it.each([
    ["the key's word", "1", "APPROVED", "KEY"],
    ["the key's word, with its accents in one piece", "pagó".normalize("NFC"), "APPROVED", "KEY"],
    ["the URL's word before what is built in", "approved&rejected_status=approved", "REJECTED", "URL"],
    ["what is built in", "declined&approved_status=x", "REJECTED", "BUILT_IN"],
  ])("takes %s: %s", async (_, status, expected, by) => {
    const hash = click();
    expect((await conversion(await send(`click=${hash}&status=${status}`))).status).toBe(expected);
    const { items } = await logs({ clickHash: hash });
    expect(items[0].reading).toContainEqual(expect.objectContaining({ parameter: "status", means: expected, by }));
  });

  it("asks for a mapping of a word that nobody has mapped, and keeps what it has read", async () => {
    const hash = click();
    const answer = await send(`click=${hash}&status=2&approved_status=1&sum=2,50&order_id=77`);
    expect(answer).toMatchObject({ status: 422, code: "STATUS_UNKNOWN", conversionId: null });
    expect(answer.message).toMatch(
      /"status" is "2".*status words.*pending_status=, approved_status=, rejected_status=, ignore_status= to the URL/,
    );
    expect(answer.message).not.toContain("sale_status=");
    const { items } = await logs({ clickHash: hash });
    expect(items).toMatchObject([{ code: "STATUS_UNKNOWN", uid: "77", change: null, flow: { id: flow.id } }]);
    expect(items[0].reading).toMatchObject([
      { parameter: "click", name: "click", place: "query", value: hash, means: hash },
      { parameter: "approved_status", name: "approved_status", place: "query", value: "1", means: "APPROVED" },
      { parameter: "status", name: "status", place: "query", value: "2", means: null },
      { parameter: "revenue", name: "sum", place: "query", value: "2,50", means: "2.5000" },
      { parameter: "uid", name: "order_id", place: "query", value: "77", means: "77" },
    ]);
  });

  it("ignores what is mapped to ignore: logged, and no conversion", async () => {
    for (const status of ["TEST&uid=2", "trial&ignore_status=trial"]) {
      const hash = click();
      const answer = await send(`click=${hash}&status=${status}`);
      expect(answer).toMatchObject({ status: 200, code: "IGNORED", conversionId: null });
      expect((await logs({ clickHash: hash, refused: false })).items).toMatchObject([
        { code: "IGNORED", flow: { id: flow.id }, postbackKey: { id: key.id }, conversion: null, change: null },
      ]);
      const { conversions } = await waypost.ask(
        "query($id: ID!) { conversions(filter: { clickHash: $id }) { totalCount } }",
        {
          id: hash,
        },
      );
      expect(conversions.totalCount).toBe(0);
    }
  });

  it("takes the currency of an amount's sign where it is one, else the goal's or the default", async () => {
    const answers = await Promise.all(
      [
        "revenue=12,50%20%E2%82%AC",
        "revenue=GBP%2012.50&goal=sale",
        "revenue=%2412.50&goal=sale",
        "revenue=%2412.50",
      ].map(async (query) => conversion(await send(`click=${click()}&${query}`))),
    );
    expect(answers.map(({ revenue, currency }) => `${revenue} ${currency}`)).toEqual([
      "12.5000 EUR",
      "12.5000 GBP",
      "12.5000 EUR",
      "12.5000 USD",
    ]);
  });

  it("counts a macro that was never replaced as left out, with a warning", async () => {
    const hash = click();
    const macros = "goal={goal}&status={{status}}&revenue=REPLACE&currency=[CUR]&uid=%23tid%23&approved_status=%3Cx%3E";
    const answer = await send(`click=${hash}&${macros}&payout=7`);
    expect(answer).toMatchObject({ status: 200, code: "RECORDED" });
    for (const named of [
      '"goal" is "{goal}"',
      '"status" is "{{status}}"',
      '"revenue" is "REPLACE"',
      '"uid" is "#tid#"',
    ]) {
      expect(answer.message).toContain(named);
    }
    expect(await conversion(answer)).toMatchObject({
      status: "PENDING",
      revenue: "7.0000",
      currency: "USD",
      uid: null,
    });
    const { items } = await logs({ clickHash: hash, warned: true });
    expect(items).toMatchObject([{ uid: "#tid#", message: answer.message, warned: true }]);
    expect(items[0].reading.filter(({ warning }: { warning?: string }) => warning)).toHaveLength(6);
  });

  it("tells sales apart by ids in braces, which look like a macro and are none", async () => {
    const hash = click();
    for (const uid of ["{AF9619FF-8B86-D011-B42D-00C04FC964FF}", "{AF9619FF-8B86-D011-B42D-00C04FC96500}"]) {
      const answer = await send(`click=${hash}&uid=${encodeURIComponent(uid)}`);
      expect(answer).toMatchObject({ code: "RECORDED", message: "The conversion is recorded." });
      expect((await conversion(answer)).uid).toBe(uid);
    }
  });

  it("warns of a goal that the flow does not have", async () => {
    const hash = click();
    expect((await send(`click=${hash}&goal=trial`)).message).toMatch(/Warning: .*counts in "Other".*"trial"/);
    expect((await logs({ clickHash: hash, warned: true })).items).toMatchObject([{ code: "RECORDED" }]);
  });

  it("keeps the conversion as it was before and is after", async () => {
    const hash = click();
    const pending = { status: "PENDING", revenue: "19.9000", currency: "EUR" };
    await send(`click=${hash}&goal=sale`);
    await send(`click=${hash}&goal=sale&status=1&revenue=5`);
    await send(`click=${hash}&goal=sale&status=1`);
    const { items } = await logs({ clickHash: hash });
    expect(items.map(({ code, change }: { code: string; change: object }) => [code, change])).toEqual([
      ["REPEATED", null],
      ["UPDATED", { before: pending, after: { status: "APPROVED", revenue: "5.0000", currency: "EUR" } }],
      ["RECORDED", { before: null, after: pending }],
    ]);
  });

  it("is found in the log by code, key, uid and warnings, alone and together, with exact totals", async () => {
    const hash = click();
    const { generatePostbackKey: own } = await waypost.ask("mutation { generatePostbackKey { id key } }");
    for (const uid of ["find-1", "find-2", "Find-1"]) {
      await send(`click=${hash}&uid=${uid}&status=nothing-known`, own.key);
    }
    await send(`click=${hash}&uid=find-1&revenue={x}`, own.key);
    for (const uid of ["find-3", "find-3"]) await send(`click=${hash}&uid=${uid}`, own.key);
    await send(`click=${hash}&uid=find-1`, waypost.postbackKey);
    const codes = async (filter: object) => {
      const { items, totalCount } = await logs(filter);
      expect(totalCount).toBe(items.length);
      return items.map(({ code }: { code: string }) => code);
    };
    expect(await codes({ uid: " find-1 " })).toEqual(["REPEATED", "RECORDED", "STATUS_UNKNOWN"]);
    expect(await codes({ uid: "find-1", postbackKeyId: own.id })).toEqual(["RECORDED", "STATUS_UNKNOWN"]);
    expect(await codes({ uid: "find-1", warned: true })).toEqual(["RECORDED"]);
    expect(await codes({ uid: "find-1", code: "STATUS_UNKNOWN", flowId: flow.id })).toEqual(["STATUS_UNKNOWN"]);
    expect(await codes({ code: "REPEATED", postbackKeyId: own.id, warned: false })).toEqual(["REPEATED"]);
    expect(await codes({ code: "INTERNAL" })).toEqual([]);
    expect(await codes({ postbackKeyId: "999" })).toEqual([]);
  });
});
