import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

describe.each(databases)("The search for flows, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost(database);
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

  it.each([
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
  ])("finds %j by each part of it, in any case", async (name, needles) => {
    const { id } = await waypost.seedFlow({ name });
    for (const needle of needles) expect(await search(needle, { ids: [id] }), needle).toEqual([name]);
    expect(await search(`${name}x`)).toEqual([]);
  });

  it.each(["résumé", "e\u0301", "a.c", "[a-z]", ".*", "%a", "X%", "a_", "\\%", "' or ''='", "\u0000", "\ud800"])(
    "takes %j for what it is: no pattern, no letters without their accents",
    async (needle) => {
      const ids: string[] = [];
      for (const name of ["resume", "abc", "aXc", "a%b", "e"]) ids.push((await waypost.seedFlow({ name })).id);
      expect(await search(needle, { ids })).toEqual([]);
    },
  );

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

  it("finds a flow by its new name only", async () => {
    const { id } = await waypost.seedFlow({ name: "Before" });
    await waypost.ask('mutation($id: ID!) { updateFlow(id: $id, input: {name: "ÄFTER"}) { id } }', { id });
    expect(await search("before")).toEqual([]);
    expect(await search("äfter")).toEqual(["ÄFTER"]);
  });
});
