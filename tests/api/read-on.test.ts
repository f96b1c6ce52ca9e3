import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createTracker } from "../../server/tracker.js";
import { seededRandom } from "../kit/chi-square.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { docsProgram } from "../kit/programs.js";
import { LISTS } from "../kit/read-on.js";
import { startTraffic } from "../kit/traffic.js";
import { until } from "../kit/until.js";
import { databases, PATIENT, startWaypost, type Waypost } from "../kit/waypost.js";

/** Up to here a tracker has reported what it has; the facts are around that moment, one millisecond after the other. */
const REPORTED = Date.parse("2026-03-01T12:00:00.000Z");
const PAGE = "items { id createdAt } totalCount completeUntil pageInfo { hasNextPage endCursor }";
const TYPES = { clicks: "ClickFilter", conversions: "ConversionFilter", postbackLogs: "PostbackLogFilter" };

describe.each(databases)("7.1 A list of facts in ascending order, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  const clickHash = `${"0".repeat(12)}${"a".repeat(20)}`;
  beforeAll(async () => {
    waypost = await startWaypost(database);
    facts = await openFacts(waypost);
    const flowId = Number((await waypost.seedFlow()).id);
    // A tracker that has frozen.
    await facts.execute(
      `insert into journal_writer (name, segment, position, loaded_until, seen_at, closed) values ('frozen/00', 0, 0, ${REPORTED}, ${Date.now()}, 0)`,
    );
    await store(REPORTED - 3, REPORTED + 3, flowId, "early");
  });
  afterAll(async () => {
    await facts.close();
    await waypost.close();
  });

  async function store(from: number, before: number, flowId: number, name: string): Promise<void> {
    const moments = Array.from({ length: before - from }, (_, index) => ({ at: from + index }));
    await facts.clicks(moments.map((moment) => ({ ...moment, flowId, country: "DE" })));
    const updatedAt = new Date(REPORTED + 60_000);
    await facts.conversions(
      moments.map(({ at }) => ({
        at,
        flowId,
        goal: "sale",
        clickHash,
        uidKey: "u",
        updatedAt,
        goalSentKey: `${name} ${at}`,
      })),
    );
    await facts.logs(moments.map((moment) => ({ ...moment, flowId, clickKey: "c", uid: "u" })));
  }
  const read = async (list: keyof typeof TYPES, { order = "ASC", ...variables }: Record<string, unknown> = {}) =>
    (
      await waypost.ask(
        `query($filter: ${TYPES[list]}, $order: SortOrder!, $perPage: Int, $page: Int, $after: String) {
          list: ${list}(filter: $filter, sort: { field: CREATED_AT, order: $order }, perPage: $perPage, page: $page, after: $after) { ${PAGE} } }`,
        { order, ...variables },
      )
    ).list;
  const moments = ({ items }: { items: { createdAt: string }[] }) =>
    items.map(({ createdAt }) => Date.parse(createdAt) - REPORTED);
  const iso = (by: number) => new Date(REPORTED + by).toISOString();

  describe.each(LISTS)("of %s", (list) => {
    it("holds nothing that is not older than its completeUntil; total, pages and cursor are of what it holds", async () => {
      const page = await read(list);
      expect(page).toMatchObject({ completeUntil: iso(0), totalCount: 3, pageInfo: { hasNextPage: false } });
      expect(moments(page)).toEqual([-3, -2, -1]);
      const first = await read(list, { perPage: 2 });
      expect([moments(first), first.totalCount, first.pageInfo.hasNextPage]).toEqual([[-3, -2], 3, true]);
      const second = await read(list, { perPage: 2, after: first.pageInfo.endCursor });
      expect([moments(second), second.totalCount, second.pageInfo.hasNextPage]).toEqual([[-1], 3, false]);
      expect(moments(await read(list, { perPage: 2, page: 2 }))).toEqual([-1]);
      const beyond = await read(list, { after: page.pageInfo.endCursor });
      expect(beyond).toMatchObject({ items: [], totalCount: 3, pageInfo: { hasNextPage: false, endCursor: null } });
    });

    it("has all in descending order, where completeUntil is the same", async () => {
      const page = await read(list, { order: "DESC" });
      expect(page).toMatchObject({ completeUntil: iso(0), totalCount: 6 });
      expect(moments(page)).toEqual([2, 1, 0, -1, -2, -3]);
    });

    it("holds nothing newer for who does not ask for completeUntil, in a fragment and under another name", async () => {
      const { other } = await waypost.ask(
        `{ other: ${list}(sort: { field: CREATED_AT, order: ASC }) { ...rest } }
         fragment rest on ${TYPES[list].replace("Filter", "Page")} { totalCount items { id } }`,
      );
      expect([other.totalCount, other.items.length]).toEqual([3, 3]);
    });

    const flow = { flowId: "1" };
    const more = {
      clicks: [{ country: "DE" }, { country: "DE", ...flow }],
      conversions: [
        { goal: "sale", other: false, status: "PENDING" },
        { uid: "u" },
        { clickHash },
        { updatedFrom: iso(0) },
        { ...flow, updatedFrom: iso(0), updatedTo: iso(3_600_000) },
      ],
      postbackLogs: [{ clickHash: "c" }, { uid: "u" }, { status: 200, refused: false, warned: false }],
    }[list];
    it.each(
      [flow, { from: iso(-2) }, { to: iso(2) }, { from: iso(-2), to: iso(2) }, ...more].map((filter) => [filter]),
    )("holds nothing newer with the filter %j", async (filter: Record<string, unknown>) => {
      const expected = "from" in filter ? [-2, -1] : [-3, -2, -1];
      const page = await read(list, { filter });
      expect([moments(page), page.totalCount, page.pageInfo.hasNextPage]).toEqual([expected, expected.length, false]);
    });

    it("ends where it is asked to, when that is earlier, and is empty from a later moment on", async () => {
      expect(moments(await read(list, { filter: { to: iso(-1) } }))).toEqual([-3, -2]);
      expect(await read(list, { filter: { from: iso(1) } })).toMatchObject({ items: [], totalCount: 0 });
    });

    it("holds nothing newer among the ids that are asked for", async () => {
      const { items } = await read(list, { order: "DESC" });
      const page = await read(list, { filter: { ids: items.map(({ id }: { id: string }) => id) } });
      expect([moments(page), page.totalCount]).toEqual([[-3, -2, -1], 3]);
    });
  });

  it("goes on with what comes late, once the tracker has reported it", async () => {
    const [flowId, cursors] = [1, new Map<string, string>()];
    for (const list of LISTS) cursors.set(list, (await read(list)).pageInfo.endCursor);
    await store(REPORTED, REPORTED + 2, flowId, "late");
    for (const list of LISTS) expect((await read(list, { after: cursors.get(list) })).items).toEqual([]);
    await facts.execute(`update journal_writer set loaded_until = ${REPORTED + 2} where name = 'frozen/00'`);
    for (const list of LISTS) {
      const page = await read(list, { after: cursors.get(list) });
      expect(moments(page)).toEqual([0, 0, 1, 1]);
      expect(page.totalCount).toBe(7);
    }
  });
});

const CLICKS = 10_000;
const CONVERSIONS = 2000;

describe.each(databases)("The programs of docs/by-curl.md, on %s", (database) => {
  let waypost: Waypost;
  let second: Awaited<ReturnType<typeof createTracker>>;
  let urls: [string, string];
  beforeAll(async () => {
    waypost = await startWaypost(database);
    second = await createTracker(waypost.config, { loaderFile: inject("loaderFile"), waits: PATIENT });
    urls = [waypost.trackerUrl, `http://127.0.0.1:${await second.listen()}`];
  });
  afterAll(async () => {
    await second.close();
    await waypost.close();
  });

  /** Approves by hand what was rejected, and replays what was refused. */
  async function operate(): Promise<void> {
    const { rejected, refused } = await waypost.ask(
      `{ rejected: conversions(filter: { status: REJECTED }, perPage: 20) { items { id } }
         refused: postbackLogs(filter: { code: "GOAL_TOO_LONG" }, perPage: 20) { items { id } } }`,
    );
    const idsOf = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);
    await waypost.graphql(
      `mutation($rejected: [ID!], $n: Int!, $refused: [ID!], $m: Int!) {
         changeConversions(filter: { ids: $rejected }, expected: $n, status: APPROVED) { changed }
         replayPostbacks(filter: { ids: $refused }, expected: $m) { count } }`,
      { rejected: idsOf(rejected), n: rejected.items.length, refused: idsOf(refused), m: refused.items.length },
    );
  }

  it("7.1 7.2 miss no click and no change, while 10,000 clicks and 2,000 conversions come in by two trackers", async () => {
    const { key: flowKey } = await waypost.seedFlow();
    const { postbackKey } = waypost;
    const environment = { API: `${waypost.apiUrl}/graphql`, TOKEN: waypost.token };
    const readClicks = docsProgram("docs/by-curl.md", "read-clicks.mjs", environment);
    const readConversions = docsProgram("docs/by-curl.md", "read-conversions.mjs", environment);
    const read: string[] = [];
    const conversions = new Map<string, object>();
    async function readBoth(): Promise<void> {
      const [clicks, changed] = await Promise.all([
        readClicks.run<{ id: string }>(),
        readConversions.run<{ id: string }>(),
      ]);
      read.push(...clicks.map(({ id }) => id));
      for (const conversion of changed) conversions.set(conversion.id, conversion);
    }

    const random = seededRandom(71);
    const traffics = [urls, urls.toReversed()].map(([trackerUrl = "", postbackUrl = ""]) =>
      startTraffic({ trackerUrl, postbackUrl, flowKey, postbackKey, visitors: 10, advertisers: 4, random }),
    );
    const clicks = () => traffics.flatMap((traffic) => traffic.clicks);
    const reported = () => traffics.reduce((sum, traffic) => sum + traffic.reported.size, 0);
    while (clicks().length < CLICKS || reported() < CONVERSIONS) {
      await readBoth();
      await operate();
    }
    await Promise.all(traffics.map((traffic) => traffic.stop()));
    await operate();
    const over = Date.now();
    await until(async () => {
      const { page } = await waypost.ask("{ page: clicks(perPage: 1) { completeUntil } }");
      return Date.parse(page.completeUntil) > over;
    });
    await readBoth();
    for (const program of [readClicks, readConversions]) program.remove();

    expect(read).toHaveLength(clicks().length);
    expect(new Set(read)).toEqual(new Set(clicks()));
    const stored: { id: string }[] = [];
    for (let after: string | null = null, hasNext = true; hasNext; ) {
      const { page } = await waypost.ask(
        `query($after: String) { page: conversions(perPage: 500, after: $after) {
          items { id status revenue currency updatedAt } pageInfo { endCursor hasNextPage } } }`,
        { after },
      );
      stored.push(...page.items);
      ({ endCursor: after, hasNextPage: hasNext } = page.pageInfo);
    }
    expect(stored.length).toBeGreaterThanOrEqual(CONVERSIONS);
    expect(stored.filter((one) => JSON.stringify(conversions.get(one.id)) !== JSON.stringify(one))).toEqual([]);
    expect(conversions.size).toBe(stored.length);
  });
});
