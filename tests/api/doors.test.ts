import { getIntrospectionQuery } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ONE_REQUEST, startWaypost, type Waypost } from "../kit/waypost.js";

/** The closed list of contract.md, section 3. */
const CODES = [
  ...["BAD_USER_INPUT", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "INTERNAL_SERVER_ERROR"],
  ...["CONFLICT", "TOO_LARGE", "SERVICE_UNAVAILABLE"],
  ...["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"],
];
const repeat = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(" ");
const CREATE = "mutation($input: FlowInput!) { createFlow(input: $input) { id } }";

describe("The doors of the API", () => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost("SQLite");
  });
  afterAll(() => waypost.close());

  const post = async (body: string | Buffer, headers: Record<string, string> = {}) => {
    const response = await fetch(`${waypost.apiUrl}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${waypost.token}`, "content-type": "application/json", ...headers },
      body: body as string,
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text.startsWith("{") ? JSON.parse(text) : null,
    };
  };
  const refusal = async (query: string, variables?: object) => {
    const { errors = [] } = await waypost.graphql(query, variables);
    const [first] = errors;
    expect(CODES).toContain(first?.extensions.code);
    expect(first?.extensions).not.toHaveProperty("stacktrace");
    return [first?.extensions.code, first?.extensions.field];
  };

  const nested = (depth: number, name: string) => `${`${name} { `.repeat(depth)}name${" }".repeat(depth)}`;
  const F30 = repeat(30, (index) => `fragment F${index} on Query { a { ...F${index + 1} } }`);
  const A101 = repeat(101, (index) => `fragment F${index} on Query { a${index}: me { id } }`);
  const INVALID = "GRAPHQL_VALIDATION_FAILED";
  it.each([
    ["nested too deep", `{ ${nested(30, "a")} }`, INVALID, "depth limit"],
    ["nested too deep by fragments", `{ ...F0 } ${F30} fragment F30 on Query { a }`, INVALID, "depth limit"],
    [
      "nested too deep in the schema",
      `{ __schema { types { ${nested(9, "fields { type")}`.replace(/$/, " }".repeat(12)),
      INVALID,
      "introspection depth",
    ],
    [
      "of fragments in a circle",
      "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
      INVALID,
      "itself",
    ],
    ["with 101 aliases", `{ ${repeat(101, (index) => `a${index}: me { id }`)} }`, INVALID, "Aliases limit"],
    [
      "with 101 aliases in fragments",
      `{ ${repeat(101, (index) => `...F${index}`)} } ${A101}`,
      INVALID,
      "Aliases limit",
    ],
    ["of 4001 tokens", `{ ${repeat(4000, () => "me")} }`, "GRAPHQL_PARSE_FAILED", "4000 tokens"],
    ["that is no GraphQL", "{ flows", "GRAPHQL_PARSE_FAILED", "Expected Name"],
    ["of nothing but a comment", "# nothing", "GRAPHQL_PARSE_FAILED", "Unexpected <EOF>"],
    ["with a field that is none", "{ flowz { items { id } } }", INVALID, "flowz"],
    ["without a required argument", "{ flow { id } }", INVALID, "is required"],
    ["with a subscription", "subscription { me { id } }", INVALID, "subscription"],
    ["with two anonymous operations", "{ me { id } } { me { id } }", INVALID, "anonymous operation"],
    [
      "with many operations and no choice",
      "query A { me { id } } query B { me { id } }",
      "BAD_USER_INPUT",
      "operation name",
    ],
  ])("refuse a document %s", async (_, query, code, words) => {
    const { errors } = await waypost.graphql(query);
    expect(errors?.[0]?.extensions.code).toBe(code);
    expect(errors?.map(({ message }) => message).join(" ")).toContain(words);
  });

  it("let through what is just within the limits", async () => {
    const deepest = "{ postbackLogs { items { conversion { click { flow { paths { id } goals { id } } } } } } }";
    expect((await waypost.graphql(deepest)).errors).toBeUndefined();
    expect((await waypost.graphql(`{ ${repeat(100, (index) => `a${index}: me { id }`)} }`)).errors).toBeUndefined();
    expect((await waypost.graphql(getIntrospectionQuery())).data.__schema.queryType.name).toBe("Query");
  });

  it.each([
    ["a hundred pages of 50", repeat(100, (index) => `a${index}: flows { totalCount }`), true],
    [
      "a hundred pages and one row",
      `${repeat(99, (index) => `a${index}: flows(perPage: 1) { totalCount }`)} b: clicks(perPage: 51) { totalCount }`,
      false,
    ],
    ["ten pages of 500", repeat(10, (index) => `a${index}: clicks(perPage: 500) { totalCount }`), true],
    ["eleven pages of 500", repeat(11, (index) => `a${index}: clicks(perPage: 500) { totalCount }`), false],
    [
      "pages of 500, beside a negative one, which takes none",
      `${repeat(11, (index) => `b${index}: flows(perPage: 500) { totalCount }`)} b: flows(perPage: -500) { totalCount }`,
      false,
    ],
  ])("take no more than 5000 rows in one request: %s", async (_, fields, isTaken) => {
    const { errors } = await waypost.graphql(`{ ${fields} }`);
    if (isTaken) expect(errors).toBeUndefined();
    else expect(errors?.at(-1)?.extensions).toMatchObject({ code: "TOO_LARGE", field: "perPage" });
  });

  const LISTS = "clicks(perPage: 500) { items { flow { paths { url } } } }";
  it.each([
    ["lists in the rows of lists", `{ ${repeat(5, (index) => `a${index}: ${LISTS}`)} }`],
    ["previews", `{ ${repeat(2, (index) => `a${index}: previewReplay(filter: {}) { count }`)} }`],
    [
      "changes of many",
      `mutation { createFlow(input: { name: "Before" }) { id } ${repeat(2, (index) => `a${index}: replayPostbacks(filter: {}, expected: 0) { count }`)} }`,
    ],
  ])("4.5 count what a request costs before anything of it runs: %s", async (_, query) => {
    const { status, data, errors } = await waypost.graphql(query);
    expect([status, data ?? null, errors?.map(({ extensions }) => extensions.code)]).toEqual([
      200,
      null,
      ["TOO_LARGE"],
    ]);
    expect(errors?.[0]?.path).toBeUndefined();
    expect((await waypost.ask('{ flows(filter: { search: "Before" }) { totalCount } }')).flows.totalCount).toBe(0);
  });

  it("4.5 end an answer at 16 MB, and say so", async () => {
    const url = `https://example.com/?${"x".repeat(2000)}`;
    const { key } = await waypost.seedFlow({ paths: Array.from({ length: 100 }, () => ({ url })) });
    await Promise.all(Array.from({ length: 90 }, () => waypost.track(`/c/${key}`)));
    const paths = "items { flow { paths { url } } }";
    await waypost.ask("{ me { id } }");
    const { status, data, errors } = await waypost.graphql(`{ clicks(perPage: 100) { ${paths} } }`);
    expect([status, data, errors?.map(({ extensions }) => extensions.code)]).toEqual([200, null, ["TOO_LARGE"]]);
    expect(errors?.[0]?.message).toBe("The answer has more than 16 MB: ask in several, for fewer rows or fields.");
    const { clicks } = await waypost.ask(`{ clicks(perPage: 10) { ${paths} } }`);
    expect(clicks.items[9].flow.paths).toHaveLength(100);
  });

  it.each([
    [
      "a variable of another type",
      "query($perPage: Int) { flows(perPage: $perPage) { totalCount } }",
      { perPage: "x" },
      "perPage",
    ],
    ["a variable of another name", "query($n: Int) { flows(perPage: $n) { totalCount } }", { n: "x" }, "perPage"],
    ["an input of another name", CREATE.replaceAll("$input", "$flow"), { flow: { paths: [{}] } }, "paths.0.url"],
    ["a whole input of another name", CREATE.replaceAll("$input", "$flow"), { flow: null }, "input"],
    [
      "a variable deep inside",
      'mutation($u: String!) { createFlow(input: {name: "x", paths: [{url: "https://a.example"}, {url: $u}]}) { id } }',
      { u: 5 },
      "paths.1.url",
    ],
    [
      "an input deep inside",
      'mutation($p: [PathInput!]) { createFlow(input: {name: "x", paths: $p}) { id } }',
      { p: [{ url: "https://a.example", weight: "1" }] },
      "paths.0.weight",
    ],
    [
      "a variable in a fragment",
      "query($n: Int) { ...F } fragment F on Query { flows(page: 1, perPage: $n) { totalCount } }",
      { n: "x" },
      "perPage",
    ],
    ["a variable that is missing", "query($id: ID!) { flow(id: $id) { id } }", {}, "id"],
    ["a variable that is null", "query($id: ID!) { flow(id: $id) { id } }", { id: null }, "id"],
    ["null over a default", 'query($id: ID = "1") { flow(id: $id) { id } }', { id: null }, "id"],
    [
      "null within a literal",
      'mutation($url: String = "x") { createFlow(input: {name: "x", paths: [{url: $url}]}) { id } }',
      { url: null },
      "input",
    ],
    ["a field deep inside", CREATE, { input: { name: "x", paths: [{ url: 1 }] } }, "paths.0.url"],
    ["a field deep inside that is missing", CREATE, { input: { name: "x", goals: [{ key: "a" }, {}] } }, "goals.1.key"],
    ["a list that is none", CREATE, { input: { name: "x", paths: "x" } }, "paths"],
    ["an item that is none", CREATE, { input: { name: "x", paths: [{ url: "https://a.example" }, 5] } }, "paths.1"],
    ["the whole input", CREATE, { input: 5 }, "input"],
    ["a field named like another place", CREATE, { input: { name: ['at "input.paths[7].url"; x'] } }, "name"],
    [
      "an item of a list variable",
      "query($ids: [ID!]) { flows(filter: {ids: $ids}) { totalCount } }",
      { ids: ["1", {}] },
      "ids.1",
    ],
    [
      "an enum's value that is none",
      "query($s: FlowStatus) { flows(filter: {status: $s}) { totalCount } }",
      { s: "active" },
      "status",
    ],
    [
      "a moment that is none",
      "query($from: DateTime) { clicks(filter: {from: $from}) { totalCount } }",
      { from: "now" },
      "from",
    ],
  ])("name the field of %s", async (_, query, variables, field) => {
    expect(await refusal(query, variables)).toEqual(["BAD_USER_INPUT", field]);
  });

  it.each([
    ["an array, which would be a batch", "[{}]"],
    ["a batch of queries", JSON.stringify([{ query: "{ me { id } }" }, { query: "{ me { id } }" }])],
    ["text", '"{ me { id } }"'],
    ["null", "null"],
    ["no JSON", "{ me { id } }"],
    ["nothing", ""],
    ["an object without query", "{}"],
    ["a query that is no text", '{"query": {"a": 1}}'],
    ["variables that are none", '{"query": "{ me { id } }", "variables": "x"}'],
    ["variables in a list", '{"query": "{ me { id } }", "variables": []}'],
    ["extensions that are none", '{"query": "{ me { id } }", "extensions": "x"}'],
    ["a persisted query and no other", '{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "x"}}}'],
    ["an operation name that is none", '{"query": "{ me { id } }", "operationName": "Other"}'],
    ["a prototype", '{"query": "{ me { id } }", "__proto__": {"x": 1}}'],
  ])("answer %s as a GraphQL error with a code of the list", async (_, body) => {
    const { status, json, text } = await post(body);
    expect([200, 400]).toContain(status);
    expect(json.data ?? null).toBeNull();
    expect(json.errors.map((error: { extensions: { code: string } }) => error.extensions.code)).toEqual([
      "BAD_USER_INPUT",
    ]);
    expect(text).not.toMatch(/node_modules|\.ts:|stacktrace/);
  });

  it.each([
    ["text/plain", JSON.stringify({ query: "{ me { id } }" })],
    ["application/x-www-form-urlencoded", "query=%7B%20me%20%7B%20id%20%7D%20%7D"],
    [
      "multipart/form-data; boundary=x",
      '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"query":"{ me { id } }"}\r\n--x--',
    ],
  ])("refuse %s, which other sites can make a browser send", async (type, body) => {
    const { status, text, json } = await post(body, { "content-type": type });
    expect(status).toBe(415);
    expect(text).not.toContain('"me"');
    expect(CODES).toContain(json.errors[0].extensions.code);
    expect(json.errors[0].message).toContain("send it as application/json");
  });

  it("refuse a body over 512 KiB, and take one just below", async () => {
    const body = (length: number) => JSON.stringify({ query: "{ me { id } }", padding: "x".repeat(length) });
    const tooLarge = await post(body(512 * 1024));
    expect([tooLarge.status, tooLarge.json.errors[0].extensions.code]).toEqual([413, "BAD_USER_INPUT"]);
    expect((await post(body(511 * 1024))).status).toBe(200);
  });

  it.each([
    ["HEAD", 405],
    ["PUT", 405],
    ["DELETE", 405],
    ["PATCH", 405],
    ["PROPFIND", 405],
    ["OPTIONS", 404],
  ])("4.10 do not serve GraphQL by %s", async (method, status) => {
    const url = `${waypost.apiUrl}/graphql?query=${encodeURIComponent("{ me { id } }")}`;
    for (const authorization of [`Bearer ${waypost.token}`, ""]) {
      const response = await fetch(url, { method, headers: { authorization, "apollo-require-preflight": "1" } });
      expect([response.status, response.headers.get("allow")]).toEqual([status, status === 405 ? "GET, POST" : null]);
      expect(response.headers.get("cache-control")).toBe("no-store");
      const text = await response.text();
      if (method !== "HEAD") expect(text).toMatch(status === 405 ? /"code":"BAD_USER_INPUT".*/ : /"status":404/);
      expect(text).not.toContain('"me"');
    }
  });

  it("4.7 ask for METRICS_TOKEN, on both servers", async () => {
    const own = await startWaypost("SQLite", { environment: { METRICS_TOKEN: "s3cret-word" } });
    for (const base of [own.apiUrl, own.trackerUrl]) {
      const ask = (headers: Record<string, string>) =>
        fetch(`${base}/metrics`, { headers: { ...headers, ...ONE_REQUEST } });
      const refused = await ask({});
      expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
      expect(await refused.json()).toMatchObject({ status: 401, message: expect.stringContaining("METRICS_TOKEN") });
      const told = await ask({ authorization: "Bearer s3cret-word", via: "1.1 proxy" });
      expect([told.status, await told.text()]).toEqual([200, expect.stringContaining("process_cpu_seconds_total")]);
    }
    await own.close();
    expect(own.logLines.join("")).not.toContain("s3cret-word");
  });

  it("4.11 say that nobody may keep an answer, right or wrong", async () => {
    const answers = await Promise.all([
      post('{"query":"{ me { id } }"}'),
      post('{"query":"{ nope }"}'),
      post('{"query":"{ me { id } }"}', { authorization: "" }),
      post("no JSON"),
      post("x", { "content-type": "text/plain" }),
      post("x".repeat(600 * 1024)),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 401, 400, 415, 413]);
    for (const { headers } of answers) expect(headers.get("cache-control")).toBe("no-store");
  });

  it("tell browsers to be careful, on every answer, and no other site that it may read them", async () => {
    const { headers } = await waypost.graphql("{ me { id } }", {}, { headers: { origin: "https://evil.example" } });
    expect(headers.get("content-security-policy")).toMatch(/default-src 'none'/);
    expect(headers.get("content-security-policy")).not.toMatch(/script-src[^;]*unsafe-inline/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("SAMEORIGIN");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-powered-by")).toBeNull();
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect((await fetch(`${waypost.apiUrl}/nothing`)).headers.get("x-content-type-options")).toBe("nosniff");
  });
});
