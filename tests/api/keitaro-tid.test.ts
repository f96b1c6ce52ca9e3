import { type EntityManager } from "@mikro-orm/sql";
import fc from "fast-check";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { Conversion } from "../../server/conversions/conversion.js";
import { ConversionChange } from "../../server/conversions/conversion-change.js";
import { PostbackDialect } from "../../server/conversions/dialect.js";
import { PostbackLog } from "../../server/conversions/postback-log.js";
import { type ReceivedPostback } from "../../server/conversions/received-postback.js";
import { settlePostbacks } from "../../server/conversions/settle-postbacks.js";
import { openWaypostDatabase } from "../../server/database.js";
import { createIdSequence } from "../../server/kit/id.js";
import { type Database } from "../../server/kit/orm.js";
import { daysOf, differences } from "../../server/kit/reconcile.js";
import { writeTransaction } from "../../server/kit/transaction.js";
import { clicksAhead } from "../kit/clicks-ahead.js";
import { until } from "../kit/until.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const { PENDING, APPROVED, REJECTED } = ConversionStatus;

/** Some more are taken to make one that fails smaller. */
const RUNS = 100;

/** What a postback on Keitaro's path says. */
interface Said {
  tid: string | null;
  status: ConversionStatus | null;
  payout: string | null;
}

/** A conversion as it must be in the end, and which postbacks it is made of, by their place. */
interface Expected {
  uid: string | null;
  status: ConversionStatus;
  revenue: string;
  of: number[];
}

/** The rule, taken word for word: postbacks in the order in which they arrived. */
function expectedOf(arrivals: Said[]): Expected[] {
  const all: Expected[] = [];
  const find = (uid: string | null) => all.find((one) => one.uid === uid);
  let first: string | null = null;
  for (const [place, { tid, status, payout }] of arrivals.entries()) {
    if (tid !== null && first === null) {
      first = tid;
      const pending = find(null);
      if (pending?.status === PENDING) pending.uid = tid;
    }
    let one = tid === null ? (find(null) ?? (first === null ? undefined : find(first))) : find(tid);
    const isNew = one === undefined;
    one ??= { uid: tid, status: PENDING, revenue: "0.0000", of: [] };
    if (isNew) all.push(one);
    one.of.push(place);
    if (status === APPROVED || status === REJECTED) one.status = status;
    else if (status === null && (isNew || one.status === PENDING)) one.status = APPROVED;
    if (payout !== null) one.revenue = payout;
  }
  return all;
}

function inParts<T>(all: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, part) => all.slice(part * size, (part + 1) * size));
}

describe.each(databases)("2.5 What a tid means on Keitaro's path, on %s", (database) => {
  let waypost: Waypost;
  let orm: Database;
  let em: EntityManager;
  let newClick: () => string;
  const nextId = createIdSequence();
  beforeAll(async () => {
    waypost = await startWaypost(database);
    const { key } = await waypost.seedFlow();
    newClick = await clicksAhead(waypost, key, RUNS * 6 + 30);
    orm = await openWaypostDatabase(waypost.config, pino({ level: "silent" }));
    em = orm.em.fork();
  });
  afterAll(async () => {
    await orm.close();
    await waypost.close();
  });

  let ms = 1_800_000_000_000;
  function arrive(click: string, { tid, status, payout }: Said): ReceivedPostback {
    ms += 1;
    const id = nextId(ms);
    const reading =
      tid === null ? [] : [{ parameter: "uid", name: "tid", place: "query" as const, value: tid, means: tid }];
    return {
      postback: { goal: null, status, defaultStatus: APPROVED, revenue: payout, currency: null, uid: tid },
      clickHash: click,
      entry: {
        ...{ id, clickHash: click, clickKey: click, goal: null, uid: tid, ip: "", method: "GET", reading },
        ...{ dialect: PostbackDialect.KEITARO, payload: {}, payloadCut: false, postbackKeyId: null },
        ...{ suppressed: 0, replayOfId: null },
      },
    };
  }
  /** The same sent through again. */
  const again = ({ entry, ...received }: ReceivedPostback): ReceivedPostback => {
    ms += 1;
    return { ...received, arrival: entry.id, entry: { ...entry, id: nextId(ms), replayOfId: entry.id } };
  };
  const settle = (some: ReceivedPostback[]) =>
    writeTransaction(em, (own) =>
      settlePostbacks(
        own,
        some.map((received) => ({ received, processedAt: null, ifMissing: "refuse" })),
      ),
    );

  /** What is stored of a click, with the postbacks that history and log count to each conversion. */
  async function storedOf(click: string, received: ReceivedPostback[]): Promise<Expected[]> {
    const own = em.fork();
    const conversions = await own.find(Conversion, { clickHash: click });
    const placeOf = new Map(received.map(({ entry }, place) => [entry.id, place]));
    const stored = await Promise.all(
      conversions.map(async ({ id, uid, status, revenue, firstPostbackId }) => {
        const log = await em.fork().find(PostbackLog, { conversionId: id, replayOfId: null });
        const history = await em.fork().find(ConversionChange, { conversionId: id });
        const of = log.map((entry) => placeOf.get(entry.id) ?? -1).sort((a, b) => a - b);
        const told = history.map((entry) => placeOf.get(entry.id)).filter((place) => place !== undefined);
        expect(told.filter((place) => !of.includes(place))).toEqual([]);
        expect([id, firstPostbackId]).toEqual([id, received[of[0] ?? 0]?.entry.id]);
        return { uid, status, revenue, of };
      }),
    );
    return stored.sort((a, b) => (a.of[0] ?? 0) - (b.of[0] ?? 0));
  }

  const saying = fc.record({
    tid: fc.constantFrom(null, null, "A1", "B2", "c"),
    status: fc.constantFrom(null, PENDING, PENDING, APPROVED, REJECTED),
    payout: fc.constantFrom(null, "1.0000", "12.5000"),
  });
  const work = fc.array(saying, { minLength: 1, maxLength: 7 }).chain((arrivals) =>
    fc.record({
      arrivals: fc.constant(arrivals),
      order: fc.shuffledSubarray([...arrivals.keys()], { minLength: arrivals.length }),
      /** How many of one transaction; 0: each has its own, and all begin at once. */
      together: fc.integer({ min: 0, max: 4 }),
      replayed: fc.subarray([...arrivals.keys()]),
    }),
  );

  it("2.5 is the same in whatever order postbacks are processed, together or all at once, and after any replay", async () => {
    await fc.assert(
      fc.asyncProperty(work, async ({ arrivals, order, together, replayed }) => {
        const click = newClick();
        const received = arrivals.map((said) => arrive(click, said));
        const inOrder = order.map((place) => received[place] as ReceivedPostback);
        if (together === 0) await Promise.all(inOrder.map((one) => settle([one])));
        else for (const some of inParts(inOrder, together)) await settle(some);
        const expected = expectedOf(arrivals).sort((a, b) => (a.of[0] ?? 0) - (b.of[0] ?? 0));
        expect(await storedOf(click, received)).toEqual(expected);
        const outcomes = await settle(replayed.map((one) => again(received[one] as ReceivedPostback)));
        const codes = outcomes.flatMap((outcome) => outcome?.verdict.code ?? []);
        expect(codes.filter((code) => code !== "REPEATED" && code !== "SUPERSEDED")).toEqual([]);
        expect(await storedOf(click, received)).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
    for (const fact of [Conversion, PostbackLog]) {
      for await (const wrong of differences(em.fork(), fact, await daysOf(em.fork(), fact))) expect(wrong).toBeNull();
    }
  });

  async function send(query: string, path = `/${waypost.postbackKey}/postback`) {
    const answer = await (await waypost.track(`${path}?${query}`)).json();
    return answer as { code: string; message: string; conversionId: string };
  }
  async function conversionsOf(clickHash: string) {
    const { conversions } = await waypost.ask(
      `query($clickHash: ID) { conversions(filter: { clickHash: $clickHash }) {
        items { id uid status revenue history { status applied } } } }`,
      { clickHash },
    );
    return conversions.items.reverse();
  }

  it("2.5 is, for a lead without and a sale with one, one conversion: found by its uid, with its whole history", async () => {
    const click = newClick();
    const lead = await send(`subid=${click}&status=lead&payout=3`);
    const sale = await send(`subid=${click}&status=sale&payout=12.5&tid=${click}-1`);
    expect(sale).toMatchObject({ code: "UPDATED", conversionId: lead.conversionId });
    expect(sale.message).toBe(
      `The conversion is updated: uid none → ${click}-1, status pending → approved, revenue 3.0000 → 12.5000.`,
    );
    const late = await send(`subid=${click}&status=lead`);
    expect(late).toMatchObject({ code: "SUPERSEDED", conversionId: lead.conversionId });
    const second = await send(`subid=${click}&payout=2&tid=${click}-2`);
    expect(second.code).toBe("RECORDED");
    expect(await conversionsOf(click)).toEqual([
      {
        ...{ id: lead.conversionId, uid: `${click}-1`, status: "APPROVED", revenue: "12.5000" },
        history: [
          { status: "PENDING", applied: true },
          { status: "APPROVED", applied: true },
          { status: "PENDING", applied: false },
        ],
      },
      {
        ...{ id: second.conversionId, uid: `${click}-2`, status: "APPROVED", revenue: "2.0000" },
        history: [{ status: "APPROVED", applied: true }],
      },
    ]);
    const { conversions } = await waypost.ask(
      "query($uid: String) { conversions(filter: { uid: $uid }) { totalCount items { id } } }",
      { uid: `${click}-1` },
    );
    expect(conversions).toEqual({ totalCount: 1, items: [{ id: lead.conversionId }] });
  });

  it.each<[string, string[], object[]]>([
    ["a tid, then a lead without", ["tid=1&payout=5", "status=lead"], [{ uid: "1", status: "APPROVED" }]],
    [
      "a sale without, then a tid",
      ["payout=5", "tid=1&payout=5"],
      [
        { uid: null, status: "APPROVED" },
        { uid: "1", status: "APPROVED" },
      ],
    ],
    ["a lead, then the same tid twice", ["status=lead", "tid=1", "tid=1"], [{ uid: "1", status: "APPROVED" }]],
    [
      "a lead, a tid, a rejection without",
      ["status=lead", "tid=1", "status=trash"],
      [{ uid: "1", status: "REJECTED" }],
    ],
    ["a rejection, then no status", ["status=rejected&tid=1", "tid=1&payout=5"], [{ uid: "1", status: "REJECTED" }]],
    ["a rejection, then a sale", ["status=rejected&tid=1", "tid=1&status=sale"], [{ uid: "1", status: "APPROVED" }]],
    ["a lead, then no status", ["status=lead", "payout=5"], [{ uid: null, status: "APPROVED" }]],
    ["a sale, then a lead", ["status=sale&tid=1", "status=lead&tid=1"], [{ uid: "1", status: "APPROVED" }]],
    [
      "two tids, then a lead without",
      ["tid=1", "tid=2&status=rejected", "status=lead"],
      [
        { uid: "1", status: "APPROVED" },
        { uid: "2", status: "REJECTED" },
      ],
    ],
  ])("2.5 is right for %s", async (_, queries, expected) => {
    const click = newClick();
    for (const query of queries) await send(`subid=${click}&${query}`);
    expect(await conversionsOf(click)).toMatchObject(expected);
  });

  it("2.5 takes over what our own path or somebody by hand left pending, and nothing they decided", async () => {
    const own = `/postback/${waypost.postbackKey}`;
    const [pending, decided, byHand] = [newClick(), newClick(), newClick()];
    for (const click of [pending, byHand]) await send(`click=${click}`, own);
    await send(`click=${decided}&status=approved`, own);
    const [{ id }] = await conversionsOf(byHand);
    await waypost.ask(
      "mutation($ids: [ID!]) { changeConversions(filter: { ids: $ids }, expected: 1, status: REJECTED) { changed } }",
      { ids: [id] },
    );
    for (const click of [pending, decided, byHand]) await send(`subid=${click}&tid=1&payout=5`);
    const uidsOf = async (click: string) => (await conversionsOf(click)).map(({ uid }: { uid: string }) => uid);
    expect([await uidsOf(pending), await uidsOf(decided), await uidsOf(byHand)]).toEqual([
      ["1"],
      [null, "1"],
      [null, "1"],
    ]);
    // On our own path a goal makes another conversion, and a uid that is there means that one.
    await send(`click=${pending}&goal=sale`, own);
    await send(`click=${pending}&uid=1&status=rejected`, own);
    expect((await conversionsOf(pending)).map(({ status }: { status: string }) => status)).toEqual([
      "REJECTED",
      "PENDING",
    ]);
  });

  it("2.5 means a conversion of that uid that is there, also where a pending one without is", async () => {
    const click = newClick();
    const own = `/postback/${waypost.postbackKey}`;
    await send(`click=${click}&uid=1&status=approved&revenue=7`, own);
    await send(`subid=${click}&status=lead`);
    await send(`subid=${click}&tid=1`);
    expect(await conversionsOf(click)).toMatchObject([{ uid: "1", status: "APPROVED", revenue: "7.0000" }]);
  });

  it("2.5 is one conversion for many at once, and two for two tids", async () => {
    const click = newClick();
    const queries = Array.from({ length: 24 }, (_, place) =>
      place % 3 === 0 ? "status=lead" : `status=sale&tid=${place % 3}`,
    );
    const answers = await Promise.all(queries.map((query) => send(`subid=${click}&${query}`)));
    const stored = await conversionsOf(click);
    expect(stored.map(({ uid, status }: { uid: string; status: string }) => [uid, status]).sort()).toEqual([
      ["1", "APPROVED"],
      ["2", "APPROVED"],
    ]);
    expect(answers.filter(({ code }) => code === "RECORDED").length).toBeLessThanOrEqual(3);
    const { replayPostbacks } = await waypost.ask(
      "mutation($hash: String) { replayPostbacks(filter: { clickHash: $hash }, expected: 24) { codes { code } } }",
      { hash: click },
    );
    const codes = replayPostbacks.codes.map(({ code }: { code: string }) => code);
    expect(codes.filter((code: string) => code !== "REPEATED" && code !== "SUPERSEDED")).toEqual([]);
    expect(await conversionsOf(click)).toHaveLength(2);
  });

  it("2.5 is refused once the flow is deleted, and counts again when it is restored", async () => {
    const { id, key } = await waypost.seedFlow();
    const click = await waypost.click(key);
    await until(async () => (await send(`subid=${click}&status=lead`)).code !== "CLICK_UNKNOWN");
    await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", { id });
    expect((await send(`subid=${click}&tid=1`)).code).toBe("FLOW_DELETED");
    await waypost.ask("mutation($id: ID!) { restoreFlow(id: $id) { id } }", { id });
    expect((await send(`subid=${click}&tid=1`)).code).toBe("UPDATED");
    expect(await conversionsOf(click)).toMatchObject([{ uid: "1", status: "APPROVED" }]);
  });
});
