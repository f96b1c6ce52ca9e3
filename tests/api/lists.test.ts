import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { borrowWaypost } from "../kit/lent-waypost.js";
import { databases, type Waypost } from "../kit/waypost.js";

const LISTS = ["flows", "clicks", "conversions", "postbackLogs", "postbackKeys"] as const;
type List = (typeof LISTS)[number];
const TYPE = {
  flows: "Flow",
  clicks: "Click",
  conversions: "Conversion",
  postbackLogs: "PostbackLog",
  postbackKeys: "PostbackKey",
};
const HOUR = 3_600_000;
const NOON = Date.parse("2026-03-01T12:00:00.000Z");
const ROWS = 7;
const uuidLike = (digit: string) => digit.repeat(32);

/** What can be no id, neither of a fact nor a counted one. */
const NO_IDS = [
  ...["", "0", "-1", "x", "'", "1e3", "1.0", " 1 ", "+1", "01", "0x1", "4294967296", "99999999999"],
  ...["9999999999999999999", "1 or 1=1", "true", "null", "\u0000", "🚀", "\ud800", "f".repeat(31), "g".repeat(32)],
];

describe.each(databases)("Lists, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  /** Ids of each list, oldest first. */
  const ids = {} as Record<List, string[]>;

  beforeAll(async () => {
    waypost = await borrowWaypost(database);
    facts = await openFacts(waypost);
    const names = ["b", "A", "c", "B", "a", "C", "b"];
    ids.flows = [];
    for (const name of names) ids.flows.push((await waypost.seedFlow({ name })).id);
    const at = (index: number) => NOON + Math.floor(index / 2) * HOUR;
    const each = <T>(make: (index: number) => T) => Array.from({ length: ROWS }, (_, index) => make(index));
    const flowId = Number(ids.flows[0]);
    const sorted = (rows: { id: string }[]) => rows.map(({ id }) => id).sort();
    ids.clicks = sorted(await facts.clicks(each((index) => ({ flowId, at: at(index) }))));
    ids.conversions = sorted(
      await facts.conversions(each((index) => ({ flowId, at: at(index), uidKey: `u${index}` }))),
    );
    ids.postbackLogs = sorted(await facts.logs(each((index) => ({ at: at(index) }))));
    for (let index = 1; index < ROWS; index += 1) await waypost.ask("mutation { generatePostbackKey { id } }");
    const { postbackKeys } = await waypost.ask("{ postbackKeys { items { id } } }");
    ids.postbackKeys = postbackKeys.items.map(({ id }: { id: string }) => id).reverse();
  });
  afterAll(async () => {
    await facts.close();
    await waypost.close();
  });

  const query = (list: List) => {
    const sort = { flows: "FlowSort", postbackKeys: null }[list as "flows" | "postbackKeys"];
    const sortType = sort === undefined ? "FactSort" : sort;
    return `query($filter: ${TYPE[list]}Filter, ${sortType ? `$sort: ${sortType}, ` : ""}$page: Int = 1, $perPage: Int = 50, $after: String) {
      list: ${list}(filter: $filter, ${sortType ? "sort: $sort, " : ""}page: $page, perPage: $perPage, after: $after) {
        items { id } totalCount pageInfo { hasNextPage endCursor } } }`;
  };
  const ask = async (list: List, variables: object = {}) => {
    const { items, ...rest } = (await waypost.ask(query(list), variables)).list;
    return { ...rest, ids: items.map(({ id }: { id: string }) => id) };
  };
  const refusal = async (list: List, variables: object) => {
    const { errors } = await waypost.graphql(query(list), variables);
    return [errors?.[0]?.extensions.code, errors?.[0]?.extensions.field];
  };
  const newestFirst = (list: List) => [...ids[list]].reverse();

  describe.each(LISTS)("of %s", (list) => {
    it("have one shape: newest first, all counted, nothing after the last", async () => {
      const whole = { ids: newestFirst(list), totalCount: ROWS };
      expect(await ask(list)).toEqual({ ...whole, pageInfo: { hasNextPage: false, endCursor: expect.any(String) } });
      const { page } = await waypost.ask(`{ page: ${list} { items { id } totalCount } }`);
      expect(page).toEqual({ items: newestFirst(list).map((id) => ({ id })), totalCount: ROWS });
      const asNull = { filter: null, page: null, perPage: null, after: null };
      expect(await ask(list, asNull)).toMatchObject(whole);
    });

    it("come in pages that do not overlap, and end", async () => {
      const page = async (number: number) => ask(list, { page: number, perPage: 3 });
      const pages = [await page(1), await page(2), await page(3), await page(4)];
      expect(pages.flatMap((one) => one.ids)).toEqual(newestFirst(list));
      expect(pages.map((one) => one.pageInfo.hasNextPage)).toEqual([true, true, false, false]);
      expect(pages.map((one) => one.totalCount)).toEqual([ROWS, ROWS, ROWS, ROWS]);
      expect(pages[3]).toMatchObject({ ids: [], pageInfo: { endCursor: null } });
      expect(await page(2_147_483_647)).toMatchObject({ ids: [], totalCount: ROWS });
    });

    it.each([1, 2, 3, 7, 500])("read on from a cursor, %i at a time, show what the pages show", async (perPage) => {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof ask>> = await ask(list, { perPage, after });
        seen.push(...page.ids);
        expect(page.totalCount).toBe(ROWS);
        expect(page.pageInfo.hasNextPage).toBe(seen.length < ROWS);
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after);
      expect(seen).toEqual(newestFirst(list));
    });

    it.each([
      ["page 0", { page: 0 }, "page"],
      ["a page below", { page: -1 }, "page"],
      ["half a page", { page: 1.5 }, "page"],
      ["a page in words", { page: "2" }, "page"],
      ["a page beyond Int", { page: 2 ** 31 }, "page"],
      ["perPage 0", { perPage: 0 }, "perPage"],
      ["perPage below", { perPage: -1 }, "perPage"],
      ["perPage 501", { perPage: 501 }, "perPage"],
      ["the largest perPage", { perPage: 2 ** 31 - 1 }, "perPage"],
      ["perPage in words", { perPage: "10" }, "perPage"],
      ["an empty cursor", { after: "" }, "after"],
      ["a cursor that is none", { after: "next" }, "after"],
      ["a cursor that is no text", { after: ["a"] }, "after"],
      ["501 ids", { filter: { ids: Array(501).fill("1") } }, "ids"],
    ])("refuse %s", async (_, variables, field) => {
      expect(await refusal(list, variables)).toEqual(["BAD_USER_INPUT", field]);
    });

    it("refuse a page other than 1 beside a cursor", async () => {
      const { endCursor: after } = (await ask(list, { perPage: 2 })).pageInfo;
      expect(await refusal(list, { after, page: 2 })).toEqual(["BAD_USER_INPUT", "page"]);
      expect((await ask(list, { after, page: 1 })).ids).toEqual(newestFirst(list).slice(2));
    });

    it("refuse cursors that were changed, and those of other lists", async () => {
      const own: string = (await ask(list, { perPage: 2 })).pageInfo.endCursor;
      const parts = JSON.parse(Buffer.from(own, "base64url").toString()) as unknown[];
      const forge = (forged: unknown) => Buffer.from(JSON.stringify(forged)).toString("base64url");
      const [name, value, id] = parts;
      const others = await Promise.all(
        LISTS.filter((other) => other !== list).map(
          async (other) => (await ask(other, { perPage: 2 })).pageInfo.endCursor,
        ),
      );
      const forged = [
        [],
        {},
        null,
        1,
        [name],
        [name, value],
        [...parts, 1],
        [name, value, "1 or 1=1"],
        [name, null, null],
      ];
      const wild = [
        [name, [1], [1]],
        [name, [value], [id]],
        [name, value, [id]],
        [name, String(value), typeof id === "number" ? String(id) : Number(id)],
        [name, {}, id],
        [name, -1, -1],
        [name, 1e300, 1e300],
        ["", value, id],
        [name, "'", "'"],
      ];
      const bent = [
        `${own}A`,
        `${own}=`,
        ` ${own}`,
        own.slice(0, -2),
        own.toUpperCase(),
        Buffer.from(own).toString("hex"),
      ];
      const all = [...others, ...[...forged, ...wild].map(forge), ...bent];
      const refusals = await Promise.all(all.map((after) => refusal(list, { after })));
      expect(all.map((after, place) => [after, refusals[place]])).toEqual(
        all.map((after) => [after, ["BAD_USER_INPUT", "after"]]),
      );
    });

    it("find what ids name, once each, in any order", async () => {
      const [one = "", two = ""] = ids[list];
      const unknown = list === "flows" || list === "postbackKeys" ? "4294967295" : uuidLike("f");
      expect(await ask(list, { filter: { ids: [unknown, one, two, one] } })).toMatchObject({
        ids: [two, one],
        totalCount: 2,
      });
      expect(await ask(list, { filter: { ids: [unknown] } })).toMatchObject({ ids: [], totalCount: 0 });
      expect(await ask(list, { filter: { ids: [] } })).toMatchObject({ ids: [], totalCount: 0 });
      expect(await ask(list, { filter: { ids: null } })).toMatchObject({ totalCount: ROWS });
    });

    it.each(NO_IDS)("7.7 refuse %j among ids, and say which it is", async (none) => {
      const [one = ""] = ids[list];
      expect(await refusal(list, { filter: { ids: [one, none] } })).toEqual(["BAD_USER_INPUT", "ids.1"]);
    });

    it("show one of them by its id, and null for what is none", async () => {
      const single = list.slice(0, -1);
      const [id] = ids[list];
      expect(await waypost.ask(`query($id: ID!) { one: ${single}(id: $id) { id } }`, { id })).toEqual({ one: { id } });
      for (const none of [uuidLike("0"), "0", "", "'", "\u0000", "9999999999"]) {
        expect(await waypost.ask(`query($id: ID!) { one: ${single}(id: $id) { id } }`, { id: none })).toEqual({
          one: null,
        });
      }
    });
  });

  it.each(["clicks", "conversions", "postbackLogs"] as const)("%s sort by time both ways", async (list) => {
    const sort = (order: string) => ({ sort: { field: "CREATED_AT", order } });
    expect((await ask(list, sort("ASC"))).ids).toEqual(ids[list]);
    expect((await ask(list, sort("DESC"))).ids).toEqual(newestFirst(list));
    const { endCursor: after } = (await ask(list, { ...sort("ASC"), perPage: 3 })).pageInfo;
    expect((await ask(list, { ...sort("ASC"), after })).ids).toEqual(ids[list].slice(3));
    expect(await refusal(list, { ...sort("DESC"), after })).toEqual(["BAD_USER_INPUT", "after"]);
    expect(await refusal(list, { sort: { field: "IP", order: "ASC" } })).toEqual(["BAD_USER_INPUT", "field"]);
  });

  it.each(["clicks", "conversions", "postbackLogs"] as const)(
    "%s are filtered from a moment on and before another",
    async (list) => {
      const iso = (ms: number) => new Date(ms).toISOString();
      const between = async (filter: object) => (await ask(list, { filter })).ids.length;
      expect(await between({ from: iso(NOON) })).toBe(ROWS);
      expect(await between({ from: iso(NOON + 1) })).toBe(ROWS - 2);
      expect(await between({ to: iso(NOON) })).toBe(0);
      expect(await between({ to: iso(NOON + 1) })).toBe(2);
      expect(await between({ from: iso(NOON + HOUR), to: iso(NOON + 2 * HOUR) })).toBe(2);
      expect(await between({ from: "2026-03-01T14:00:00+01:00", to: "2026-03-01T09:30:00-04:30" })).toBe(2);
      expect(await between({ from: iso(NOON + HOUR), to: iso(NOON + HOUR) })).toBe(0);
      expect(await between({ from: "0000-01-01T00:00:00.000Z", to: "9999-12-31T23:59:59.999Z" })).toBe(ROWS);
      for (const from of ["yesterday", "2026-02-30T00:00:00Z", "2026-03-01", "", 1.5, "' or 1=1"]) {
        expect(await refusal(list, { filter: { from } }), String(from)).toEqual(["BAD_USER_INPUT", "from"]);
      }
    },
  );

  it("flows sort by name without case, equal names by id, both ways", async () => {
    const sort = (order: string) => ({ sort: { field: "NAME", order } });
    const [b1, A, c, B, a, C, b2] = ids.flows;
    const ascending = [A, a, b1, B, b2, c, C];
    for (const [order, expected] of [
      ["ASC", ascending],
      ["DESC", [...ascending].reverse()],
    ] as const) {
      expect((await ask("flows", sort(order))).ids).toEqual(expected);
      const { endCursor: after } = (await ask("flows", { ...sort(order), perPage: 4 })).pageInfo;
      expect((await ask("flows", { ...sort(order), after })).ids).toEqual(expected.slice(4));
      expect(await refusal("flows", { after })).toEqual(["BAD_USER_INPUT", "after"]);
    }
    expect((await ask("flows", { sort: { field: "CREATED_AT", order: "ASC" } })).ids).toEqual(ids.flows);
  });

  it("a page and its total are of one moment, whatever is recorded meanwhile", async () => {
    const flowId = Number((await waypost.seedFlow()).id);
    const totals: number[] = [];
    const look = async () => {
      const page = await ask("conversions", { filter: { flowId: String(flowId) }, perPage: 500 });
      expect(page.totalCount).toBe(page.ids.length);
      expect(page.totalCount % 2).toBe(0);
      totals.push(page.totalCount);
    };
    await look();
    let writing = true;
    const writer = (async () => {
      for (let round = 0; round < 60; round += 1) {
        await facts.conversions([
          { flowId, uidKey: `${round}` },
          { flowId, uidKey: `${round}b`, status: ConversionStatus.APPROVED },
        ]);
      }
    })().finally(() => {
      writing = false;
    });
    while (writing) await look();
    await writer;
    await look();
    expect(new Set(totals).size).toBeGreaterThan(1);
  });
});
