import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { borrowWaypost } from "../kit/lent-waypost.js";
import { databases, type GraphqlAnswer, type Waypost } from "../kit/waypost.js";

const CREATE = "mutation($input: FlowInput!) { flow: createFlow(input: $input) { id paths { url } } }";
const URL_OK = "https://example.com/";
const path = (url: string, rest: object = {}) => ({ url, ...rest });

describe.each(databases)("What a flow may not be, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await borrowWaypost(database);
  });
  afterAll(() => waypost.close());

  const countFlows = async () =>
    (await waypost.ask("{ flows(filter: {deleted: null}) { totalCount } }")).flows.totalCount;

  const wrong: [why: string, input: object, field: string][] = [
    ["an empty name", { name: "  " }, "name"],
    ["no name", { name: null }, "name"],
    ["a long name", { name: "é".repeat(121) }, "name"],
    ["a key in capitals", { key: "KEY" }, "key"],
    ["a key with a space", { key: "a b" }, "key"],
    ["a key with a slash", { key: "a/b" }, "key"],
    ["a long key", { key: "k".repeat(65) }, "key"],
    ["a long default", { defaultTerm: "x".repeat(513) }, "defaultTerm"],
    ["a URL that is missing", { paths: [path("")] }, "paths.0.url"],
    ["a relative URL", { paths: [path(URL_OK), path("/there")] }, "paths.1.url"],
    ["a URL without scheme", { paths: [path("//example.com/")] }, "paths.0.url"],
    ["a script", { paths: [path("javascript:alert(1)")] }, "paths.0.url"],
    ["another scheme", { paths: [path("ftp://example.com/")] }, "paths.0.url"],
    ["a URL without host", { paths: [path("https://")] }, "paths.0.url"],
    ["a third slash, which browsers skip", { paths: [path("https:///example.com/")] }, "paths.0.url"],
    ["a macro that a browser would take for the host", { paths: [path("https:///{sub_id}/")] }, "paths.0.url"],
    ["a backslash", { paths: [path("https:\\\\example.com")] }, "paths.0.url"],
    ["a line break in a URL", { paths: [path("https://example.com/\r\nX: y")] }, "paths.0.url"],
    ["a URL that is too long", { paths: [path(`https://example.com/${"x".repeat(2048)}`)] }, "paths.0.url"],
    ["a port that is none", { paths: [path("https://example.com:99999/")] }, "paths.0.url"],
    ["an unknown macro", { paths: [path(`${URL_OK}?a={clickid}`)] }, "paths.0.url"],
    ["a macro in capitals", { paths: [path(`${URL_OK}?a={CLICK}`)] }, "paths.0.url"],
    ["a macro named like a property of objects", { paths: [path(`${URL_OK}{constructor}`)] }, "paths.0.url"],
    ["a macro without parameter", { paths: [path(`${URL_OK}{query.}`)] }, "paths.0.url"],
    ["an empty macro", { paths: [path(`${URL_OK}{}`)] }, "paths.0.url"],
    ["a brace alone", { paths: [path(`${URL_OK}?{click`)] }, "paths.0.url"],
    ["a macro as scheme", { paths: [path("{source}://example.com/")] }, "paths.0.url"],
    ["a macro as host", { paths: [path("https://{sub_id}/")] }, "paths.0.url"],
    ["a macro at the host's end", { paths: [path("https://example.com{sub_id}/")] }, "paths.0.url"],
    ["a macro as port", { paths: [path("https://example.com:{sub_id}/")] }, "paths.0.url"],
    ["a macro as user", { paths: [path("https://{sub_id}@example.com/")] }, "paths.0.url"],
    ["a weight of 0", { paths: [path(URL_OK), path(URL_OK), path(URL_OK, { weight: 0 })] }, "paths.2.weight"],
    ["a weight of 10001", { paths: [path(URL_OK, { weight: 10_001 })] }, "paths.0.weight"],
    ["half a weight", { paths: [path(URL_OK, { weight: 0.5 })] }, "paths.0.weight"],
    ["a weight in words", { paths: [path(URL_OK, { weight: "100" })] }, "paths.0.weight"],
    ["a path without URL", { paths: [path(URL_OK), { name: "x" }] }, "paths.1.url"],
    ["a path that is null", { paths: [null] }, "paths.0"],
    ["a long path name", { paths: [path(URL_OK, { name: "x".repeat(121) })] }, "paths.0.name"],
    ["an id of no path", { paths: [path(URL_OK, { id: "1" })] }, "paths.0.id"],
    ["101 paths", { paths: Array.from({ length: 101 }, () => path(URL_OK)) }, "paths"],
    ["an empty goal key", { goals: [{ key: " " }] }, "goals.0.key"],
    ["a long goal key", { goals: [{ key: "ok" }, { key: "g".repeat(65) }] }, "goals.1.key"],
    ["a goal key given twice", { goals: [{ key: "sale" }, { key: " sale" }] }, "goals.1.key"],
    ["goal keys that become equal", { goals: [{ key: "a\ud800" }, { key: "a\udc00" }] }, "goals.1.key"],
    ["an id of no goal", { goals: [{ key: "sale", id: "'" }] }, "goals.0.id"],
    ["101 goals", { goals: Array.from({ length: 101 }, (_, index) => ({ key: `g${index}` })) }, "goals"],
    ["a negative revenue", { goals: [{ key: "sale", revenue: "-1" }] }, "goals.0.revenue"],
    ["a revenue beyond the maximum", { goals: [{ key: "sale", revenue: "1000000000" }] }, "goals.0.revenue"],
    [
      "a revenue just beyond the maximum",
      { goals: [{ key: "sale", revenue: "999999999.99990001" }] },
      "goals.0.revenue",
    ],
    ["nine decimals", { goals: [{ key: "sale", revenue: "0.000000001" }] }, "goals.0.revenue"],
    ["an empty revenue", { goals: [{ key: "sale", revenue: "" }] }, "goals.0.revenue"],
    ["a revenue of spaces", { goals: [{ key: "sale", revenue: " " }] }, "goals.0.revenue"],
    ["a decimal point alone", { goals: [{ key: "sale", revenue: "." }] }, "goals.0.revenue"],
    ["nothing behind the point", { goals: [{ key: "sale", revenue: "1." }] }, "goals.0.revenue"],
    ["a plus", { goals: [{ key: "sale", revenue: "+1" }] }, "goals.0.revenue"],
    ["a minus before nothing", { goals: [{ key: "sale", revenue: "-0" }] }, "goals.0.revenue"],
    ["a space between thousands", { goals: [{ key: "sale", revenue: "1 234" }] }, "goals.0.revenue"],
    ["digits of another script", { goals: [{ key: "sale", revenue: "\u0663" }] }, "goals.0.revenue"],
    ["an exponent", { goals: [{ key: "sale", revenue: "1e3" }] }, "goals.0.revenue"],
    ["a comma", { goals: [{ key: "sale", revenue: "1,5" }] }, "goals.0.revenue"],
    ["a revenue that is a number", { goals: [{ key: "sale", revenue: 1.5 }] }, "goals.0.revenue"],
    ["a currency that is none", { goals: [{ key: "sale", currency: "XXQ" }] }, "goals.0.currency"],
    ["a currency sign", { goals: [{ key: "sale", currency: "€" }] }, "goals.0.currency"],
    ["a status that is none", { status: "GONE" }, "status"],
    ["a field that is none", { nonsense: 1 }, "nonsense"],
  ];

  describe("The API", () => {
    const answers = new Map<string, GraphqlAnswer["errors"]>();
    let made = 0;
    beforeAll(async () => {
      const before = await countFlows();
      await Promise.all(
        wrong.map(async ([why, input]) => {
          answers.set(why, (await waypost.graphql(CREATE, { input: { name: "Wrong", ...input } })).errors);
        }),
      );
      made = (await countFlows()) - before;
    });

    it.each(wrong)("refuses %s, names the field, and makes nothing", (why, _, field) => {
      const errors = answers.get(why);
      expect(errors?.map(({ extensions }) => [extensions.code, extensions.field])).toEqual([["BAD_USER_INPUT", field]]);
      expect(made).toBe(0);
    });
  });

  it("says all that is wrong at once", async () => {
    const input = { paths: [path("no")], goals: [{ key: "g", revenue: "x", currency: "y" }] };
    const { errors } = await waypost.graphql(CREATE, { input });
    const problems = errors?.[0]?.extensions.problems as { field: string }[];
    expect(problems.map(({ field }) => field)).toEqual(["name", "paths.0.url", "goals.0.revenue", "goals.0.currency"]);
  });

  it.each([
    "https://example.com",
    "https://example.com?c={click}",
    "https://example.com#{click}",
    "HTTPS://user@example.com:8443/{query.a-b}",
    "https://bücher.example/ü?x={utm_source}",
    "http://[::1]:80/{path}{flow}",
  ])("takes the destination %s as it is written", async (url) => {
    const { flow } = await waypost.ask(CREATE, { input: { name: "Right", paths: [path(url)] } });
    expect(flow.paths).toEqual([{ url }]);
  });
});
