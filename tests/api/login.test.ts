import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS } from "../../server/accounts/login-limits.js";
import { User } from "../../server/accounts/user.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { databases, EMAIL, type GraphqlAnswer, PASSWORD, startWaypost, type Waypost } from "../kit/waypost.js";

const LOGIN =
  "mutation($email: String!, $password: String!) { login(email: $email, password: $password) { token user { id email } } }";
const CHANGE = "mutation($current: String!, $new: String!) { changePassword(current: $current, new: $new) }";
const NEW_PASSWORD = "another battery staple";

const refusal = ({ errors = [] }: GraphqlAnswer) =>
  errors.map(({ extensions, message }) => ({ code: extensions.code, message }));
const codes = ({ errors = [] }: GraphqlAnswer) => errors.map(({ extensions }) => extensions.code);

let users = 0;
/** Makes another user with the first one's password, whom no other test tries. @returns the e-mail address */
async function newUser(facts: Facts): Promise<string> {
  users += 1;
  const email = `user-${users}@localhost`;
  await facts.execute(
    `insert into user (email, password_hash, created_at) select '${email}', password_hash, created_at from user where email = '${EMAIL}'`,
  );
  return email;
}

// How the limits count is said in tests/unit/login-limits.test.ts; here that they do, of what and in which documents.
describe.each(databases)("Signing in, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  beforeAll(async () => {
    waypost = await startWaypost(database, { environment: { TRUST_PROXY: "127.0.0.1" } });
    facts = await openFacts(waypost);
  });
  afterAll(async () => {
    await facts.close();
    await waypost.close();
  });

  const login = (email: string, password: string, headers: object = from(newAddress())) =>
    waypost.graphql(LOGIN, { email, password }, { token: null, headers });
  /** A document with many logins. All of them count, and the first wrong one ends it. */
  const logins = (count: number, email: string, password: string, headers: object = from(newAddress())) => {
    const many = Array.from(
      { length: count },
      (_, index) => `a${index}: login(email: $email, password: $password) { token }`,
    );
    return waypost.graphql(
      `mutation($email: String!, $password: String!) { ${many.join(" ")} }`,
      { email, password },
      { token: null, headers },
    );
  };
  const from = (address: string) => ({ "x-forwarded-for": address });
  const me = async (token: string) => codes(await waypost.graphql("{ me { id } }", {}, { token }));

  it("takes the e-mail address in any case and the password as it is", async () => {
    const { data } = await login(` ${EMAIL.toUpperCase()} `, PASSWORD);
    expect(data.login.user).toEqual({ id: expect.any(String), email: EMAIL });
    expect(data.login.token).toMatch(/^[A-Za-z0-9_-]{43,}$/);
    expect(await me(data.login.token)).toEqual([]);
    for (const wrong of [PASSWORD.toUpperCase(), `${PASSWORD} `, ` ${PASSWORD}`, "", `${PASSWORD}\u0000`]) {
      expect(codes(await login(EMAIL, wrong)), wrong).toEqual(["UNAUTHENTICATED"]);
    }
  });

  it("answers an unknown user like a wrong password, and gives neither a cookie", async () => {
    const [unknown, wrong] = [await login("nobody@localhost", PASSWORD), await login(EMAIL, "wrong")];
    expect(refusal(unknown)).toEqual(refusal(wrong));
    expect(codes(unknown)).toEqual(["UNAUTHENTICATED"]);
    expect(unknown.status).toBe(wrong.status);
    expect([unknown.headers.get("set-cookie"), wrong.headers.get("set-cookie")]).toEqual([null, null]);
    for (const odd of ["", "'", `${EMAIL}' or '1'='1`, "%", `${EMAIL}\u0000`, "\ud800", "x".repeat(10_000)]) {
      expect(refusal(await login(odd, PASSWORD, from(newAddress())))).toEqual(refusal(wrong));
    }
  });

  it("lets nobody guess at an account from many addresses, and lets no right password in either then", async () => {
    const email = await newUser(facts);
    expect(codes(await logins(FAILURES_PER_ACCOUNT - 1, email, "guess"))).toEqual(["UNAUTHENTICATED"]);
    expect(codes(await login(` ${email.toUpperCase()}`, "guess"))).toEqual(["UNAUTHENTICATED"]);
    const refused = await login(email, PASSWORD);
    expect(codes(refused)).toEqual(["FORBIDDEN"]);
    expect(refused.errors?.[0]?.extensions.retryAfterSeconds).toBeGreaterThan(0);
    expect(codes(await login(` ${email.toUpperCase()}`, PASSWORD))).toEqual(["FORBIDDEN"]);
    expect(codes(await login("other@localhost", PASSWORD))).toEqual(["UNAUTHENTICATED"]);
    expect(await me(waypost.token)).toEqual([]);
  });

  it("lets nobody guess at many accounts from one address, or from one IPv6 network", async () => {
    const addresses = [() => "203.0.113.9", (attempt: number) => `2001:db8:1:2:${attempt.toString(16)}::1`];
    for (const address of addresses) {
      for (const attempt of [0, 1, 2]) {
        const tries = FAILURES_PER_ADDRESS / 3;
        expect(codes(await logins(tries, await newUser(facts), "x", from(address(attempt))))).toEqual([
          "UNAUTHENTICATED",
        ]);
      }
      expect(codes(await login(EMAIL, PASSWORD, from(address(999))))).toEqual(["FORBIDDEN"]);
    }
    expect(codes(await login(EMAIL, PASSWORD, from("203.0.113.10")))).toEqual([]);
  });

  it("counts a document with a hundred logins as a hundred, and checks none of them", async () => {
    const email = await newUser(facts);
    const many = Array.from(
      { length: 100 },
      (_, index) => `a${index}: login(email: $email, password: $p${index === 99 ? 1 : 0}) { token }`,
    );
    const query = `mutation($email: String!, $p0: String!, $p1: String!) { ${many.join(" ")} }`;
    const headers = from(newAddress());
    const answer = await waypost.graphql(query, { email, p0: "wrong", p1: PASSWORD }, { token: null, headers });
    expect(answer.data ?? null).toBeNull();
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(codes(answer)).toEqual(["FORBIDDEN"]);
    expect(codes(await login(email, PASSWORD, headers))).toEqual(["FORBIDDEN"]);
  });

  it("counts a document with as many logins as are left, and not one more", async () => {
    const email = await newUser(facts);
    expect(Object.keys((await logins(3, email, PASSWORD)).data)).toEqual(["a0", "a1", "a2"]);
    expect(codes(await logins(FAILURES_PER_ACCOUNT - 1, email, "wrong"))).toEqual(["UNAUTHENTICATED"]);
    expect(codes(await login(email, "wrong"))).toEqual(["UNAUTHENTICATED"]);
    expect(codes(await login(email, PASSWORD))).toEqual(["FORBIDDEN"]);
  });

  it("counts guesses that come at once", async () => {
    const email = await newUser(facts);
    const guesses = Array.from({ length: 40 }, (_, index) => login(email, `guess ${index}`));
    const answers = (await Promise.all(guesses)).flatMap(codes);
    expect(answers.filter((code) => code === "UNAUTHENTICATED")).toHaveLength(FAILURES_PER_ACCOUNT);
    expect(answers.filter((code) => code === "FORBIDDEN")).toHaveLength(40 - FAILURES_PER_ACCOUNT);
  });

  it("forgets an account's wrong passwords after the right one", async () => {
    const email = await newUser(facts);
    for (let round = 0; round < 3; round += 1) {
      expect(codes(await logins(FAILURES_PER_ACCOUNT - 1, email, "wrong"))).toEqual(["UNAUTHENTICATED"]);
      expect(codes(await login(email, PASSWORD))).toEqual([]);
    }
  });

  it("does not count right passwords against an address", async () => {
    const address = from("203.0.113.77");
    expect(codes(await logins(FAILURES_PER_ADDRESS - 1, await newUser(facts), "x", address))).toEqual(["FORBIDDEN"]);
    for (let attempt = 0; attempt < 3; attempt += 1) expect(codes(await login(EMAIL, PASSWORD, address))).toEqual([]);
  });

  it("cannot be told another address by one who is no proxy of ours", async () => {
    const forged = (attempt: number) => from(`198.51.100.${attempt}, 203.0.113.200`);
    await logins(FAILURES_PER_ADDRESS - 1, await newUser(facts), "x", forged(1));
    expect(codes(await login(EMAIL, PASSWORD, forged(249)))).toEqual([]);
    expect(codes(await login("somebody@localhost", "x", forged(249)))).toEqual(["UNAUTHENTICATED"]);
    expect(codes(await login(EMAIL, PASSWORD, forged(250)))).toEqual(["FORBIDDEN"]);
  });
});

describe.each(databases)("4.6 A browser that signed in before, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  beforeAll(async () => {
    waypost = await startWaypost(database, { environment: { TRUST_PROXY: "127.0.0.1" } });
    facts = await openFacts(waypost);
  });
  afterAll(async () => {
    await facts.close();
    await waypost.close();
  });
  const login = (email: string, password: string, { cookie = "", address = newAddress() } = {}) =>
    waypost.graphql(LOGIN, { email, password }, { token: null, headers: { "x-forwarded-for": address, cookie } });
  const browserOf = ({ headers }: GraphqlAnswer) =>
    headers
      .getSetCookie()
      .find((cookie) => cookie.startsWith("waypost_browser="))
      ?.split("; ") ?? [];

  it("is let past the limits of its account and its address, however often it signs in", async () => {
    const email = await newUser(facts);
    const [cookie = "", ...rules] = browserOf(await login(email, PASSWORD));
    expect(rules.sort()).toEqual(["HttpOnly", `Max-Age=${365 * 86_400}`, "Path=/", "SameSite=Strict"]);
    const address = newAddress();
    for (let tries = 0; tries < FAILURES_PER_ACCOUNT; tries += 1) await login(email, "guess");
    for (let tries = 0; tries < FAILURES_PER_ADDRESS; tries += 1)
      await login(`${tries}@localhost`, "guess", { address });
    expect(codes(await login(email, PASSWORD, { address }))).toEqual(["FORBIDDEN"]);
    expect(codes(await login(email, "wrong", { address, cookie }))).toEqual(["UNAUTHENTICATED"]);
    const again = await login(email, PASSWORD, { address, cookie });
    expect(codes(again)).toEqual([]);
    expect(browserOf(again)[0]).toBe(cookie);
    expect(codes(await login(email, PASSWORD))).toEqual(["FORBIDDEN"]);
  });

  it("stays known when its session ends and the password is changed, by another browser too", async () => {
    const email = await newUser(facts);
    const first = await login(email, PASSWORD);
    const [cookie = ""] = browserOf(first);
    await waypost.graphql("mutation { logout }", {}, { token: first.data.login.token });
    const { token } = (await login(email, PASSWORD)).data.login;
    await waypost.graphql(CHANGE, { current: PASSWORD, new: NEW_PASSWORD }, { token });
    for (let tries = 0; tries < FAILURES_PER_ACCOUNT; tries += 1) await login(email, "guess");
    expect(codes(await login(email, NEW_PASSWORD))).toEqual(["FORBIDDEN"]);
    expect(codes(await login(email, NEW_PASSWORD, { cookie }))).toEqual([]);
  });

  it("cannot guess without end, nor at other accounts, and cannot be made up", async () => {
    const [email, other] = [await newUser(facts), await newUser(facts)];
    const [cookie = ""] = browserOf(await login(email, PASSWORD));
    for (let tries = 0; tries < FAILURES_PER_ACCOUNT; tries += 1) await login(other, "guess");
    const forged = [
      cookie,
      `${cookie}A`,
      cookie.slice(0, -2),
      "waypost_browser=a.b",
      "waypost_browser=",
      "waypost_browser=x",
    ];
    for (const each of forged) expect(codes(await login(other, PASSWORD, { cookie: each }))).toEqual(["FORBIDDEN"]);
    for (let tries = 0; tries < FAILURES_PER_ACCOUNT * 2; tries += 1) {
      expect(codes(await login(email, "guess", { cookie }))).toEqual(["UNAUTHENTICATED"]);
    }
    expect(codes(await login(email, PASSWORD, { cookie }))).toEqual(["FORBIDDEN"]);
  });

  it("changes its password by its session, while its account and address are closed", async () => {
    const email = await newUser(facts);
    const { token } = (await login(email, PASSWORD)).data.login;
    for (let tries = 0; tries < FAILURES_PER_ACCOUNT; tries += 1) await login(email, "guess");
    expect(codes(await login(email, PASSWORD))).toEqual(["FORBIDDEN"]);
    const change = (current: string) => waypost.graphql(CHANGE, { current, new: NEW_PASSWORD }, { token });
    expect(codes(await change("wrong"))).toEqual(["BAD_USER_INPUT"]);
    expect(codes(await change(PASSWORD))).toEqual([]);
    // A new password, which nobody has guessed at yet.
    expect(codes(await login(email, NEW_PASSWORD))).toEqual([]);
  });
});

describe.each(databases)("4.8 The log of who gets in, on %s", (database) => {
  it("has one line for each sign-in, failure, lockout, change of password and of a key, and no secret", async () => {
    const waypost = await startWaypost(database, { environment: { TRUST_PROXY: "127.0.0.1" } });
    waypost.logLines.length = 0;
    const login = (email: string, password: string) =>
      waypost.graphql(LOGIN, { email, password }, { token: null, headers: { "x-forwarded-for": "203.0.113.7" } });
    const secret = "typed in the wrong place\n\u001b[31m{}";
    const typed = ["guess no. 1", secret, NEW_PASSWORD, "taken-over-key", waypost.postbackKey, PASSWORD];
    const events = (): Record<string, unknown>[] =>
      waypost.logLines
        .map((line) => JSON.parse(line))
        .filter(({ event }) => event)
        .map(({ level, time, pid, hostname, msg, ...event }) => event);
    const by = { user: EMAIL, address: "203.0.113.7" };

    const { token } = (await login(EMAIL, PASSWORD)).data.login;
    await login(EMAIL, "guess no. 1");
    await login(secret, "guess no. 1");
    expect(events().splice(0)).toEqual([
      { event: "signed_in", ...by },
      { event: "sign_in_failed", ...by },
      { event: "sign_in_failed", user: null, address: "203.0.113.7" },
    ]);
    waypost.logLines.length = 0;
    for (let tries = 0; tries < FAILURES_PER_ACCOUNT + 5; tries += 1) await login(EMAIL, "guess no. 1");
    expect(events().slice(-2)).toEqual([
      { event: "sign_in_failed", ...by },
      { event: "sign_in_closed", ...by, limit: "account" },
    ]);
    expect(events()).toHaveLength(FAILURES_PER_ACCOUNT);

    waypost.logLines.length = 0;
    const ask = (query: string, variables: object = {}) => waypost.graphql(query, variables, { token });
    await ask(CHANGE, { current: "guess no. 1", new: NEW_PASSWORD });
    await ask(CHANGE, { current: PASSWORD, new: NEW_PASSWORD });
    const { data } = await ask('mutation { generatePostbackKey(name: "Net", key: "taken-over-key") { id } }');
    const { id } = data.generatePostbackKey;
    await ask('mutation($id: ID!) { updatePostbackKey(id: $id, input: { name: "Network" }) { id } }', { id });
    await ask("mutation($id: ID!) { deletePostbackKey(id: $id) { id } }", { id });
    await ask("mutation($id: ID!) { deletePostbackKey(id: $id) { id } }", { id });
    await ask("mutation { logout }");
    const own = { user: EMAIL, address: "127.0.0.1" };
    expect(events()).toEqual([
      { event: "password_change_failed", ...own },
      { event: "password_changed", ...own },
      { event: "postback_key_made", ...own, key: Number(id) },
      { event: "postback_key_changed", ...own, key: Number(id), changed: ["name"] },
      { event: "postback_key_deleted", ...own, key: Number(id) },
      { event: "signed_out", ...own },
    ]);
    const log = waypost.logLines.join("\n");
    for (const each of [...typed, token, "typed in"]) expect(log).not.toContain(each);
    await waypost.close();
  });
});

describe.each(databases)("A signed-in user, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  beforeAll(async () => {
    waypost = await startWaypost(database, { environment: { TRUST_PROXY: "127.0.0.1" } });
    facts = await openFacts(waypost);
  });
  afterAll(async () => {
    await facts.close();
    await waypost.close();
  });
  const signIn = async (password: string, email = EMAIL) => {
    const { data, headers } = await waypost.graphql(LOGIN, { email, password }, { token: null });
    return { token: data?.login.token as string, cookie: headers.getSetCookie()[0] ?? "" };
  };
  const me = async (token: string) => codes(await waypost.graphql("{ me { id } }", {}, { token }));

  it("is kept with argon2id, and a session by its digest only", async () => {
    const { token } = await signIn(PASSWORD);
    const [user] = (await facts.execute("select password_hash from user")) as { password_hash: string }[];
    expect(user?.password_hash).toMatch(/^\$argon2id\$v=19\$m=(19456|[2-9]\d{4}|\d{6,}),t=[2-9],p=1\$/);
    const sessions = JSON.stringify(await facts.execute("select * from session"));
    expect(sessions).not.toContain(token);
    expect(sessions).not.toContain(Buffer.from(token, "base64url").toString("hex"));
    expect(Object.keys(new User())).not.toContain("password");
  });

  it("gets a cookie that scripts and other sites cannot use, and loses it on leaving", async () => {
    const { token, cookie } = await signIn(PASSWORD);
    expect(cookie).toContain(`waypost_session=${token}`);
    expect(cookie.split("; ").slice(1).sort()).toEqual([
      "HttpOnly",
      `Max-Age=${30 * 86_400}`,
      "Path=/",
      "SameSite=Strict",
    ]);
    const { headers } = await waypost.graphql("mutation { logout }", {}, { token });
    expect(headers.get("set-cookie")).toMatch(/^waypost_session=;.*Expires=Thu, 01 Jan 1970/);
    expect(await me(token)).toEqual(["UNAUTHENTICATED"]);
  });

  it("changes the password with the old one, and ends all other sessions", async () => {
    const email = await newUser(facts);
    const [own, other] = [(await signIn(PASSWORD, email)).token, (await signIn(PASSWORD, email)).token];
    const change = (variables: object) => waypost.graphql(CHANGE, variables, { token: own });
    const fieldOf = ({ errors }: GraphqlAnswer) => [errors?.[0]?.extensions.code, errors?.[0]?.extensions.field];
    expect(fieldOf(await change({ current: "wrong", new: NEW_PASSWORD }))).toEqual(["BAD_USER_INPUT", "current"]);
    for (const wrong of ["", "short", "1234567", "x".repeat(1025)]) {
      expect(fieldOf(await change({ current: PASSWORD, new: wrong }))).toEqual(["BAD_USER_INPUT", "new"]);
    }
    expect([await me(own), await me(other)]).toEqual([[], []]);
    expect((await change({ current: PASSWORD, new: NEW_PASSWORD })).data).toEqual({ changePassword: true });
    expect([await me(own), await me(other)]).toEqual([[], ["UNAUTHENTICATED"]]);
    expect((await signIn(PASSWORD, email)).token).toBeUndefined();
    expect(await me((await signIn(NEW_PASSWORD, email)).token)).toEqual([]);
  });

  it("cannot guess at the current password", async () => {
    const { token } = await signIn(PASSWORD, await newUser(facts));
    const options = { token, headers: { "x-forwarded-for": newAddress() } };
    const many = Array.from(
      { length: 60 },
      (_, index) => `a${index}: changePassword(current: "${index}", new: "${NEW_PASSWORD}")`,
    );
    await waypost.graphql(`mutation { ${many.join(" ")} }`, {}, options);
    for (let attempt = 0; attempt < FAILURES_PER_ACCOUNT; attempt += 1) {
      await waypost.graphql(CHANGE, { current: "wrong", new: NEW_PASSWORD }, options);
    }
    expect(codes(await waypost.graphql(CHANGE, { current: PASSWORD, new: NEW_PASSWORD }, options))).toEqual([
      "FORBIDDEN",
    ]);
  });
});

describe("A session's cookie", () => {
  const wayposts = new Map<string, Waypost>();
  beforeAll(async () => {
    for (const trusted of ["127.0.0.1", "192.0.2.1", ""]) {
      wayposts.set(trusted, await startWaypost("SQLite", { environment: { TRUST_PROXY: trusted } }));
    }
  });
  afterAll(() => Promise.all([...wayposts.values()].map((waypost) => waypost.close())));

  it.each([
    ["https of a trusted proxy", "127.0.0.1", "https", true],
    ["http of a trusted proxy", "127.0.0.1", "http", false],
    ["the last proxy's word, not the visitor's", "127.0.0.1", "https, http", false],
    ["https that a stranger claims", "192.0.2.1", "https", false],
    ["https without proxies", "", "https", false],
  ])("4.11 is secure or not, and so is its name: %s", async (_, trusted, proto, isSecure) => {
    const waypost = wayposts.get(trusted) as Waypost;
    const headers = { "x-forwarded-proto": proto, "x-forwarded-for": "203.0.113.5" };
    const answer = await waypost.graphql(LOGIN, { email: EMAIL, password: PASSWORD }, { token: null, headers });
    for (const cookie of answer.headers.getSetCookie()) {
      expect([cookie.includes("; Secure"), cookie.includes("Domain"), cookie.includes("; Path=/")]).toEqual([
        isSecure,
        false,
        true,
      ]);
      expect(cookie.startsWith(isSecure ? "__Host-waypost_" : "waypost_")).toBe(true);
    }
    const [own = ""] = answer.headers.getSetCookie();
    const asked = async (cookie: string) =>
      (await waypost.graphql("{ me { id } }", {}, { token: null, headers: { ...headers, cookie } })).status;
    expect(await asked(own)).toBe(200);
    // The other name may have been set by plain http, or by another host of the domain.
    expect(await asked(isSecure ? own.replace("__Host-", "") : `__Host-${own}`)).toBe(401);
  });
});

let addresses = 0;
/** An address that no other attempt came from. */
function newAddress(): string {
  addresses += 1;
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
}
