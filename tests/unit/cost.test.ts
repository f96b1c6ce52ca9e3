import { globSync, readFileSync } from "node:fs";
import {
  buildSchema as buildFromText,
  GraphQLBoolean,
  type GraphQLInputType,
  GraphQLInt,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNullableType,
  getOperationAST,
  getVariableValues,
  isEnumType,
  isInputObjectType,
  isListType,
  parse,
  typeFromAST,
} from "graphql";
import { describe, expect, it } from "vitest";
import { ANSWER_MAX, stringifyAnswer } from "../../server/kit/answer-size.js";
import { type Cost, costOf, LIST_ROWS, ROWS_MAX } from "../../server/kit/cost.js";
import { PER_PAGE_MAX } from "../../server/kit/list.js";
import { buildSchema } from "../../server/schema.js";

const schema = buildSchema();

function count(query: string, variables: Record<string, unknown> = {}, of: GraphQLSchema = schema): Cost {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error("There is no operation.");
  return costOf({ schema: of, document, operation, variables });
}

/** The field that is named when a request costs too much; null: it does not. */
function refusedFor(query: string, variables?: Record<string, unknown>, of?: GraphQLSchema): unknown {
  try {
    count(query, variables, of);
    return null;
  } catch (error) {
    const { extensions } = error as { extensions: Record<string, unknown> };
    expect(extensions.code).toBe("TOO_LARGE");
    return extensions.field;
  }
}

/** A value of a type of input; of a number the largest that a list takes. */
function largest(type: GraphQLInputType | undefined): unknown {
  const inner = getNullableType(type);
  if (isListType(inner)) return [];
  if (isInputObjectType(inner)) return {};
  if (isEnumType(inner)) return inner.getValues()[0]?.name;
  return inner === GraphQLInt ? PER_PAGE_MAX : inner === GraphQLBoolean ? true : "x";
}

const many = (times: number, make: (index: number) => string) =>
  Array.from({ length: times }, (_, index) => make(index)).join(" ");

describe("The cost of a request", () => {
  it.each<[string, string, number, Record<string, unknown>?]>([
    ["nothing but single values", "{ me { id } dashboard { clicksToday } flow(id: 1) { name } }", 0],
    ["a page counts as fifty at least", "{ flows(perPage: 3) { totalCount } }", 50],
    ["a page without a size", "{ flows { items { id } } }", 50],
    ["a page of null", "{ flows(perPage: null) { items { id } } }", 50],
    ["a page's size as a variable", "query($n: Int) { clicks(perPage: $n) { totalCount } }", 500, { n: 500 }],
    ["a variable's default", "query($n: Int = 500) { clicks(perPage: $n) { totalCount } }", 500],
    [
      "the rows are counted once, items or not",
      "{ clicks(perPage: 500) { items { id } pageInfo { endCursor } } }",
      500,
    ],
    ["what is referred to", "{ clicks(perPage: 500) { items { flow { name } path { url } } } }", 500],
    ["a list in each row", "{ flows { items { paths { url } } } }", 50 + 50 * LIST_ROWS],
    ["two lists in each row", "{ flows { items { paths { url } goals { key } } } }", 50 + 100 * LIST_ROWS],
    ["a list behind what is referred to", "{ clicks { items { flow { paths { url } } } } }", 50 + 50 * LIST_ROWS],
    ["a list of a single item", '{ flow(id: "1") { paths { url } } }', LIST_ROWS],
    [
      "a list under another name",
      "{ a: clicks { b: items { c: flow { d: paths { e: url } } } } }",
      50 + 50 * LIST_ROWS,
    ],
    [
      "a list in a fragment",
      "{ clicks { ...P } } fragment P on ClickPage { items { ...C } } fragment C on Click { ... { flow { paths { url } } } }",
      50 + 50 * LIST_ROWS,
    ],
    [
      "the same list asked for twice",
      "{ flows { items { paths { url } ...F paths { name } } } } fragment F on Flow { paths { weight } }",
      50 + 50 * LIST_ROWS,
    ],
    ["a list that is left out", "{ clicks { items { flow @skip(if: true) { paths { url } } } } }", 50],
    ["one left out by a variable", "query($v: Boolean!) { flows @include(if: $v) { totalCount } }", 0, { v: false }],
    ["one that is not left out", "query($v: Boolean!) { flows @include(if: $v) { totalCount } }", 50, { v: true }],
    [
      "ids bound the rows",
      '{ clicks(perPage: 500, filter: { ids: ["a", "b"] }) { items { flow { paths { url } } } } }',
      50 + 2 * LIST_ROWS,
    ],
    ["what reads postbacks again", "{ previewReplay(filter: {}) { count postbacks { id } codes { code } } }", ROWS_MAX],
    ["what reads a few of them again", '{ previewReplay(filter: { ids: ["a"] }) { count postbacks { id } } }', 50],
    [
      "what changes many",
      "mutation { changeConversions(filter: {}, expected: 1, status: APPROVED) { changed } }",
      ROWS_MAX,
    ],
    ["a postback that is tried", '{ testPostback(url: "/postback/a") { code reading { name } } }', 100],
  ])("4.5 counts %s", (_, query, rows, variables) => {
    expect(count(query, variables).rows).toBe(rows);
  });

  const PATHS = "clicks(perPage: 500) { items { flow { paths { url } } } }";
  it.each<[string, string, unknown, Record<string, unknown>?]>([
    ["five pages whose rows have lists", `{ ${many(5, (index) => `a${index}: ${PATHS}`)} }`, "perPage"],
    ["three of them", `{ ${many(3, (index) => `a${index}: ${PATHS}`)} }`, "perPage"],
    [
      "in fragments",
      `{ ...A ...B } fragment A on Query { a: ${PATHS} } fragment B on Query { b: ${PATHS} c: ${PATHS} }`,
      "perPage",
    ],
    [
      "histories",
      `{ conversions(perPage: 500) { items { history { id } click { flow { goals { id } paths { id } } } } } }`,
      "perPage",
    ],
    ["previews of all", "{ a: previewReplay(filter: {}) { count } b: previewReplay(filter: {}) { count } }", "filter"],
    ["a preview beside a list", "{ previewReplay(filter: {}) { count } flows { totalCount } }", "perPage"],
    [
      "changes of all",
      `mutation { ${many(2, (index) => `a${index}: replayPostbacks(filter: {}, expected: 1) { count }`)} }`,
      "filter",
    ],
    ["a hundred trials", `{ ${many(100, (index) => `a${index}: testPostback(url: "/postback/a") { code }`)} }`, "url"],
    ["a hundred lists that are in memory", `{ ${many(100, (index) => `a${index}: networks { name }`)} }`, "query"],
    [
      "sizes in variables",
      `query($n: Int) { ${many(2, (index) => `a${index}: flows(perPage: $n) { items { paths { id } goals { id } } }`)} }`,
      "perPage",
      { n: 500 },
    ],
    [
      "a hundred names for one value of each row",
      `{ clicks(perPage: 500) { items { ${many(100, (index) => `a${index}: params`)} } } a: clicks(perPage: 500) { items { ${many(420, (index) => `b${index}: params`)} } } }`,
      "perPage",
    ],
    [
      "introspection many times",
      `{ ${many(90, (index) => `a${index}: __schema { types { fields { args { type { name } } } } }`)} }`,
      "query",
    ],
  ])("4.5 refuses %s", (_, query, field, variables) => {
    expect(refusedFor(query, variables)).toBe(field);
  });

  it("4.5 lets through what is usual: ten large pages of all fields, one of them with a list, the whole schema", () => {
    const fields = Object.keys((schema.getType("Click") as { getFields(): object }).getFields());
    const plain = fields.filter((name) => !["flow", "path"].includes(name)).join(" ");
    expect(
      refusedFor(
        `{ ${many(10, (index) => `a${index}: clicks(perPage: 500) { items { ${plain} flow { id name } } }`)} }`,
      ),
    ).toBeNull();
    expect(refusedFor("{ conversions(perPage: 500) { items { id history { id status } } } }")).toBeNull();
    expect(refusedFor("{ flows(perPage: 500) { items { id paths { url } goals { key } } } }")).toBeNull();
    expect(refusedFor(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true } as object))).toBeNull();
  });

  it("4.5 lets through whatever the admin asks, with lists of their largest size", () => {
    const documents = globSync("admin/**/*.{ts,tsx}").flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/(["`])((?:query|mutation) [^"`]+)\1/g)].map(([, , text = ""]) => text),
    );
    const whole = documents.filter((text) => !text.includes("${"));
    expect(whole.length).toBeGreaterThan(10);
    for (const text of whole) {
      const { variableDefinitions = [] } = getOperationAST(parse(text)) ?? {};
      const variables = Object.fromEntries(
        variableDefinitions.map(({ variable, type }) => [
          variable.name.value,
          largest(typeFromAST(schema, type) as GraphQLInputType),
        ]),
      );
      expect(getVariableValues(schema, variableDefinitions, variables).errors, text).toBeUndefined();
      expect(refusedFor(text, variables), text).toBeNull();
    }
  });

  it("4.5 counts no wrong variable: it is refused by its name, and nothing runs", () => {
    expect(count("query($n: Int) { flows(perPage: $n) { totalCount } }", { n: "x" })).toEqual({ rows: 0, values: 0 });
  });

  it.each([
    ["an interface", "interface Thing { parts: [Part!]! }", "type Box implements Thing { parts: [Part!]! }"],
    ["a union", "union Thing = Box", "type Box { parts: [Part!]! }"],
  ])("4.5 counts lists behind %s", (_, ...types) => {
    const own = buildFromText(
      `${types.join(" ")} type Part { id: ID } type Page { items: [Thing!]! } type Query { things(perPage: Int = 50): Page! }`,
    );
    const query = "{ things(perPage: 500) { items { __typename ... on Box { parts { id } } } } }";
    expect(count(query, {}, own).rows).toBe(500 + 500 * LIST_ROWS);
    expect(
      refusedFor(
        `{ a: things(perPage: 500) { items { ... on Box { a: parts { id } b: parts { id } } } } ${query.slice(1)}`,
        {},
        own,
      ),
    ).toBe("perPage");
  });

  it("4.5 every query and mutation that works on what a filter leaves says how much that is", () => {
    const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}),
    );
    const filtered = roots.filter(({ args }) => args.some(({ name }) => name === "filter"));
    expect(filtered.length).toBeGreaterThan(8);
    const unsaid = filtered.filter(
      ({ args, extensions }) => !args.some(({ name }) => name === "perPage") && !extensions.rows,
    );
    expect(unsaid).toEqual([]);
  });
});

describe("The length of an answer", () => {
  const codeOf = (text: string) => JSON.parse(text).errors?.[0].extensions.code;
  it.each<[string, unknown]>([
    ["texts", { a: "x".repeat(101) }],
    ["many small ones", { a: Array(60).fill({ b: 1 }) }],
    ["letters of several bytes", { a: "ü".repeat(48) }],
    ["characters that are escaped", { a: "\u0001".repeat(20) }],
    ["names", { ["n".repeat(101)]: null }],
    ["what is nested", { a: [[[{ b: { c: ["x".repeat(90)] } }]]] }],
  ])("4.5 ends at its limit: %s", (_, data) => {
    const answer = stringifyAnswer({ data }, 100);
    expect(codeOf(answer)).toBe("TOO_LARGE");
    expect(JSON.parse(answer).data).toBeNull();
    expect(stringifyAnswer({ data })).toBe(`${JSON.stringify({ data })}\n`);
  });

  it("4.5 may be as long as the limit", () => {
    const data = { a: "x".repeat(100 - '{"data":{"a":""}}'.length) };
    expect(codeOf(stringifyAnswer({ data }, 100))).toBeUndefined();
    expect(ANSWER_MAX).toBe(16_000_000);
  });
});
