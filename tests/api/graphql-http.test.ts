import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawRequest } from "../kit/raw-request.js";
import { EMAIL, ONE_REQUEST, PASSWORD, startWaypost, type Waypost } from "../kit/waypost.js";

const ORIGIN = "https://app.example.com";
const LOGIN = `login(email: "${EMAIL}", password: "${PASSWORD}") { token }`;

describe("GraphQL over HTTP", () => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost("SQLite", { environment: { CORS_ORIGINS: `${ORIGIN}, http://localhost:5173` } });
  });
  afterAll(() => waypost.close());

  /** Asks by a URL. Apollo wants a header that no other site can make a browser send without asking. */
  async function get(parameters: Record<string, string>, headers: Record<string, string> = {}) {
    const response = await fetch(`${waypost.apiUrl}/graphql?${new URLSearchParams(parameters)}`, {
      headers: { authorization: `Bearer ${waypost.token}`, "apollo-require-preflight": "1", ...headers },
    });
    const text = await response.text();
    const body = text.startsWith("{") ? JSON.parse(text) : {};
    const [first] = body.errors ?? [];
    return { status: response.status, headers: response.headers, data: body.data, ...first?.extensions };
  }

  describe("7.5 by GET", () => {
    it("answers queries, with variables and an operation's name", async () => {
      const query = "query A { me { id } } query B($perPage: Int) { flows(perPage: $perPage) { totalCount } }";
      expect(await get({ query: "{ me { email } }" })).toMatchObject({ status: 200, data: { me: { email: EMAIL } } });
      expect(await get({ query, operationName: "B", variables: '{"perPage":1}' })).toMatchObject({
        status: 200,
        data: { flows: { totalCount: 0 } },
      });
      expect((await get({ query })).headers.get("cache-control")).toBe("no-store");
    });

    it.each([
      ["a mutation", { query: "mutation { logout }" }, 405, undefined],
      [
        "a mutation among queries",
        { query: "query A { me { id } } mutation B { logout }", operationName: "B" },
        405,
        undefined,
      ],
      ["login", { query: `mutation { ${LOGIN} }` }, 405, undefined],
      ["variables that are no JSON", { query: "{ me { id } }", variables: "x" }, 400, "variables"],
      ["variables in a list", { query: "{ me { id } }", variables: "[]" }, 400, "variables"],
      ["extensions that are no JSON", { query: "{ me { id } }", extensions: "x" }, 400, "extensions"],
      ["no query", {}, 400, "query"],
      ["an empty query", { query: "" }, 400, "query"],
      ["an operation that is none", { query: "query A { me { id } }", operationName: "B" }, 400, "operationName"],
      [
        "a wrong value",
        { query: "query($n: Int) { flows(perPage: $n) { totalCount } }", variables: '{"n":"x"}' },
        200,
        "perPage",
      ],
    ] as [string, Record<string, string>, number, string | undefined][])(
      "refuses %s",
      async (_, parameters, status, field) => {
        const answer = await get(parameters);
        expect([answer.status, answer.code, answer.field]).toEqual([status, "BAD_USER_INPUT", field]);
        expect(answer.data ?? null).toBeNull();
        expect(answer.headers.get("allow")).toBe(status === 405 ? "POST" : null);
        expect((await get({ query: "{ me { id } }" })).status).toBe(200);
      },
    );

    it("refuses a query twice, and what another site could send", async () => {
      const twice = `${waypost.apiUrl}/graphql?query={me{id}}&query={me{id}}`;
      const own = { authorization: `Bearer ${waypost.token}` };
      expect((await fetch(twice, { headers: { ...own, "apollo-require-preflight": "1" } })).status).toBe(400);
      const plain = await fetch(`${waypost.apiUrl}/graphql?query={me{email}}`, { headers: own });
      expect([plain.status, await plain.text()]).toEqual([400, expect.not.stringContaining(EMAIL)]);
      const cookie = { cookie: `waypost_session=${waypost.token}`, "sec-fetch-site": "cross-site", ...ONE_REQUEST };
      const crossSite = await fetch(`${waypost.apiUrl}/graphql?query={me{email}}`, { headers: cookie });
      expect([crossSite.status, await crossSite.text()]).toEqual([400, expect.not.stringContaining(EMAIL)]);
    });

    it("answers nobody without a session, whatever is asked", async () => {
      const queries = [
        "{ me { id } }",
        "{ nope",
        "",
        "{ flows(perPage: 0.5) { nope } }",
        "mutation { logout }",
        "{ __typename }",
      ];
      for (const query of queries) {
        const answer = await get({ query }, { authorization: "" });
        expect([answer.status, answer.code]).toEqual([401, "UNAUTHENTICATED"]);
      }
    });

    it.each(["", "Host: \r\n", "Host: <script>\r\n", "Host: a b:c\r\n"])(
      "does not depend on the host that is named: %j",
      async (host) => {
        const { status } = await rawRequest(
          waypost.apiUrl,
          `GET /graphql?query={me{id}} HTTP/1.1\r\n${host}Apollo-Require-Preflight: 1\r\nConnection: close\r\n\r\n`,
        );
        expect([400, 401]).toContain(status);
      },
    );
  });

  describe("7.6 4.10 without a session", () => {
    it.each([
      ["a login with a field that is none", `mutation { login(email: "a", password: "b") { tokn } }`],
      [
        "a login with a fragment of another type",
        `mutation { login(email: "a", password: "b") { ... on Flow { nme } } }`,
      ],
      ["a login without its password", 'mutation { login(email: "a") { token } }'],
      ["a login with a number for an address", 'mutation { login(email: 5, password: "b") { token } }'],
      ["a login with an argument that is none", 'mutation { login(email: "a", password: "b", nope: 1) { token } }'],
      ["a login with an unknown directive", 'mutation { login(email: "a", password: "b") @nope { token } }'],
      ["a login with a variable that it does not use", `mutation($x: String) { ${LOGIN} }`],
      [
        "a login nested too deep",
        `mutation { ${LOGIN.replace("token", `user ${"{ a ".repeat(12)}${"}".repeat(12)}`)} }`,
      ],
      [
        "a hundred and one logins",
        `mutation { ${Array.from({ length: 101 }, (_, index) => `a${index}: ${LOGIN}`).join(" ")} }`,
      ],
      ["a login with the names of another mutation", `mutation { ${LOGIN} createFlw(input: {}) { id } }`],
      ["a login with a variable of a type of the schema", `mutation($x: FlowInpt) { ${LOGIN} }`],
      [
        "a login with a variable that is an enum",
        "mutation($x: FlowStatus = ACTIV) { login(email: $x, password: $x) { token } }",
      ],
      ["a login with an enum for a password", 'mutation { login(email: "a", password: ACTIVE) { token } }'],
      [
        "a login with a field of a user that is none",
        'mutation { login(email: "a", password: "b") { user { passwrdHash } } }',
      ],
      [
        "a login with an inline fragment of no type",
        'mutation { login(email: "a", password: "b") { ... on Usr { id } } }',
      ],
      ["a login with a fragment that is not there", 'mutation { login(email: "a", password: "b") { ...Nope } }'],
      [
        "a login with a fragment",
        'mutation { login(email: "a", password: "b") { ...F } } fragment F on Lgin { token }',
      ],
      [
        "a login with a directive's argument that is none",
        'mutation { login(email: "a", password: "b") { token @skip(i: true) } }',
      ],
      ["a login with a directive on the mutation", 'mutation @colum { login(email: "a", password: "b") { token } }'],
      ["the types behind a login", 'mutation { login(email: "a", password: "b") { __schema { types { name } } } }'],
      ["a login as a query", 'query { login(email: "a", password: "b") { token } }'],
      ["a login as a subscription", 'subscription { login(email: "a", password: "b") { token } }'],
      ["two anonymous logins", `mutation { ${LOGIN} } mutation { ${LOGIN} }`],
    ])("%s is refused like anything else, without a word of the schema", async (_, query) => {
      const { status, errors } = await waypost.graphql(query, {}, { token: null });
      expect(status).toBe(401);
      expect(errors).toEqual([
        { message: "Sign in first: this needs a session.", extensions: { code: "UNAUTHENTICATED" } },
      ]);
    });

    it.each<[string, object]>([
      ["variables of other types", { email: 5, password: { a: 1 } }],
      ["variables that are missing", {}],
      ["variables that it does not have", { email: "a", password: "b", input: { nme: 1 } }],
    ])("a login with %s tells nothing but of itself", async (_, variables) => {
      const query =
        "mutation($email: String!, $password: String!) { login(email: $email, password: $password) { token } }";
      const { errors, data } = await waypost.graphql(query, variables, { token: null });
      expect(data ?? null).toBeNull();
      expect(JSON.stringify(errors)).not.toMatch(/Flow|Did you mean|Click|Postback|Query|Mutation/);
    });

    it("a login may leave a field out, or name itself", async () => {
      const query = `mutation In { ${LOGIN} }`;
      const { data } = await waypost.graphql(
        query.replace("token", "token __typename user { email @skip(if: true) }"),
        {},
        { token: null },
      );
      expect(data.login).toEqual({ token: expect.any(String), __typename: "Login", user: {} });
    });
  });

  it("4.12 @include and @skip work, on fields and fragments, by literal and by variable", async () => {
    const { data } = await waypost.graphql(
      `query($yes: Boolean!) { me { id @skip(if: true) email @include(if: $yes) ... @skip(if: $yes) { other: id } } }`,
      { yes: true },
    );
    expect(data).toEqual({ me: { email: EMAIL } });
    const { __schema } = await waypost.ask("{ __schema { directives { name } } }");
    expect(__schema.directives.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(["include", "skip", "deprecated"]),
    );
  });

  describe("7.8", () => {
    it("a closed sign-in says when to try again, in the header too", async () => {
      const own = await startWaypost("SQLite");
      const attempt = () =>
        own.graphql('mutation { login(email: "x@localhost", password: "wrong") { token } }', {}, { token: null });
      for (let tries = 0; tries < 10; tries += 1) expect((await attempt()).status).toBe(401);
      const { status, headers, errors } = await attempt();
      await own.close();
      expect([status, errors?.[0]?.extensions.code]).toEqual([429, "FORBIDDEN"]);
      expect(Number(headers.get("retry-after"))).toBe(errors?.[0]?.extensions.retryAfterSeconds);
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
      expect(errors?.[0]?.extensions).not.toHaveProperty("http");
    });

    const WHOLE = JSON.stringify({ query: "{ __schema { types { name description fields { name description } } } }" });
    async function asked(accepted: string | null, body = WHOLE) {
      const head = [
        ...["POST /graphql HTTP/1.1", "Host: x", "Content-Type: application/json", "Connection: close"],
        ...[`Authorization: Bearer ${waypost.token}`, `Content-Length: ${body.length}`],
        ...(accepted === null ? [] : [`Accept-Encoding: ${accepted}`]),
      ];
      const { body: received, ...answer } = await rawRequest(waypost.apiUrl, `${head.join("\r\n")}\r\n\r\n${body}`);
      return { ...answer, bytes: Buffer.from(received, "latin1") };
    }
    it.each([
      ["gzip, deflate, br", "br"],
      ["gzip, deflate, br, zstd", "br"],
      ["gzip", "gzip"],
      ["GZIP;q=0.5", "gzip"],
      ["br;q=0.1, gzip;q=0.9", "gzip"],
      ["br;q=0, gzip", "gzip"],
      ["*", "br"],
      ["deflate", null],
      ["identity", null],
      ["", null],
      [null, null],
    ])("answers are compressed when asked for: %s", async (accepted, encoding) => {
      const { status, headers, bytes } = await asked(accepted);
      expect([status, headers.get("content-encoding")]).toEqual([200, encoding]);
      expect(headers.get("vary")).toContain("Accept-Encoding");
      expect(Number(headers.get("content-length"))).toBe(bytes.length);
      const decode = { br: brotliDecompressSync, gzip: gunzipSync }[encoding ?? ""] ?? ((as: Buffer) => as);
      const plain = decode(bytes);
      expect(JSON.parse(plain.toString()).data.__schema.types.length).toBeGreaterThan(40);
      if (encoding) expect(bytes.length).toBeLessThan(plain.length / 3);
    });

    it("a small answer stays as it is, and says that it could be another", async () => {
      const { headers, bytes } = await asked("br", JSON.stringify({ query: "{ me { email } }" }));
      expect([headers.get("content-encoding"), headers.get("vary")]).toEqual([
        null,
        expect.stringContaining("Accept-Encoding"),
      ]);
      expect(JSON.parse(bytes.toString()).data.me.email).toBe(EMAIL);
    });

    const preflight = (origin: string, url = waypost.apiUrl) =>
      fetch(`${url}/graphql`, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization" },
      });
    it("pages of CORS_ORIGINS may ask with a token, and read when to try again", async () => {
      for (const origin of [ORIGIN, "http://localhost:5173"]) {
        const before = await preflight(origin);
        expect(before.status).toBe(204);
        expect(before.headers.get("access-control-allow-origin")).toBe(origin);
        expect(before.headers.get("access-control-allow-headers")).toMatch(
          /authorization.*content-type.*apollo-require-preflight/,
        );
        expect(before.headers.get("access-control-allow-methods")).toBe("GET, POST");
        const { data, headers } = await waypost.graphql("{ me { email } }", {}, { headers: { origin } });
        expect(data.me.email).toBe(EMAIL);
        expect(headers.get("access-control-allow-origin")).toBe(origin);
        expect(headers.get("access-control-expose-headers")).toContain("Retry-After");
        expect(headers.get("vary")).toMatch(/Origin.*Accept-Encoding/);
        for (const each of [before.headers, headers]) expect(each.get("access-control-allow-credentials")).toBeNull();
      }
      const refused = await waypost.graphql("{ me { id } }", {}, { token: null, headers: { origin: ORIGIN } });
      expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([401, ORIGIN]);
    });

    it("pages of CORS_ORIGINS are not signed in by a cookie", async () => {
      const headers = { cookie: `waypost_session=${waypost.token}` };
      expect((await waypost.graphql("{ me { id } }", {}, { token: null, headers })).status).toBe(200);
      const foreign = { ...headers, origin: ORIGIN };
      expect((await waypost.graphql("{ me { id } }", {}, { token: null, headers: foreign })).status).toBe(401);
    });

    it.each([
      "https://evil.example",
      "https://app.example.com.evil.example",
      "http://app.example.com",
      "null",
      "https://app.example.com:444",
    ])("pages of %s may not", async (origin) => {
      expect((await preflight(origin)).status).toBe(404);
      const { headers } = await waypost.graphql("{ me { id } }", {}, { headers: { origin } });
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("vary")).toContain("Origin");
    });

    it("of several mutations in one document those before the one that fails are done, and those after it are not tried", async () => {
      const { data, errors } = await waypost.graphql(
        `mutation { first: createFlow(input: { name: "First" }) { id } second: deleteFlow(id: "9") { id }
         third: createFlow(input: { name: "Third" }) { id } }`,
      );
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ path: ["second"], extensions: { code: "NOT_FOUND" } }]);
      const { flows } = await waypost.ask("{ flows { items { name } } }");
      expect(flows.items).toEqual([{ name: "First" }]);
    });
  });
});
