import { readFileSync } from "node:fs";
import { buildSchema, isInputObjectType } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databases, EMAIL, startWaypost, type Waypost } from "../kit/waypost.js";

const CODES = ["BAD_USER_INPUT", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"];

/** What may arrive where text is expected. */
const texts = {
  "a quote": "'",
  "a quote that closes": "' or '1'='1' -- ",
  "double quotes": '"; drop table flow; --',
  backticks: "`flow`",
  "a backslash": "\\",
  "a backslash before a quote": "\\' or 1=1 -- ",
  "a placeholder": "? ?? :name $1",
  wildcards: "%_%",
  NUL: "a\u0000b",
  "NUL and a quote": "\u0000' or 1=1 --",
  "half a character": "\ud83d",
  "the other half": "\udc00",
  "half a character at the end": `${"x".repeat(119)}\ud83d`,
  "four bytes": "🚀\u{10ffff}",
  "bytes of another charset": "\u00bf\u0027 or 1=1",
  "line breaks and escapes": "a\r\nb\u001b[31m\u2028",
  "a byte order mark": "\ufeff",
  "the other way round": "\u202eabc",
  "many accents": `e${"\u0301".repeat(1000)}`,
  "very long text": "x".repeat(100_000),
  "very long and wide": "ﷺ".repeat(20_000),
  nothing: "",
  blank: " \t\u00a0",
  "a formula": "=1+1",
  "a prototype": "__proto__",
  "a number": "1e309",
  "a negative number": "-1",
  "a number beyond 64 bits": "99999999999999999999999",
};

/** What may arrive where text is expected, and is none. */
const others = {
  a: 1,
  list: ["x"],
  "nested list": [["x"]],
  object: { a: 1 },
  operator: { $ne: null },
  number: 1.5,
  yes: true,
};

const schema = buildSchema(readFileSync("schema.graphql", "utf8"));
const lists = {
  flows: "FlowFilter",
  clicks: "ClickFilter",
  conversions: "ConversionFilter",
  postbackLogs: "PostbackLogFilter",
  postbackKeys: "PostbackKeyFilter",
};

/** Every place of the schema that takes text: each condition of each filter, each id, each cursor, each input. */
const places: [place: string, query: string, variables: (value: unknown) => object][] = [
  ...Object.entries(lists).flatMap(([list, type]) => {
    const filter = schema.getType(type);
    const conditions = isInputObjectType(filter) ? Object.values(filter.getFields()) : [];
    return conditions.map((condition): (typeof places)[number] => [
      `${list} by ${condition.name}`,
      `query($filter: ${type}) { ${list}(filter: $filter) { items { id } totalCount } }`,
      (value) => ({ filter: { [condition.name]: String(condition.type) === "[ID!]" ? [value, value] : value } }),
    ]);
  }),
  ...Object.keys(lists).map((list): (typeof places)[number] => [
    `${list} after`,
    `query($after: String) { ${list}(after: $after) { items { id } } }`,
    (after) => ({ after }),
  ]),
  ...["flow", "click", "conversion", "postbackLog", "postbackKey"].map((single): (typeof places)[number] => [
    `one ${single}`,
    `query($id: ID!) { ${single}(id: $id) { id } }`,
    (id) => ({ id }),
  ]),
  ...["deleteFlow", "restoreFlow", "deletePostbackKey"].map((name): (typeof places)[number] => [
    name,
    `mutation($id: ID!) { ${name}(id: $id) { id } }`,
    (id) => ({ id: String(id) === "1" ? "0" : id }),
  ]),
  ["updateFlow", "mutation($id: ID!) { updateFlow(id: $id, input: {}) { id } }", (id) => ({ id })],
  ...["key", "name", "status", "defaultSource", "defaultTerm"].map((field): (typeof places)[number] => [
    `a new flow's ${field}`,
    "mutation($input: FlowInput!) { createFlow(input: $input) { id } }",
    (value) => ({ input: { name: "Hostile", [field]: value } }),
  ]),
  ...["id", "name", "url"].map((field): (typeof places)[number] => [
    `a path's ${field}`,
    'mutation($path: PathInput!) { createFlow(input: {name: "Hostile", paths: [$path]}) { paths { id } } }',
    (value) => ({ path: { url: "https://example.com/", [field]: value } }),
  ]),
  ...["id", "key", "name", "revenue", "currency"].map((field): (typeof places)[number] => [
    `a goal's ${field}`,
    'mutation($goal: GoalInput!) { createFlow(input: {name: "Hostile", goals: [$goal]}) { goals { id } } }',
    (value) => ({ goal: { key: "sale", [field]: value } }),
  ]),
  ...["key", "name"].map((field): (typeof places)[number] => [
    `a postback key's ${field}`,
    "mutation($name: String, $key: String) { generatePostbackKey(name: $name, key: $key) { id } }",
    (value) => ({ key: "'", [field]: value }),
  ]),
  [
    "the dashboard's zone",
    "query($timeZone: String) { dashboard(timeZone: $timeZone) { timeZone } }",
    (timeZone) => ({ timeZone }),
  ],
  ["the current password", 'mutation($c: String!) { changePassword(current: $c, new: "long enough") }', (c) => ({ c })],
  ["the new password", 'mutation($n: String!) { changePassword(current: "wrong", new: $n) }', (n) => ({ n })],
  ["an e-mail address", 'mutation($e: String!) { login(email: $e, password: "wrong") { token } }', (e) => ({ e })],
  ["a password", `mutation($p: String!) { login(email: "${EMAIL}", password: $p) { token } }`, (p) => ({ p })],
];

describe.each(databases)("Hostile input, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost(database);
  });
  afterAll(() => waypost.close());

  it.each(places)("is refused or looked for in vain: %s", async (_, query, variables) => {
    for (const [name, value] of Object.entries({ ...texts, ...others })) {
      const { errors = [], status } = await waypost.graphql(query, variables(value));
      const codes = errors.map(({ extensions }) => extensions.code);
      expect(CODES, `${name}: ${JSON.stringify(errors).slice(0, 300)}`).toEqual(expect.arrayContaining(codes));
      expect(status, name).toBeLessThan(500);
      for (const { extensions, message } of errors) {
        if (extensions.code === "BAD_USER_INPUT") expect(extensions.field, `${name}: ${message}`).toBeTruthy();
      }
    }
  });

  it.each(Object.entries(texts))("%s is kept in names as it came, trimmed and well formed", async (_, text) => {
    const name = `.${text}.`.slice(0, 118);
    const { createFlow } = await waypost.ask(
      "mutation($input: FlowInput!) { createFlow(input: $input) { id name defaultSource goals { key } } }",
      { input: { name, defaultSource: name, goals: [{ key: name.slice(0, 60) }] } },
    );
    const kept = name.toWellFormed();
    expect(createFlow).toMatchObject({
      name: kept,
      defaultSource: kept,
      goals: [{ key: name.slice(0, 60).toWellFormed() }],
    });
    const { flows } = await waypost.ask(
      "query($search: String) { flows(filter: {search: $search}) { items { id name } } }",
      { search: name.slice(0, 20) },
    );
    expect(flows.items).toContainEqual({ id: createFlow.id, name: kept });
  });

  it("left the system as it was: it still answers", async () => {
    const { flows, me } = await waypost.ask("{ flows(perPage: 1) { totalCount } me { email } }");
    expect(flows.totalCount).toBeGreaterThan(Object.keys(texts).length);
    expect(me).toEqual({ email: EMAIL });
    expect(waypost.logLines.filter((line) => line.includes("A GraphQL request failed."))).toEqual([]);
  });
});
