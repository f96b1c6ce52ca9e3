import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ConversionStatus } from "../../server/conversions/conversion-status.js";
import { type PostbackCode, postbackCodes } from "../../server/conversions/postback-codes.js";
import { newId } from "../../server/kit/id.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { rawRequest } from "../kit/raw-request.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

/** What is sent: a query of our path, or a whole request. `~click~` stands for the hash of a click that is there. */
type Sending = string | ({ query?: string; path?: string } & RequestInit);

const json = (body: string, query = ""): Sending => ({
  query,
  method: "POST",
  headers: { "content-type": "application/json" },
  body,
});
const typed = (type: string, body: string | Uint8Array<ArrayBuffer>): Sending => ({
  query: "click=~click~",
  method: "POST",
  headers: type ? { "content-type": type } : {},
  body: typeof body === "string" ? Buffer.from(body) : body,
});
const method = (name: string): Sending => ({ query: "click=~click~", method: name });
const keitaro = (query: string): Sending => ({ path: `/~key~/postback?${query}` });
const HASH = "019aab3c5d7e4f60718293a4b5c6d7e8";
const enc = encodeURIComponent;

/** Postbacks that are broken or hostile, by what they come to. */
const broken = {
  CLICK_MISSING: [
    "",
    "click=",
    "click=%20%09",
    "click=&cid=&subid=",
    "Click=~click~",
    "sub1=~click~",
    "goal=x&status=approved",
    json("{}"),
    json('{"click":null}'),
    keitaro("click=~click~"),
    keitaro("cid=~click~&clickid=~click~"),
  ],
  CLICK_UNREPLACED: [
    "click={click}",
    "click={{clickid}}",
    "click=[SUB_ID]",
    "click=[[[subid]]]",
    `click=${enc("##CLICK_ID##")}`,
    `click=${enc("#s2#")}`,
    "click=%TRACKER%",
    `click=${enc("<click_id>")}`,
    "click=$SUB1",
    `click=$${"{click_id}"}`,
    "click=REPLACE",
    "click=%257Bclick%257D",
    "cid={cid}&subid=~click~",
    keitaro("subid={sub1}"),
  ],
  CLICK_ENCODED_TWICE: [
    `click=${enc(enc(`${HASH.slice(0, 31)}%38`))}`,
    `click=%2520${HASH}`,
    "click=%252561",
    keitaro(`subid=${HASH.slice(0, 30)}%2565%2538`),
  ],
  CLICK_WRONG_CHARACTER: [
    "click=g".padEnd(38, "0"),
    `click=${HASH.slice(0, 31)}o`,
    "click=019aab3c-5d7e-4f60-7182-93a4b5c6d7e8",
    "click=order-1",
    `click=${HASH}_17`,
    "click=ext_id",
    `click=${enc("1' or '1'='1")}`,
    `click=${enc("<img src=x>")}`,
    `click=${enc("../../etc/passwd")}`,
    "click=%00",
    "click=١٢٣",
    `click=${"x".repeat(15_000)}`,
    `click=${enc("{".repeat(1000))}`,
  ],
  CLICK_TOO_SHORT: [`click=${HASH.slice(0, 31)}`, "click=1", "click=0000", `click=${HASH.slice(0, 20)}`],
  CLICK_TOO_LONG: [`click=${HASH}0`, `click=${HASH}${HASH}`, `click=${"0".repeat(15_000)}`],
  CLICK_UNKNOWN: [
    `click=${HASH}`,
    `click=${"0".repeat(32)}`,
    `click=${"f".repeat(32)}`,
    keitaro("subid=ABCDEF0123456789ABCDEF0123456789"),
    keitaro(`subid=${HASH}_17`),
  ],
  PARAMETER_TWICE: [
    "click=~click~&click=~click~",
    "click=~click~&uid=a&uid=b",
    "click=~click~&status=approved&status=approved",
    "click=~click~&approved_status=a&approved_status=b",
    json('{"click":"~click~","uid":"a","uid":"a"}'),
    keitaro("subid=~click~&tid=1&tid=2"),
  ],
  PARAMETER_NOT_TEXT: [
    json('{"click":["~click~"]}'),
    json('{"click":"~click~","uid":{"a":1}}'),
    json('{"click":"~click~","revenue":true}'),
    json('{"click":"~click~","approved_status":["a","b"]}'),
  ],
  GOAL_TOO_LONG: [`click=~click~&goal=${"g".repeat(65)}`, `click=~click~&et=${enc("😀".repeat(65))}`],
  UID_TOO_LONG: [`click=~click~&uid=${"u".repeat(129)}`, keitaro(`subid=~click~&tid=${"t".repeat(15_000)}`)],
  STATUS_UNKNOWN: [
    "click=~click~&status=1",
    "click=~click~&status=-1",
    "click=~click~&status=won",
    "click=~click~&status=approved%20rejected",
    "click=~click~&status=__proto__",
    "click=~click~&status=constructor",
    `click=~click~&status=${enc("одобрено")}`,
    "click=~click~&status=2&approved_status=1",
    "click=~click~&status=2&sale_status=2",
    keitaro("subid=~click~&status=2&approved_status=2"),
    keitaro("subid=~click~&status=deposit&lead_status=reg"),
  ],
  STATUS_LIST: [
    "click=~click~&status=approved,rejected",
    keitaro("subid=~click~&status=reg,dep,lead,approve,reject,rebill"),
  ],
  STATUS_MAPPED_TWICE: [
    "click=~click~&status=1&approved_status=1&rejected_status=1",
    "click=~click~&approved_status=a,b&ignore_status=c,B",
    "click=~click~&status=approved&pending_status=x&approved_status=%20X%20",
    keitaro("subid=~click~&lead_status=1&sale_status=2,1"),
  ],
  REVENUE_UNUSABLE: [
    "click=~click~&revenue=-1",
    "click=~click~&revenue=1e5",
    "click=~click~&revenue=NaN",
    "click=~click~&revenue=0x10",
    "click=~click~&revenue=1.00001",
    "click=~click~&revenue=1000000000",
    "click=~click~&revenue=1.2.3",
    "click=~click~&revenue=1,23.45",
    "click=~click~&revenue=1,234,56",
    "click=~click~&revenue=five",
    "click=~click~&revenue=5XYZ",
    `click=~click~&revenue=${enc("-$5")}`,
    "click=~click~&revenue=12.50,7.50",
    "click=~click~&revenue=12.500,",
    "click=~click~&revenue=Rs.50",
    "click=~click~&revenue=5K",
    `click=~click~&revenue=${enc("$5 XYZ")}`,
    keitaro("subid=~click~&payout=12.50,7.50&currency=usd"),
    `click=~click~&revenue=${"1,".repeat(7000)}`,
    json('{"click":"~click~","revenue":1e2}'),
    keitaro("subid=~click~&payout=%D9%A3"),
  ],
  REVENUE_AMBIGUOUS: [
    "click=~click~&revenue=1,234",
    `click=~click~&revenue=${enc("$1,234")}`,
    "click=~click~&revenue=0,500",
    keitaro("subid=~click~&payout=12,345"),
  ],
  REVENUE_CURRENCY: [
    `click=~click~&revenue=${enc("€5")}&currency=USD`,
    "click=~click~&revenue=5%20EUR&currency=usd",
    `click=~click~&revenue=${enc("$5")}&currency=EUR`,
    keitaro(`subid=~click~&payout=${enc("5₽")}&currency=usd`),
    `click=~click~&revenue=${enc("$5 EUR")}`,
    `click=~click~&revenue=${enc("$5 CAD")}&currency=USD`,
    `click=~click~&revenue=${enc("kr 5")}&currency=PLN`,
  ],
  CURRENCY_UNKNOWN: [
    "click=~click~&currency=EURO",
    "click=~click~&currency=840",
    `click=~click~&currency=${enc("€")}`,
    "click=~click~&currency=rub,usd,eur",
    "click=~click~&currency=USDT",
  ],
  BODY_UNREADABLE: [
    json('{"click": '),
    json("[1]"),
    json('"click"'),
    json("{}{}"),
    json(`{"a":${"[".repeat(30_000)}`),
    typed("text/plain", "click=~click~"),
    typed("", "click=~click~"),
    typed("application/xml", "<click/>"),
    typed("multipart/form-data", "--x--"),
    typed("application/json", new Uint8Array([0x7b, 0xff, 0x7d])),
  ],
  BODY_TOO_LARGE: [typed("application/x-www-form-urlencoded", "x".repeat(65_537))],
  KEY_UNKNOWN: [
    { path: "/postback/nobodys-key?click=~click~" },
    { path: "/postback/~key~x?click=~click~" },
    { path: "/postback/%00?click=~click~" },
    { path: "/nobodys-key/postback?subid=~click~" },
  ],
  METHOD_NOT_ALLOWED: [method("PUT"), method("DELETE"), method("PATCH"), method("OPTIONS")],
} satisfies Partial<Record<PostbackCode, Sending[]>>;

const reached = new Set<string>();

describe("The codes of postbacks", () => {
  it("have each its own cause, and a cure where something was refused", () => {
    const reasons = Object.values(postbackCodes);
    expect(new Set(reasons.map(({ cause }) => cause)).size).toBe(reasons.length);
    for (const { status, cause, cure } of reasons) {
      expect(cause).toMatch(/^[A-Z].*\.$/);
      if (status >= 400) expect(cure).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe.each(databases)("Broken and hostile postbacks, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  let flow: { id: string; key: string };
  let click: string;
  beforeAll(async () => {
    waypost = await startWaypost(database, { environment: { TRUST_PROXY: "127.0.0.1" } });
    facts = await openFacts(waypost);
    flow = await waypost.seedFlow();
    click = await waypost.click(flow.key);
  });
  afterAll(async () => {
    await facts.close();
    await waypost.close();
  });

  async function send(sending: Sending) {
    const {
      query = "",
      path = `/postback/~key~?${query}`,
      body,
      ...init
    } = typeof sending === "string" ? { query: sending } : sending;
    const fill = (text: string) => text.replaceAll("~click~", click).replaceAll("~key~", waypost.postbackKey);
    const sent = typeof body === "string" ? fill(body) : (body ?? null);
    const response = await waypost.track(fill(path), { ...init, body: sent });
    const answer = (await response.json()) as { status: number; code: string; message: string; conversionId: string };
    expect(response.status).toBe(answer.status);
    reached.add(answer.code);
    return answer;
  }
  async function newestLog() {
    const { postbackLogs } = await waypost.ask(
      "{ postbackLogs(perPage: 1) { items { code outcome status message cause cure } } }",
    );
    return postbackLogs.items[0];
  }

  it("are at least eighty", () => {
    expect(Object.values(broken).flat().length).toBeGreaterThanOrEqual(80);
  });

  it.each(Object.entries(broken))("are answered and logged with their reason: %s", async (code, sendings) => {
    const { status, cause, cure } = postbackCodes[code as PostbackCode];
    for (const sending of sendings) {
      const answer = await send(sending);
      expect([answer, sending]).toEqual([{ status, code, message: expect.any(String), conversionId: null }, sending]);
      expect(answer.message).not.toMatch(/\p{Cc}/u);
      expect(answer.message.length).toBeLessThan(1000);
      expect(await newestLog()).toEqual({ code, outcome: null, status, message: answer.message, cause, cure });
    }
    const metrics = (await (await waypost.track("/metrics")).text()).split("\n");
    const counted = metrics.filter((line) => line.startsWith(`postbacks_total{code="${code}"}`));
    expect(counted).toEqual([`postbacks_total{code="${code}"} ${sendings.length}`]);
  });

  it("say of a click hash that nobody knows whether it could be ours, and how old it would be", async () => {
    const message = async (ms: number) => (await send(`click=${newId(ms)}`)).message;
    expect(await message(Date.now() - 3 * 86_400_000)).toMatch(/was not found.*could be ours.*3 days old/);
    expect(await message(Date.now() - 7_300_000)).toMatch(/could be ours.*2 hours old/);
    expect(await message(Date.parse("2019-05-17"))).toMatch(
      /from 2019-05-17, when there was no Waypost: it cannot be ours/,
    );
    expect(await message(Date.now() + 90_000_000)).toMatch(/yet to come: it cannot be ours/);
  });

  it("come to each other code too, as it is meant", async () => {
    expect((await send("click=~click~&status=pending")).code).toBe("RECORDED");
    expect((await send("click=~click~&status=approved")).code).toBe("UPDATED");
    expect((await send("click=~click~&status=approved")).code).toBe("REPEATED");
    expect((await send("click=~click~&status=test&ignore_status=test")).code).toBe("IGNORED");

    const future = newId(Date.now() + 3_600_000);
    const named = { status: ConversionStatus.APPROVED, statusFrom: future };
    await facts.conversions([{ flowId: Number(flow.id), clickHash: click, uidKey: "late", ...named }]);
    expect((await send("click=~click~&uid=late&status=rejected")).code).toBe("SUPERSEDED");

    const gone = await waypost.seedFlow();
    const orphan = await waypost.click(gone.key);
    await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", gone);
    expect((await send(`click=${orphan}`)).code).toBe("FLOW_DELETED");

    const { generatePostbackKey: key } = await waypost.ask("mutation { generatePostbackKey { id key } }");
    await waypost.ask("mutation($id: ID!) { deletePostbackKey(id: $id) { id } }", key);
    await expect.poll(async () => (await send({ path: `/${key.key}/postback` })).code).toBe("KEY_DELETED");

    const head = `GET /postback/x?${"x".repeat(17_000)} HTTP/1.1\r\nConnection: close\r\n\r\n`;
    reached.add(JSON.parse((await rawRequest(waypost.trackerUrl, head)).body).code);
    expect([...reached]).toContain("HEAD_TOO_LARGE");

    // Another tracker is far behind with its journal: the click may be in it.
    const behind = `('behind', 0, 0, 0, ${Date.now()}, 0)`;
    await facts.execute(
      `insert into journal_writer (name, segment, position, loaded_until, seen_at, closed) values ${behind}`,
    );
    expect((await send(`click=${newId(Date.now())}`)).code).toBe("ACCEPTED");

    await facts.execute("alter table catalog_revision rename to catalog_revision_away");
    expect((await send({ path: "/postback/may-be-new" })).code).toBe("INTERNAL");
    await facts.execute("alter table catalog_revision_away rename to catalog_revision");
  });
});

describe("A postback with a key that may be new, while the database is away", () => {
  let waypost: Waypost;
  let way: Server;
  const connections = new Set<Socket>();
  beforeAll(async () => {
    const { hostname, port, username, password } = new URL(inject("mysqlUrl"));
    way = createServer((socket) => {
      const onward = connect(Number(port), hostname);
      for (const [from, to] of [[socket, onward] as const, [onward, socket] as const]) {
        connections.add(from);
        from.on("error", () => {}).pipe(to);
      }
    });
    await new Promise<void>((resolve) => way.listen(0, "127.0.0.1", resolve));
    const { port: ours } = way.address() as { port: number };
    const user = username && `${username}${password && `:${password}`}@`;
    const url = `mysql://${user}127.0.0.1:${ours}/test_away_${newId(Date.now())}`;
    waypost = await startWaypost("MySQL", { environment: { DATABASE_URL: url } });
  });
  afterAll(() => waypost.close());

  it("is answered STORAGE_DOWN", async () => {
    way.close();
    for (const socket of connections) socket.destroy();
    const answer = (await (await waypost.track("/postback/may-be-new")).json()) as { code: string };
    expect(answer).toMatchObject({ status: 503, code: "STORAGE_DOWN" });
    reached.add(answer.code);
  });
});

describe("All of these", () => {
  it("have come to every code there is", () => {
    expect([...reached].sort()).toEqual(Object.keys(postbackCodes).sort());
  });
});
