import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Facts, openFacts } from "../kit/facts.js";
import { databases, EMAIL, PASSWORD, startWaypost, type Waypost } from "../kit/waypost.js";

describe.each(databases)("What goes wrong inside, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  beforeAll(async () => {
    waypost = await startWaypost(database);
    facts = await openFacts(waypost);
  });
  afterAll(async () => {
    await facts.close();
    await waypost.close();
  });

  it("is told to nobody outside, and no secret is told to the log", async () => {
    const secrets = { key: "very-secret-key", password: `${PASSWORD} of mine`, postbackKey: waypost.postbackKey };
    await waypost.graphql(
      "{ postbackKeys { items { key url } } }",
      {},
      { token: null, headers: { cookie: `waypost_session=${waypost.token}` } },
    );
    for (const current of [PASSWORD, "wrong"]) {
      await waypost.graphql("mutation($c: String!, $n: String!) { changePassword(current: $c, new: $n) }", {
        c: current,
        n: secrets.password,
      });
    }
    await waypost.track(`/postback/${secrets.postbackKey}?click=none`);
    await facts.execute("alter table postback_key rename column name to name_away");
    await facts.execute("alter table click rename to click_away");
    const failing = [
      ["mutation($key: String) { generatePostbackKey(key: $key) { id } }", { key: secrets.key }],
      ["query($id: ID!) { click(id: $id) { id } }", { id: "f".repeat(32) }],
      ["{ clicks { totalCount } postbackKeys { items { key } } }", {}],
    ] as const;
    for (const [query, variables] of failing) {
      const { errors = [], data } = await waypost.graphql(query, variables);
      expect(data ?? { click: null }).toEqual({ click: null });
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors) {
        expect(error).toEqual({
          message: "Something went wrong on our side.",
          path: expect.any(Array),
          extensions: { code: "INTERNAL_SERVER_ERROR" },
        });
      }
    }
    await facts.execute("alter table session rename to session_away");
    const login = await waypost.graphql(
      `mutation { login(email: "${EMAIL}", password: "${secrets.password}") { token } }`,
      {},
      { token: null },
    );
    expect(login.errors?.[0]?.extensions).toEqual({ code: "INTERNAL_SERVER_ERROR" });
    const outside = await waypost.graphql("{ me { id } }");
    expect(outside.errors?.[0]?.extensions).toEqual({ code: "INTERNAL_SERVER_ERROR" });
    expect(JSON.stringify([login, outside])).not.toMatch(/session|table|sql/i);

    const log = waypost.logLines.join("\n");
    expect(log).toContain("A GraphQL request failed.");
    for (const secret of [...Object.values(secrets), waypost.token, PASSWORD]) expect(log).not.toContain(secret);
  });
});

it("no mode of a MySQL server lets values out of their quotes, or cuts them", async () => {
  const waypost = await startWaypost("MySQL");
  const facts = await openFacts(waypost);
  const modes = await facts.execute("select @@session.sql_mode as mode");
  expect(modes).toEqual([{ mode: "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION" }]);
  await facts.close();
  await waypost.close();
});
