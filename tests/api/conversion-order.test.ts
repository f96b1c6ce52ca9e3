import { type EntityManager } from "@mikro-orm/sql";
import fc from "fast-check";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { type FlowTerms, readFlowTerms } from "../../server/catalog/flow-terms.js";
import { Conversion } from "../../server/conversions/conversion.js";
import { ConversionChange } from "../../server/conversions/conversion-change.js";
import { PostbackDialect } from "../../server/conversions/dialect.js";
import { type Outcome } from "../../server/conversions/postback-answer.js";
import { type Postback } from "../../server/conversions/read-postback.js";
import { recordConversions } from "../../server/conversions/record-conversion.js";
import { openWaypostDatabase } from "../../server/database.js";
import { createIdSequence, momentOf, newId } from "../../server/kit/id.js";
import { type Database } from "../../server/kit/orm.js";
import { writeTransaction } from "../../server/kit/transaction.js";
import { clicksAhead } from "../kit/clicks-ahead.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const { PENDING, APPROVED, REJECTED } = ConversionStatus;
type Said = Partial<Pick<Postback, "status" | "revenue" | "currency">>;
const DEFAULTS = { status: PENDING, revenue: "19.9000", currency: "EUR" };

/** What must be stored in the end: each field as the last arrival that names it has it, else the goal's default. */
function expected(arrivals: Said[]) {
  const named = (field: keyof Said) => arrivals.map((said) => said[field]).findLast((value) => value != null);
  return {
    status: named("status") ?? DEFAULTS.status,
    revenue: named("revenue") ?? DEFAULTS.revenue,
    currency: named("currency") ?? DEFAULTS.currency,
  };
}

describe.each(databases)("Of several postbacks for one conversion, on %s", (database) => {
  let waypost: Waypost;
  let orm: Database;
  let em: EntityManager;
  let flow: FlowTerms;
  let newClick: () => string;
  const nextId = createIdSequence();
  beforeAll(async () => {
    waypost = await startWaypost(database);
    const { id, key } = await waypost.seedFlow({ goals: [{ key: "sale", revenue: "19.9", currency: "EUR" }] });
    newClick = await clicksAhead(waypost, key, 150);
    const log = pino({ level: "silent" });
    orm = await openWaypostDatabase(waypost.config, log);
    em = orm.em.fork();
    flow = (await readFlowTerms(em, [Number(id)], ["sale"])).get(Number(id)) as FlowTerms;
  });
  afterAll(async () => {
    await orm.close();
    await waypost.close();
  });

  let ms = 1_800_000_000_000;
  const arrive = (said: Said) => {
    ms += 1;
    return { said, arrival: nextId(ms) };
  };
  const process = (clickHash: string, { said, arrival }: ReturnType<typeof arrive>) => {
    const postback = {
      goal: "sale",
      uid: null,
      status: null,
      revenue: null,
      currency: null,
      ...said,
    };
    return writeTransaction(em, async (own) => {
      const [recorded] = await recordConversions(own, [
        { postback, dialect: PostbackDialect.WAYPOST, clickHash, flow, arrival, entryId: arrival, warnings: [] },
      ]);
      return recorded as Outcome;
    });
  };
  const stored = async (clickHash: string) => {
    const [conversion, ...others] = await em.fork().find(Conversion, { clickHash });
    expect(others).toEqual([]);
    return conversion as Conversion;
  };
  const historyOf = ({ id: conversionId }: Conversion) =>
    em.fork().find(ConversionChange, { conversionId }, { orderBy: { id: "asc" } });

  it.each<[string, Said, Said, string, object]>([
    ["names the same field", { status: APPROVED }, { status: REJECTED }, "SUPERSEDED", { status: REJECTED }],
    ["names the same value", { status: APPROVED }, { status: APPROVED }, "REPEATED", { status: APPROVED }],
    ["names nothing", { status: APPROVED }, {}, "UPDATED", { status: APPROVED }],
    [
      "names another field",
      { revenue: "1.0000" },
      { status: APPROVED },
      "UPDATED",
      { status: APPROVED, revenue: "1.0000" },
    ],
    ["came after one that names nothing", {}, { status: APPROVED }, "REPEATED", { status: APPROVED }],
    [
      "names one of two fields",
      { status: APPROVED, revenue: "1.0000" },
      { status: REJECTED },
      "UPDATED",
      { status: REJECTED, revenue: "1.0000" },
    ],
    [
      "names the default",
      { revenue: "19.9000" },
      { currency: "USD" },
      "REPEATED",
      { revenue: "19.9000", currency: "USD" },
    ],
  ])("the later wins, processed first, when it %s", async (_, earlier, later, code, fields) => {
    const clickHash = newClick();
    const [first, second] = [arrive(earlier), arrive(later)];
    const recorded = await process(clickHash, second);
    expect(recorded).toMatchObject({ conversionId: second.arrival, verdict: { code: "RECORDED" } });
    const late = await process(clickHash, first);
    expect(late).toMatchObject({ conversionId: second.arrival, verdict: { code } });
    const conversion = await stored(clickHash);
    expect(conversion).toMatchObject({ ...expected([earlier, later]), ...fields });
    expect(conversion.updatedAt).toEqual(momentOf(second.arrival));
    expect(conversion.createdAt).toEqual(momentOf(first.arrival));
    const history = await historyOf(conversion);
    expect(history.map(({ id, applied }) => [id, applied])).toEqual([
      ...(code === "REPEATED" ? [] : [[first.arrival, code === "UPDATED"]]),
      [second.arrival, true],
    ]);
  });

  it("a default never wins over what an earlier one names", async () => {
    const clickHash = newClick();
    const [first, second, third] = [arrive({ revenue: "0.0000" }), arrive({}), arrive({ currency: "USD" })];
    for (const postback of [third, first, second]) await process(clickHash, postback);
    expect(await stored(clickHash)).toMatchObject({ revenue: "0.0000", currency: "USD", status: PENDING });
  });

  it("a value that came again counts as of its last arrival", async () => {
    const clickHash = newClick();
    const [first, second, third] = [
      arrive({ status: APPROVED }),
      arrive({ status: REJECTED }),
      arrive({ status: APPROVED }),
    ];
    for (const postback of [first, third, second]) await process(clickHash, postback);
    expect((await stored(clickHash)).status).toBe(APPROVED);
  });

  it("the same is stored in whatever order they are processed", async () => {
    const said = fc.record(
      {
        status: fc.constantFrom(PENDING, APPROVED, REJECTED),
        revenue: fc.constantFrom("0.0000", "1.0000", "19.9000"),
        currency: fc.constantFrom("USD", "EUR"),
      },
      { requiredKeys: [] },
    );
    const orders = fc.array(said, { minLength: 1, maxLength: 5 }).chain((arrivals) =>
      fc.record({
        arrivals: fc.constant(arrivals),
        order: fc.shuffledSubarray([...arrivals.keys()], { minLength: arrivals.length }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ({ arrivals, order }) => {
        const clickHash = newClick();
        const postbacks = arrivals.map(arrive);
        const codes: string[] = [];
        for (const index of order) {
          const { verdict } = await process(clickHash, postbacks[index] as ReturnType<typeof arrive>);
          codes.push(verdict.code);
        }
        const conversion = await stored(clickHash);
        expect(conversion).toMatchObject(expected(arrivals));
        expect(conversion.id).toBe(postbacks[order[0] as number]?.arrival);
        expect(conversion.firstPostbackId).toBe(postbacks[0]?.arrival);
        expect(codes.filter((code) => code === "RECORDED")).toEqual(codes.slice(0, 1));
        expect(await historyOf(conversion)).toHaveLength(codes.filter((code) => code !== "REPEATED").length);
        expect(codes.some((code) => code === "SUPERSEDED") && order.every((place, index) => place === index)).toBe(
          false,
        );
      }),
      { numRuns: 120 },
    );
  });

  it("a conversion counts, is listed and is filtered by the arrival of the first, whichever was processed first", async () => {
    const minute = (count: number) => ({ ms: 1_700_000_000_000 + count * 60_000 });
    const at = (count: number) => ({ said: {}, arrival: newId(minute(count).ms) });
    const [early, between, late] = [at(1), at(2), at(3)];
    const overtaken = newClick();
    await process(overtaken, late);
    const other = await process(newClick(), between);
    const { conversionId } = await process(overtaken, early);
    expect(conversionId).toBe(late.arrival);
    const time = (count: number) => new Date(minute(count).ms).toISOString();
    const list = async (rest: string) =>
      (await waypost.ask(`{ conversions(${rest}) { totalCount pageInfo { endCursor } items { id createdAt } } }`))
        .conversions;
    const range = `filter: { from: "${time(0)}", to: "${time(5)}" }`;
    const both = [
      { id: other.conversionId, createdAt: time(2) },
      { id: conversionId, createdAt: time(1) },
    ];
    expect((await list(range)).items).toEqual(both);
    expect((await list(`${range}, sort: { field: CREATED_AT, order: ASC }`)).items).toEqual([...both].reverse());
    const { pageInfo } = await list(`${range}, perPage: 1`);
    expect((await list(`${range}, perPage: 1, after: "${pageInfo.endCursor}"`)).items).toEqual([both[1]]);
    expect((await list(`filter: { from: "${time(1)}", to: "${time(2)}" }`)).items).toEqual([both[1]]);
    expect((await list(`filter: { from: "${time(3)}", to: "${time(4)}" }`)).totalCount).toBe(0);
  });

  it("processed all at once, the last arrival is stored", async () => {
    const clickHash = newClick();
    const postbacks = Array.from({ length: 30 }, (_, index) => arrive({ revenue: `${index}.0000` }));
    const answers = await Promise.all([...postbacks].reverse().map((postback) => process(clickHash, postback)));
    expect(new Set(answers.map(({ conversionId }) => conversionId)).size).toBe(1);
    expect((await stored(clickHash)).revenue).toBe("29.0000");
  });
});
