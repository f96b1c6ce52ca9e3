import { readFileSync } from "node:fs";
import { buildSchema, isInputObjectType } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askEach } from "../kit/ask-each.js";
import { databases, EMAIL, type GraphqlAnswer, startWaypost, type Waypost } from "../kit/waypost.js";

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

/** A field of the schema in which `$value` stands for what is sent, and what that is made of a value. */
interface Place {
  kind: "query" | "mutation";
  type: string;
  field: string;
  value?: (value: unknown) => unknown;
  /** Several in one document would be counted as several: each is sent by itself. */
  alone?: boolean;
  /** It takes a list of what is made of values, and says all that is wrong with it at once. */
  list?: "paths" | "goals";
}

const query = (type: string, field: string, value?: Place["value"]): Place => ({
  kind: "query",
  type,
  field,
  ...(value && { value }),
});
const mutation = (type: string, field: string, value?: Place["value"]): Place => ({
  ...query(type, field, value),
  kind: "mutation",
});

/** Every place of the schema that takes text: each condition of each filter, each id, each cursor, each input. */
const places: [place: string, place: Place][] = [
  ...Object.entries(lists).flatMap(([list, type]) => {
    const filter = schema.getType(type);
    const conditions = isInputObjectType(filter) ? Object.values(filter.getFields()) : [];
    return conditions.map((condition): (typeof places)[number] => [
      `${list} by ${condition.name}`,
      query(type, `${list}(filter: $value) { items { id } totalCount }`, (value) => ({
        [condition.name]: String(condition.type) === "[ID!]" ? [value, value] : value,
      })),
    ]);
  }),
  ...Object.keys(lists).map((list): (typeof places)[number] => [
    `${list} after`,
    query("String", `${list}(after: $value) { items { id } }`),
  ]),
  ...["flow", "click", "conversion", "postbackLog", "postbackKey"].map((single): (typeof places)[number] => [
    `one ${single}`,
    query("ID!", `${single}(id: $value) { id }`),
  ]),
  ...["deleteFlow", "restoreFlow", "deletePostbackKey"].map((name): (typeof places)[number] => [
    name,
    mutation("ID!", `${name}(id: $value) { id }`, (id) => (String(id) === "1" ? "0" : id)),
  ]),
  ["updateFlow", mutation("ID!", "updateFlow(id: $value, input: {}) { id }")],
  ...["key", "name", "status", "defaultSource", "defaultTerm"].map((field): (typeof places)[number] => [
    `a new flow's ${field}`,
    mutation("FlowInput!", "createFlow(input: $value) { id }", (value) => ({ name: "Hostile", [field]: value })),
  ]),
  ...["name", "url"].map((field): (typeof places)[number] => [
    `a path's ${field}`,
    {
      ...mutation("[PathInput!]", 'createFlow(input: {name: "Hostile", paths: $value}) { paths { id } }', (value) => ({
        url: "https://example.com/",
        [field]: value,
      })),
      list: "paths",
    },
  ]),
  ...["key", "name", "revenue", "currency"].map((field): (typeof places)[number] => [
    `a goal's ${field}`,
    {
      ...mutation("[GoalInput!]", 'createFlow(input: {name: "Hostile", goals: $value}) { goals { id } }', (value) => ({
        key: `sale-${JSON.stringify(value)}`.slice(0, 60),
        [field]: value,
      })),
      list: "goals",
    },
  ]),
  [
    "a path's id",
    mutation("ID", 'createFlow(input: {name: "Hostile", paths: [{id: $value, url: "https://example.com/"}]}) { id }'),
  ],
  ["a goal's id", mutation("ID", 'createFlow(input: {name: "Hostile", goals: [{id: $value, key: "sale"}]}) { id }')],
  ["a postback key's key", mutation("String", "generatePostbackKey(key: $value) { id }")],
  ["a postback key's name", mutation("String", `generatePostbackKey(key: "'", name: $value) { id }`)],
  ["the dashboard's zone", query("String", "dashboard(timeZone: $value) { timeZone }")],
  ...(
    [
      ["the current password", 'changePassword(current: $value, new: "long enough")'],
      ["the new password", 'changePassword(current: "wrong", new: $value)'],
      ["an e-mail address", 'login(email: $value, password: "wrong") { token }'],
      ["a password", `login(email: "${EMAIL}", password: $value) { token }`],
    ] as const
  ).map(([name, field]): (typeof places)[number] => [name, { ...mutation("String!", field), alone: true }]),
];

describe.each(databases)("Hostile input, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost(database);
  });
  afterAll(() => waypost.close());

  /** Asks a place with some values in one document. */
  function ask(place: Place, values: unknown[]): Promise<GraphqlAnswer> {
    const { kind, type, field, list, value: made = (value) => value } = place;
    if (list) return waypost.graphql(`${kind}($value: ${type}) { ${field} }`, { value: values.map(made) });
    const heads = values.map((_, place) => `$value_${place}: ${type}`);
    const fields = values.map((_, place) => `a${place}: ${field.replace("$value", `$value_${place}`)}`);
    return waypost.graphql(
      `${kind}(${heads.join(", ")}) { ${fields.join(" ")} }`,
      Object.fromEntries(values.map((value, place) => [`value_${place}`, made(value)])),
    );
  }

  function check(names: string, { errors = [], status }: GraphqlAnswer): void {
    const codes = errors.map(({ extensions }) => extensions.code);
    expect(CODES, `${names}: ${JSON.stringify(errors).slice(0, 300)}`).toEqual(expect.arrayContaining(codes));
    expect(status, names).toBeLessThan(500);
    for (const { extensions, message } of errors) {
      if (extensions.code === "BAD_USER_INPUT") expect(extensions.field, `${names}: ${message}`).toBeTruthy();
    }
  }

  /**
   * Sends all values in one document, and again without those that are no values of its type, which it names all. Where one
   * is refused that the others hide behind, they are sent on: mutations from the next one on, since they come in turn.
   */
  async function send(place: Place, all: [name: string, value: unknown][]): Promise<void> {
    if (place.list) return sendList(place, all);
    let left = all;
    while (left.length > 0 && !place.alone) {
      const answer = await ask(
        place,
        left.map(([, value]) => value),
      );
      const { errors = [] } = answer;
      check(left.map(([name]) => name).join(", "), answer);
      if (errors.length === 0) return;
      const wrong = new Set(errors.map(({ message }) => /^Variable "\$value_(\d+)"/.exec(message)?.[1]));
      const failed = left.findIndex((_, index) => errors[0]?.path?.[0] === `a${index}`);
      if (wrong.has(undefined) && (place.kind === "query" || failed === 0)) break;
      left = wrong.has(undefined) ? left.slice(failed + 1) : left.filter((_, index) => !wrong.has(`${index}`));
    }
    await Promise.all(left.map(async ([name, value]) => check(name, await ask(place, [value]))));
  }

  /** Sends all values in one list, then those of them that were not refused. */
  async function sendList(place: Place, all: [name: string, value: unknown][]): Promise<void> {
    let left = all;
    while (left.length > 0) {
      const names = left.map(([name]) => name).join(", ");
      const answer = await ask(
        place,
        left.map(([, value]) => value),
      );
      check(names, answer);
      const { errors = [] } = answer;
      if (errors.length === 0) return;
      // Values of another type are named each by itself, before any is looked at; and then all problems in one error.
      const problems = errors.flatMap(({ extensions }) => (extensions.problems as { field: string }[]) ?? [extensions]);
      const wrong = new Set(
        problems.map(({ field }) => new RegExp(`^${place.list}\\.(\\d+)\\.`).exec(field ?? "")?.[1]),
      );
      expect(wrong, `${names}: ${JSON.stringify(problems).slice(0, 300)}`).not.toContain(undefined);
      left = left.filter((_, index) => !wrong.has(`${index}`));
    }
  }

  it.each(places)("is refused or looked for in vain: %s", async (_, place) => {
    await send(place, Object.entries({ ...texts, ...others }));
  });

  describe("Text", () => {
    const nameOf = (text: string) => `.${text}.`.slice(0, 118);
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any query.
    const made = new Map<string, any>();
    // biome-ignore lint/suspicious/noExplicitAny: see above.
    const found = new Map<string, any>();
    beforeAll(async () => {
      const names = Object.values(texts).map(nameOf);
      const flows = await askEach(
        waypost.ask,
        {
          kind: "mutation",
          types: "$input: FlowInput!",
          field: "createFlow(input: $input) { id name defaultSource goals { key } }",
        },
        names.map((name) => ({ input: { name, defaultSource: name, goals: [{ key: name.slice(0, 60) }] } })),
      );
      const lists = await askEach(
        waypost.ask,
        { types: "$search: String", field: "flows(filter: {search: $search}) { items { id name } }" },
        names.map((name) => ({ search: name.slice(0, 20) })),
      );
      for (const [place, name] of names.entries()) {
        made.set(name, flows[place]);
        found.set(name, lists[place].items);
      }
    });

    it.each(Object.entries(texts))("%s is kept in names as it came, trimmed and well formed", (_, text) => {
      const name = nameOf(text);
      const kept = name.toWellFormed();
      expect(made.get(name)).toMatchObject({
        name: kept,
        defaultSource: kept,
        goals: [{ key: name.slice(0, 60).toWellFormed() }],
      });
      expect(found.get(name)).toContainEqual({ id: made.get(name).id, name: kept });
    });
  });

  it("left the system as it was: it still answers", async () => {
    const { flows, me } = await waypost.ask("{ flows(perPage: 1) { totalCount } me { email } }");
    expect(flows.totalCount).toBeGreaterThan(Object.keys(texts).length);
    expect(me).toEqual({ email: EMAIL });
    expect(waypost.logLines.filter((line) => line.includes("A GraphQL request failed."))).toEqual([]);
  });
});
