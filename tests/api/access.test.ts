import { readFileSync } from "node:fs";
import { buildSchema, getIntrospectionQuery } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databases, EMAIL, type GraphqlAnswer, PASSWORD, startWaypost, type Waypost } from "../kit/waypost.js";

const DAY = 86_400_000;
const LOGIN = `login(email: "${EMAIL}", password: "${PASSWORD}") { token }`;
const PAGE = "{ items { id } totalCount }";

/** Every query and mutation, as it is asked with a session; `open` ones answer without. */
const matrix: Record<string, { ask: string; open?: boolean; refusal?: string }> = {
  "Query.flows": { ask: `{ flows ${PAGE} }` },
  "Query.clicks": { ask: `{ clicks ${PAGE} }` },
  "Query.conversions": { ask: `{ conversions ${PAGE} }` },
  "Query.postbackLogs": { ask: `{ postbackLogs ${PAGE} }` },
  "Query.postbackKeys": { ask: `{ postbackKeys { items { id key } } }` },
  "Query.putAsides": { ask: `{ putAsides ${PAGE} }` },
  "Query.flow": { ask: '{ flow(id: "1") { id } }' },
  "Query.click": { ask: '{ click(id: "1") { id } }' },
  "Query.conversion": { ask: '{ conversion(id: "1") { id } }' },
  "Query.postbackLog": { ask: '{ postbackLog(id: "1") { id } }' },
  "Query.postbackKey": { ask: '{ postbackKey(id: "1") { id key } }' },
  "Query.putAside": { ask: '{ putAside(id: "1") { id } }' },
  "Query.dashboard": { ask: "{ dashboard { clicksToday } }" },
  "Query.networks": { ask: "{ networks { name } }" },
  "Query.networkPreset": { ask: '{ networkPreset(name: "cake", postbackKeyId: "1") { postbackUrl } }' },
  "Query.trafficSources": { ask: "{ trafficSources { name } }" },
  "Query.trafficSourcePreset": { ask: '{ trafficSourcePreset(name: "Bing.com", flowId: "1") { trackingUrl } }' },
  "Query.previewReplay": { ask: "{ previewReplay(filter: {ids: []}) { count } }" },
  "Query.testPostback": { ask: '{ testPostback(url: "/postback/abcdef") { code } }' },
  "Query.addressFiles": { ask: "{ addressFiles { __typename } }" },
  "Query.lateTrackers": { ask: "{ lateTrackers { id } }" },
  "Query.me": { ask: "{ me { id email } }" },
  "Mutation.login": { ask: `mutation { ${LOGIN} }`, open: true },
  "Mutation.logout": { ask: "mutation { logout }" },
  "Mutation.changePassword": {
    ask: 'mutation { changePassword(current: "wrong", new: "long enough") }',
    refusal: "BAD_USER_INPUT",
  },
  "Mutation.createFlow": { ask: 'mutation { createFlow(input: {name: "x"}) { id } }' },
  "Mutation.updateFlow": { ask: 'mutation { updateFlow(id: "1", input: {name: "y"}) { id } }' },
  "Mutation.deleteFlow": { ask: 'mutation { deleteFlow(id: "1") { id } }' },
  "Mutation.restoreFlow": { ask: 'mutation { restoreFlow(id: "1") { id } }' },
  "Mutation.generatePostbackKey": { ask: "mutation { generatePostbackKey { id key } }" },
  "Mutation.updatePostbackKey": { ask: 'mutation { updatePostbackKey(id: "1", input: {name: "x"}) { id key } }' },
  "Mutation.sendPostback": { ask: 'mutation { sendPostback(postbackKeyId: "1", query: "click=x") { code } }' },
  "Mutation.changeConversions": {
    ask: "mutation { changeConversions(filter: {}, expected: 0, status: APPROVED) { changed } }",
  },
  "Mutation.replayPostbacks": { ask: "mutation { replayPostbacks(filter: {ids: []}, expected: 0) { count } }" },
  "Mutation.retryPutAside": {
    ask: `mutation { retryPutAside(id: "${"0".repeat(32)}") { id } }`,
    refusal: "NOT_FOUND",
  },
  "Mutation.retireTracker": { ask: 'mutation { retireTracker(id: "999") }', refusal: "NOT_FOUND" },
  "Mutation.deletePostbackKey": { ask: 'mutation { deletePostbackKey(id: "1") { id } }' },
};

const schema = buildSchema(readFileSync("schema.graphql", "utf8"));
const fields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
  type ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
);

it("every query and mutation of the schema has its line in the matrix", () => {
  expect(Object.keys(matrix).sort()).toEqual(fields.sort());
});

describe.each(databases)("Who may ask what, on %s", (database) => {
  let waypost: Waypost;
  let now = Date.now;
  beforeAll(async () => {
    waypost = await startWaypost(database, { now: () => now() });
    await waypost.seedFlow({ name: "The only one" });
  });
  afterAll(() => waypost.close());

  const codes = ({ errors = [] }: GraphqlAnswer) => errors.map(({ extensions }) => extensions.code);
  const signIn = async (): Promise<string> =>
    (await waypost.graphql(`mutation { ${LOGIN} }`, {}, { token: null })).data.login.token;
  const expectRefused = (answer: GraphqlAnswer) => {
    expect(codes(answer)).toEqual(["UNAUTHENTICATED"]);
    expect(answer.data ?? null).toBeNull();
    expect(answer.status).toBe(401);
  };

  it.each(Object.entries(matrix))(
    "%s answers those who may ask, and nobody else",
    async (name, { ask, open, refusal }) => {
      const token = name === "Mutation.logout" ? await signIn() : waypost.token;
      const inside = await waypost.graphql(ask, {}, { token });
      expect(codes(inside)).toEqual(refusal ? [refusal] : []);
      if (open) expect(codes(await waypost.graphql(ask, {}, { token: null }))).toEqual([]);
      else {
        const wrong = [null, "", "x", "null", `${waypost.token}x`, "a".repeat(5000)];
        const outside = await Promise.all(wrong.map((token) => waypost.graphql(ask, {}, { token })));
        outside.forEach(expectRefused);
      }
    },
  );

  it("nothing that was refused was done", async () => {
    const state = async () =>
      waypost.ask(
        "{ flows(filter: {deleted: null}) { items { name deleted } totalCount } postbackKeys { totalCount } }",
      );
    const before = await state();
    for (const { ask, open } of Object.values(matrix)) if (!open) await waypost.graphql(ask, {}, { token: null });
    expect(await state()).toEqual(before);
  });

  it.each([
    ["login beside another mutation", `mutation { ${LOGIN} createFlow(input: {name: "x"}) { id } }`],
    ["login after another mutation", `mutation { createFlow(input: {name: "x"}) { id } ${LOGIN} }`],
    ["another mutation called login", 'mutation { login: createFlow(input: {name: "x"}) { id } }'],
    ["a query called login", "query login { login: me { id } }"],
    ["__typename", "{ __typename }"],
    ["__typename of mutations", "mutation { __typename }"],
    ["login beside __typename", `mutation { ${LOGIN} __typename }`],
    ["introspection", getIntrospectionQuery()],
    ["introspection beside login", `mutation { ${LOGIN} __schema { types { name } } }`],
    ["one type", '{ __type(name: "User") { fields { name } } }'],
    ["an inline fragment", "mutation { ... on Mutation { logout } }"],
    ["an inline fragment around login", `mutation { ... { ${LOGIN} } }`],
    ["a fragment", `mutation { ...All } fragment All on Mutation { ${LOGIN} logout }`],
    ["a fragment beside login", `mutation { ${LOGIN} ...All } fragment All on Mutation { logout }`],
    ["another operation in the document", `mutation { ${LOGIN} } query Other { flows ${PAGE} }`],
    ["a subscription", "subscription { login }"],
    ["a type definition", `mutation { ${LOGIN} } type X { y: Int }`],
    ["nothing", ""],
    ["what is no GraphQL", "{ flows "],
    ["what is not in the schema", "{ nonsense }"],
  ])("a stranger is refused %s", async (_, query) => {
    expectRefused(await waypost.graphql(query, {}, { token: null }));
  });

  it.each(["Login", "Other"])("a stranger cannot choose among operations, here %s", async (operationName) => {
    const query = `mutation Login { ${LOGIN} } query Other { flows ${PAGE} }`;
    const response = await fetch(`${waypost.apiUrl}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, operationName }),
    });
    expect(response.status).toBe(401);
  });

  it.each([[[]], [null], ["text"], [{}], [{ query: null }], [{ query: ["{ me { id } }"] }], [{ id: "persisted" }]])(
    "a stranger is refused the body %j",
    async (body) => {
      const response = await fetch(`${waypost.apiUrl}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      expect([400, 401]).toContain(response.status);
      expect(await response.text()).not.toMatch(/"data":\{/);
    },
  );

  it("the cookie is as good as the token; a wrong token beside it is not overlooked", async () => {
    const token = await signIn();
    const cookie = { headers: { cookie: `other=1; waypost_session=${token}` }, token: null };
    expect((await waypost.graphql("{ me { email } }", {}, cookie)).data).toEqual({ me: { email: EMAIL } });
    expectRefused(await waypost.graphql("{ me { email } }", {}, { ...cookie, token: "wrong" }));
    expectRefused(
      await waypost.graphql("{ me { email } }", {}, { headers: { cookie: "waypost_session=" }, token: null }),
    );
    for (const authorization of [token, `Basic ${token}`, `Bearer ${token} x`, `Bearer${token}`]) {
      expectRefused(await waypost.graphql("{ me { email } }", {}, { headers: { authorization }, token: null }));
    }
    const lower = { headers: { authorization: `bearer ${token}` }, token: null };
    expect(codes(await waypost.graphql("{ me { email } }", {}, lower))).toEqual([]);
  });

  it("a session that was ended is over, and only that one", async () => {
    const [one, other] = [await signIn(), await signIn()];
    expect((await waypost.graphql("mutation { logout }", {}, { token: one })).data).toEqual({ logout: true });
    expectRefused(await waypost.graphql("{ me { id } }", {}, { token: one }));
    expect(codes(await waypost.graphql("{ me { id } }", {}, { token: other }))).toEqual([]);
  });

  it("a session ends by itself, thirty days after it began", async () => {
    const began = Date.now();
    now = () => began;
    const token = await signIn();
    now = () => began + 30 * DAY - 1;
    expect(codes(await waypost.graphql("{ me { id } }", {}, { token }))).toEqual([]);
    now = () => began + 30 * DAY;
    expectRefused(await waypost.graphql("{ me { id } }", {}, { token }));
    now = Date.now;
  });

  it("one who is signed in may ask for the whole schema", async () => {
    const { data, errors } = await waypost.graphql(getIntrospectionQuery({ inputValueDeprecation: true }));
    expect(errors).toBeUndefined();
    expect(data.__schema.types.length).toBeGreaterThan(40);
  });
});
