import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askEach } from "../kit/ask-each.js";
import { borrowWaypost } from "../kit/lent-waypost.js";
import { databases, type Waypost } from "../kit/waypost.js";

/** Names, and parts of them by which they are found. */
const findable: [name: string, needles: string[]][] = [
  ["Summer Sale", ["summer", "SALE", "mer sa", "Summer Sale", "  sale  "]],
  ["100% sure", ["100%", "%", "0% S"]],
  ["snake_case", ["_", "E_C"]],
  ["back\\slash", ["\\", "K\\S"]],
  [`quotes ' " \``, ["'", '"', "` ".trim(), `' "`]],
  ["really? ?? why", ["?", "? ??", "REALLY?"]],
  ["Привет Мир", ["привет", "ПРИВЕТ", "ет м"]],
  ["ΟΔΥΣΣΕΥΣ", ["οδυσσευς", "οδυσσευσ", "ευς", "ΟΔΥΣΣΕΥΣ"]],
  ["Ωραΐα", ["ΩΡΑΪ́Α", "ωραΐα"]],
  ["İstanbul", ["istanbul", "İSTANBUL", "ISTANBUL", "i̇stanbul"]],
  ["Diyarbakır", ["DİYARBAKIR", "diyarbakir", "DIYARBAKIR", "ır"]],
  ["Straße", ["STRASSE", "straße", "STRAẞE", "ß", "ss"]],
  ["Großbuchstabe ẞ", ["GROẞBUCHSTABE", "großbuchstabe ß", "SS"]],
  ["Àçé ñandú", ["àÇÉ", "ÑANDÚ"]],
  ["cafe\u0301 decomposed", ["CAFÉ", "cafe\u0301"]],
  ["ﬁnance", ["FINANCE", "fin"]],
  ["ԲԱՐԵՎ", ["բարեւ".slice(0, 4), "բարե"]],
  ["ქართული", ["ᲥᲐᲠᲗᲣᲚᲘ", "ქართ"]],
  ["Ｆｕｌｌ", ["full", "ＦＵＬＬ"]],
  ["NUL\u0000 and ' beside", ["nul\u0000", "\u0000", "\u0000 AND '"]],
  ["東京 🚀", ["京", "🚀", "東京 🚀"]],
];

const LONGEST = `https://long.example/${"ä".repeat(2048 - 24)}End`;

/** Destinations, and parts of them by which their flows are found: as the operator typed them. */
const destinations: [url: string, needles: string[]][] = [
  ["https://Shop.Example/Sale?click={click}", ["shop.example", "SHOP", "e/sale?", "{CLICK}", " https://shop "]],
  ["https://xn--mller-kva.example/", ["XN--MLLER", "mller-kva"]],
  ["https://müller.example/", ["MÜLLER", "müller.ex"]],
  ["https://пример.example/Крем?sub={query.Ключ}", ["ПРИМЕР", "крем?", "КЛЮЧ}"]],
  ["https://a.example/caf%C3%A9?q=100%", ["caf%c3%a9", "CAF%C3%A9", "100%", "%C3"]],
  ["https://a.example/snake_case", ["_", "E_C"]],
  [`https://a.example/'"?or=?`, [`'"`, "?or=?", "'"]],
  ["https://a.example/ΟΔΟΣ/Straße/ﬁn", ["οδος/", "STRASSE", "STRAẞE", "FIN"]],
  ["https://a.example/東京/🚀", ["京/🚀"]],
  [LONGEST, ["ÄEND", LONGEST, LONGEST.toUpperCase()]],
];

/** What finds none of the names "resume", "abc", "aXc", "a%b" and "e". */
const odd = ["résumé", "e\u0301", "a.c", "[a-z]", ".*", "%a", "X%", "a_", "\\%", "' or ''='", "\u0000", "\ud800"];

describe.each(databases)("The search for flows, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await borrowWaypost(database);
  });
  afterAll(() => waypost.close());

  const search = async (needle: string | null, more: object = {}): Promise<string[]> => {
    const { flows } = await waypost.ask(
      "query($filter: FlowFilter) { flows(filter: $filter, perPage: 500, sort: {field: CREATED_AT, order: ASC}) { items { name } totalCount } }",
      { filter: { search: needle, ...more } },
    );
    expect(flows.totalCount).toBe(flows.items.length);
    return flows.items.map(({ name }: { name: string }) => name);
  };

  /** The names that are found by each of the filters. */
  async function searchAll(filters: object[]): Promise<string[][]> {
    const lists = await askEach(
      waypost.ask,
      {
        types: "$filter: FlowFilter",
        field: "flows(filter: $filter, sort: {field: CREATED_AT, order: ASC}) { items { name } totalCount }",
      },
      filters.map((filter) => ({ filter })),
    );
    return lists.map(({ items, totalCount }) => {
      expect(totalCount).toBe(items.length);
      return items.map(({ name }: { name: string }) => name);
    });
  }
  async function createAll(names: string[]): Promise<string[]> {
    const flows = await askEach(
      waypost.ask,
      { kind: "mutation", types: "$input: FlowInput!", field: "createFlow(input: $input) { id }" },
      names.map((name) => ({ input: { name } })),
    );
    return flows.map(({ id }) => id);
  }

  describe("A name", () => {
    const found = new Map<string, { byPart: string[][]; byMore: string[] }>();
    beforeAll(async () => {
      const ids = await createAll(findable.map(([name]) => name));
      const byMore = await searchAll(findable.map(([name]) => ({ search: `${name}x` })));
      const asked = findable.flatMap(([name, needles], place) =>
        needles.map((search) => ({ name, filter: { search, ids: [ids[place]] } })),
      );
      const lists = await searchAll(asked.map(({ filter }) => filter));
      for (const [place, [name]] of findable.entries()) {
        const byPart = lists.filter((_, index) => asked[index]?.name === name);
        found.set(name, { byPart, byMore: byMore[place] ?? [] });
      }
    });

    it.each(findable)("finds %j by each part of it, in any case", (name, needles) => {
      const { byPart, byMore } = found.get(name) as NonNullable<ReturnType<typeof found.get>>;
      expect(needles.map((needle, index) => [needle, byPart[index]])).toEqual(
        needles.map((needle) => [needle, [name]]),
      );
      expect(byMore).toEqual([]);
    });
  });

  describe("A text", () => {
    const found = new Map<string, string[]>();
    beforeAll(async () => {
      const ids = await createAll(["resume", "abc", "aXc", "a%b", "e"]);
      const lists = await searchAll(odd.map((search) => ({ search, ids })));
      for (const [place, needle] of odd.entries()) found.set(needle, lists[place] ?? []);
    });

    it.each(odd)("takes %j for what it is: no pattern, no letters without their accents", (needle) => {
      expect(found.get(needle)).toEqual([]);
    });
  });

  it("is no way into the statement, neither with a question mark nor together with a cursor", async () => {
    const sort = "sort: {field: NAME, order: ASC}";
    const { flows } = await waypost.ask(`{ flows(perPage: 1, ${sort}) { pageInfo { endCursor } } }`);
    const [list, , id] = JSON.parse(Buffer.from(flows.pageInfo.endCursor, "base64url").toString());
    for (const value of [" or 1=1 -- ", "' or 1=1 -- ", ") or (1=1", "?"]) {
      const after = Buffer.from(JSON.stringify([list, value, id])).toString("base64url");
      const answer = await waypost.ask(
        `query($after: String) { flows(filter: {search: "?no such?"}, after: $after, ${sort}) { items { name } totalCount } }`,
        { after },
      );
      expect(answer.flows).toEqual({ items: [], totalCount: 0 });
    }
  });

  it("finds all when nothing is searched for, and combines with the other filters", async () => {
    const { totalCount } = (await waypost.ask("{ flows { totalCount } }")).flows;
    for (const nothing of [null, "", "  "]) expect((await search(nothing)).length).toBe(totalCount);
    const { id } = await waypost.seedFlow({ name: "Combined", status: "PAUSED" });
    await waypost.seedFlow({ name: "Combined too" });
    expect(await search("combined")).toEqual(["Combined", "Combined too"]);
    expect(await search("combined", { status: "PAUSED" })).toEqual(["Combined"]);
    expect(await search("combined", { status: "ARCHIVED" })).toEqual([]);
    await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", { id });
    expect(await search("combined")).toEqual(["Combined too"]);
    expect(await search("combined", { deleted: false })).toEqual(["Combined too"]);
    expect(await search("combined", { deleted: true })).toEqual(["Combined"]);
    expect(await search("combined", { deleted: null })).toEqual(["Combined", "Combined too"]);
  });

  it("finds a flow by part of its key, in any case", async () => {
    await waypost.seedFlow({ name: "Named otherwise", key: "winter_2027-x" });
    for (const needle of ["winter", "R_2027", "WINTER_2027-X", " 7-x "]) {
      expect(await search(needle)).toEqual(["Named otherwise"]);
    }
    expect(await search("winter", { status: "PAUSED" })).toEqual([]);
  });

  describe("A destination", () => {
    const found = new Map<string, unknown[]>();
    beforeAll(async () => {
      const flows = await askEach(
        waypost.ask,
        { kind: "mutation", types: "$input: FlowInput!", field: "createFlow(input: $input) { id }" },
        destinations.map(([url], place) => ({ input: { name: `To ${place}`, paths: [{ url }] } })),
      );
      const asked = destinations.flatMap(([url, needles], place) =>
        [...needles, `${url}x`].map((search) => ({ url, filter: { search, ids: [flows[place].id] } })),
      );
      const lists = await searchAll(asked.map(({ filter }) => filter));
      for (const [place, { url }] of asked.entries()) found.set(url, [...(found.get(url) ?? []), lists[place]]);
    });

    const table = destinations.map(([url, needles], place) => ({ place, begin: url.slice(0, 60), url, needles }));
    it.each(table)("finds the flow of $begin by each part of it, in any case", ({ place, url, needles }) => {
      expect(found.get(url)).toEqual([...needles.map(() => [`To ${place}`]), []]);
    });
  });

  it("finds a flow by the destinations that its paths have now, whatever its status, and by no two of them at once", async () => {
    const [one, two, three] = ["https://one.example/", "https://two.example/", "https://three.example/"];
    const { id, paths } = await waypost.seedFlow({
      name: "Led on",
      paths: [{ url: one }, { url: two, active: false }],
    });
    const change = (input: object) =>
      waypost.ask("mutation($id: ID!, $input: FlowInput!) { updateFlow(id: $id, input: $input) { version } }", {
        id,
        input,
      });
    const finding = async () => {
      const lists = await searchAll([one, two, three].map((url) => ({ search: url.slice(8), deleted: null })));
      return lists.map((names) => names.length);
    };
    expect(await finding()).toEqual([1, 1, 0]);
    for (const between of ["", "a", "A", " ", "\n"]) expect(await search(`${one}${between}${two}`)).toEqual([]);
    await change({ name: "Led on", status: "ARCHIVED" });
    expect(await finding()).toEqual([1, 1, 0]);
    expect(await search("TWO.example", { archived: false })).toEqual([]);
    await change({ paths: [{ id: paths[1]?.id, url: two, weight: 5 }, { url: three }] });
    expect(await finding()).toEqual([0, 1, 1]);
    await change({
      paths: [
        { id: paths[0]?.id, url: one },
        { id: paths[1]?.id, url: three },
      ],
    });
    expect(await finding()).toEqual([1, 0, 1]);
    await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", { id });
    expect(await finding()).toEqual([1, 0, 1]);
    await change({ paths: [] });
    expect(await finding()).toEqual([0, 0, 0]);
    expect(await search("led on", { deleted: true })).toEqual(["Led on"]);
  });

  it("finds a flow by its new name only", async () => {
    const { id } = await waypost.seedFlow({ name: "Before" });
    await waypost.ask('mutation($id: ID!) { updateFlow(id: $id, input: {name: "ÄFTER"}) { id } }', { id });
    expect(await search("before")).toEqual([]);
    expect(await search("äfter")).toEqual(["ÄFTER"]);
  });
});
