import { beforeAll, describe, expect, it } from "vitest";
import { borrowWaypost } from "../kit/lent-waypost.js";
import { databases, type Waypost } from "../kit/waypost.js";

/** A value that is written into a document as it stands. */
const literal = (value: unknown): string => {
  if (value instanceof Word) return value.word;
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, each]) => `${name}: ${literal(each)}`);
  return `{ ${fields.join(", ")} }`;
};
/** What is no text in a document, and a text in a variable. */
class Word {
  constructor(readonly word: string) {}
  toJSON = () => this.word;
}
const word = (text: string) => new Word(text);

const PATH = { url: "https://a.example/" };

/** An argument of a field, a wrong value for it, and the field that is named. */
const wrong: [what: string, field: string, argument: string, type: string, value: unknown, named: string][] = [
  ["perPage 0", "flows", "perPage", "Int", 0, "perPage"],
  ["perPage as text", "flows", "perPage", "Int", "50", "perPage"],
  ["perPage as text", "clicks", "perPage", "Int", "50", "perPage"],
  ["half a page", "flows", "page", "Int", 1.5, "page"],
  ["a page beyond 32 bits", "flows", "page", "Int", 99_999_999_999, "page"],
  ["a page as a flag", "flows", "page", "Int", true, "page"],
  ["a list of pages", "flows", "page", "Int", [1], "page"],
  ["an object as page", "flows", "page", "Int", { a: 1 }, "page"],
  ["a cursor as number", "flows", "after", "String", 5, "after"],
  ["a cursor that is none", "flows", "after", "String", "x", "after"],
  ["an enum as text of another case", "flows", "filter", "FlowFilter", { status: word("active") }, "status"],
  ["a word that is none", "clicks", "sort", "FactSort", { field: word("CREATED_AT"), order: word("UP") }, "order"],
  ["a sort without its field", "clicks", "sort", "FactSort", { order: word("ASC") }, "field"],
  ["a condition that is none", "clicks", "filter", "ClickFilter", { nope: 1 }, "nope"],
  ["a filter that is a text", "clicks", "filter", "ClickFilter", "DE", "filter"],
  ["a filter that is a list", "clicks", "filter", "ClickFilter", [1], "filter"],
  ["a flag as text", "conversions", "filter", "ConversionFilter", { other: "true" }, "other"],
  ["a flag as number", "conversions", "filter", "ConversionFilter", { other: 1 }, "other"],
  ["ids with an object among them", "flows", "filter", "FlowFilter", { ids: ["1", {}] }, "ids.1"],
  ["ids with null among them", "flows", "filter", "FlowFilter", { ids: ["1", null] }, "ids.1"],
  ["an id that can be none among ids", "flows", "filter", "FlowFilter", { ids: ["1", "x"] }, "ids.1"],
  ...["abc", "0", "-1", "1e3", " 1 ", "9999999999999999999", "", "1.0", "4294967296"].map(
    (id): (typeof wrong)[number] => [`the flow ${id}`, "clicks", "filter", "ClickFilter", { flowId: id }, "flowId"],
  ),
  ["a flow in halves", "clicks", "filter", "ClickFilter", { flowId: 1.5 }, "flowId"],
  ["a flow as a flag", "clicks", "filter", "ClickFilter", { flowId: true }, "flowId"],
  ["the flow of conversions", "conversions", "filter", "ConversionFilter", { flowId: "x" }, "flowId"],
  ["the flow of log entries", "postbackLogs", "filter", "PostbackLogFilter", { flowId: "x" }, "flowId"],
  ["the key of log entries", "postbackLogs", "filter", "PostbackLogFilter", { postbackKeyId: "x" }, "postbackKeyId"],
  ["a click hash that can be none", "conversions", "filter", "ConversionFilter", { clickHash: "abc" }, "clickHash"],
  ["a country's name", "clicks", "filter", "ClickFilter", { country: "Germany" }, "country"],
  ["no country", "clicks", "filter", "ClickFilter", { country: " " }, "country"],
  ["an unknown code", "postbackLogs", "filter", "PostbackLogFilter", { code: "NO_SUCH_CODE" }, "code"],
  ["a code in small letters", "postbackLogs", "filter", "PostbackLogFilter", { code: "recorded" }, "code"],
  ["a status that is never answered", "postbackLogs", "filter", "PostbackLogFilter", { status: 299 }, "status"],
  ["a status that is no HTTP status", "postbackLogs", "filter", "PostbackLogFilter", { status: -200 }, "status"],
  ["goal null", "conversions", "filter", "ConversionFilter", { goal: null }, "goal"],
  ["other null", "conversions", "filter", "ConversionFilter", { other: null }, "other"],
  ["status null", "conversions", "filter", "ConversionFilter", { status: null }, "status"],
  ["a log entry's status null", "postbackLogs", "filter", "PostbackLogFilter", { status: null }, "status"],
  ["a flow's status null", "flows", "filter", "FlowFilter", { status: null }, "status"],
  ...[
    ...["", "yesterday", "2026-03-01", "2026-03-01T10:00:00", "2026-03-01T10:00Z", "2026-03-01 10:00:00Z"],
    ...["2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-03-01T24:00:00Z", "2026-06-30T23:59:60Z"],
    ...[
      "2026-03-01T10:00:00+24:00",
      "2026-03-01T10:00:00+1",
      "2026-03-01T10:00:00 Z",
      "+2026-03-01T10:00:00Z",
      5,
      true,
    ],
  ].map((from): (typeof wrong)[number] => [`the moment ${from}`, "clicks", "filter", "ClickFilter", { from }, "from"]),
  ["a moment of a change", "conversions", "filter", "ConversionFilter", { updatedFrom: "now" }, "updatedFrom"],
];

/** The same of what changes something. */
const wrongInputs: [what: string, input: unknown, named: string][] = [
  ["no name", {}, "name"],
  ["a field that is none", { name: "x", nope: 1 }, "nope"],
  ["a field of a path that is none", { name: "x", paths: [PATH, { ...PATH, nope: 1 }] }, "paths.1.nope"],
  ["a path without URL", { name: "x", paths: [PATH, {}] }, "paths.1.url"],
  ["a path that is a text", { name: "x", paths: [PATH, "https://b.example/"] }, "paths.1"],
  ["a weight as text", { name: "x", paths: [{ ...PATH, weight: "100" }] }, "paths.0.weight"],
  ["half a weight", { name: "x", paths: [{ ...PATH, weight: 0.5 }] }, "paths.0.weight"],
  ["a weight out of range", { name: "x", paths: [{ ...PATH, weight: 0 }] }, "paths.0.weight"],
  ["a flag as text", { name: "x", paths: [{ ...PATH, active: "true" }] }, "paths.0.active"],
  ["a URL that is none", { name: "x", paths: [{ url: "nowhere" }] }, "paths.0.url"],
  ["a goal without key", { name: "x", goals: [{}] }, "goals.0.key"],
  ["an amount as number", { name: "x", goals: [{ key: "a", revenue: 2.5 }] }, "goals.0.revenue"],
  ["an empty amount", { name: "x", goals: [{ key: "a", revenue: "" }] }, "goals.0.revenue"],
  ["a blank amount", { name: "x", goals: [{ key: "a", revenue: " " }] }, "goals.0.revenue"],
  ["an amount with an exponent", { name: "x", goals: [{ key: "a", revenue: "1e3" }] }, "goals.0.revenue"],
  ["a status that is none", { name: "x", status: word("GONE") }, "status"],
  ["paths null", { name: "x", paths: null }, "paths"],
  ["goals null", { name: "x", goals: null }, "goals"],
  ["the whole input null", null, "input"],
  ["a list as input", [], "input"],
];

describe.each(databases)("A wrong value, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await borrowWaypost(database);
  });

  async function refusals(queries: [query: string, variables?: object][]) {
    const answers = await Promise.all(queries.map(([query, variables]) => waypost.graphql(query, variables)));
    return answers.map(({ status, errors }) => [status, errors?.[0]?.extensions.code, errors?.[0]?.extensions.field]);
  }
  /** The same value as literal, as variable, as a variable's default, in a fragment, and as a variable inside a literal. */
  function waysOf(field: string, argument: string, type: string, value: unknown): [string, object?][] {
    const list = (given: string) => `list: ${field}(${argument}: ${given}) { totalCount }`;
    return [
      [`{ ${list(literal(value))} }`],
      [`query($other: ${type}) { ${list("$other")} }`, { other: value }],
      [`query($other: ${type} = ${literal(value)}) { ${list("$other")} }`],
      [`query($other: ${type}) { ...Some } fragment Some on Query { ${list("$other")} }`, { other: value }],
      [`{ ...Some } fragment Some on Query { ${list(literal(value))} }`],
    ];
  }

  it.each(wrong)(
    "7.6 is answered 200 with its field, as literal and as variable: %s (%s)",
    async (_, field, argument, type, value, named) => {
      const ways = waysOf(field, argument, type, value);
      expect(await refusals(ways)).toEqual(ways.map(() => [200, "BAD_USER_INPUT", named]));
    },
  );

  it.each(wrongInputs)("7.6 of an input is answered 200 with its field: %s", async (_, input, named) => {
    const create = (given: string) => `createFlow(input: ${given}) { id }`;
    const ways: [string, object?][] = [
      [`mutation { ${create(literal(input))} }`],
      [`mutation($other: FlowInput!) { ${create("$other")} }`, { other: input }],
    ];
    expect(await refusals(ways)).toEqual(ways.map(() => [200, "BAD_USER_INPUT", named]));
    expect((await waypost.ask('{ flows(filter: { search: "x" }) { totalCount } }')).flows.totalCount).toBe(0);
  });

  it.each([
    ["no GraphQL", "{ flows", "GRAPHQL_PARSE_FAILED"],
    ["a field that is none", "{ flows { nope } }", "GRAPHQL_VALIDATION_FAILED"],
    ["an argument that is none", "{ flows(nope: 1) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"],
    ["an argument that is missing", "{ flow { id } }", "GRAPHQL_VALIDATION_FAILED"],
    [
      "a variable of another type",
      "query($n: String) { flows(perPage: $n) { totalCount } }",
      "GRAPHQL_VALIDATION_FAILED",
    ],
    ["a subscription", "subscription { flows { totalCount } }", "GRAPHQL_VALIDATION_FAILED"],
    ["a directive that is none", "{ flows @defer { totalCount } }", "GRAPHQL_VALIDATION_FAILED"],
    ["a definition of a type", "type A { b: Int }", "GRAPHQL_VALIDATION_FAILED"],
    ["a fragment alone", "fragment F on Query { me { id } }", "GRAPHQL_VALIDATION_FAILED"],
    ["an unknown variable", "{ flows(perPage: $n) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"],
    [
      "a condition twice",
      '{ clicks(filter: {country: "DE", country: "US"}) { totalCount } }',
      "GRAPHQL_VALIDATION_FAILED",
    ],
    ["a wrong value beside a field that is none", "{ flows(perPage: 0.5) { nope } }", "GRAPHQL_VALIDATION_FAILED"],
  ])("7.6 is something else than %s, which is a 400", async (_, query, code) => {
    const { status, errors } = await waypost.graphql(query);
    expect(status).toBe(400);
    expect(errors?.map(({ extensions }) => extensions.code)).toContain(code);
  });

  it("7.6 says 200 for what costs too much too", async () => {
    const query = `{ ${Array.from({ length: 11 }, (_, index) => `a${index}: clicks(perPage: 500) { totalCount }`).join(" ")} }`;
    const { status, errors } = await waypost.graphql(query);
    expect([status, errors?.[0]?.extensions.code]).toEqual([200, "TOO_LARGE"]);
    expect(errors?.[0]?.message).toContain("ask in several");
  });

  it("7.7 that is null is as good as left out where it can mean nothing else", async () => {
    const nulls = {
      clicks: ["ids", "flowId", "country", "from", "to"],
      conversions: ["ids", "flowId", "clickHash", "uid", "from", "to", "updatedFrom", "updatedTo"],
      postbackLogs: ["ids", "flowId", "clickHash", "uid", "code", "refused", "warned", "postbackKeyId", "from", "to"],
      flows: ["ids", "search", "archived"],
      postbackKeys: ["ids"],
    };
    const asked = Object.entries(nulls).map(([list, names]) => {
      const filter = names.map((name) => `${name}: null`).join(", ");
      return `${list}: ${list}(filter: { ${filter} }) { totalCount } all_${list}: ${list} { totalCount }`;
    });
    await waypost.seedFlow();
    const answer = await waypost.ask(`{ ${asked.join(" ")} nothing: clicks(filter: null) { totalCount } }`);
    for (const list of Object.keys(nulls)) expect(answer[list]).toEqual(answer[`all_${list}`]);
    expect(answer.flows.totalCount).toBeGreaterThan(0);
  });

  it("7.7 is null as a single item, and the log takes any text for a click hash", async () => {
    for (const id of ["abc", "0", "-1", "1e3", " 1 ", "9999999999999999999", "", "null"]) {
      const items = ["flow", "click", "conversion", "postbackLog", "postbackKey", "putAside"];
      const asked = items.map((item) => `${item}(id: ${JSON.stringify(id)}) { id }`).join(" ");
      expect(Object.values(await waypost.ask(`{ ${asked} }`))).toEqual(items.map(() => null));
    }
    for (const clickHash of ["", "abc", "{click}", "x".repeat(5000), "\u0000"]) {
      const { postbackLogs } = await waypost.ask(
        "query($clickHash: String) { postbackLogs(filter: { clickHash: $clickHash }) { totalCount } }",
        { clickHash },
      );
      expect(postbackLogs).toEqual({ totalCount: 0 });
    }
  });

  it.each([
    ["2026-03-01T10:00:00", "its zone is missing", 'such as "2026-11-25T10:00:00Z"'],
    ["2026-02-30T00:00:00Z", "there is no 2026-02-30"],
    ["2026-03-01T24:00:00Z", "there is no 2026-03-01 24:00:00"],
    ["2026-03-01", "is no DateTime", "date, time and zone"],
  ])("7.7 says what a moment lacks: %s", async (from, ...words) => {
    const { errors } = await waypost.graphql(`{ clicks(filter: { from: "${from}" }) { totalCount } }`);
    for (const said of words) expect(errors?.[0]?.message).toContain(said);
  });

  it("7.7 says which codes there are", async () => {
    const { errors } = await waypost.graphql('{ postbackLogs(filter: { code: "NOPE" }) { totalCount } }');
    expect(errors?.[0]?.message).toMatch(/^"NOPE" is none of RECORDED, UPDATED, .*STATUS_UNKNOWN/);
  });

  it.each([
    ["2026-03-01t10:00:00z", "2026-03-01T10:00:00.000Z"],
    ["2026-03-01T10:00:00.123456789+05:45", "2026-03-01T04:15:00.123Z"],
    ["2026-03-01T00:00:00-23:59", "2026-03-01T23:59:00.000Z"],
    ["2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59.999Z"],
    ["0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"],
  ])("7.7 is not this: %s is a moment", async (from) => {
    await waypost.ask("query($from: DateTime) { clicks(filter: { from: $from, to: $from }) { totalCount } }", { from });
  });
});
