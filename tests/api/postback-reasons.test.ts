import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { type PostbackCode, postbackCodes } from "../../server/conversions/postback-codes.js";
import { newId } from "../../server/kit/id.js";
import { broken, requestOf, type Sending } from "../kit/broken-postbacks.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { rawRequest } from "../kit/raw-request.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const reached = new Set<string>();

describe.each(databases)("Broken and hostile postbacks, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  let flow: { id: string; key: string };
  let click: string;
  // Every other sending of each code goes through the tracker's door in tests/unit/postback-reasons.test.ts.
  const first = Object.entries(broken).map(([code, [sending = ""]]) => ({ code, sending: sending as Sending }));
  const answers = new Map<string, Awaited<ReturnType<typeof send>>>();
  const logs = new Map<string, object>();
  let metrics: string[] = [];
  beforeAll(async () => {
    waypost = await startWaypost(database, { environment: { TRUST_PROXY: "127.0.0.1" } });
    facts = await openFacts(waypost);
    flow = await waypost.seedFlow();
    click = await waypost.click(flow.key);
    for (const { code, sending } of first) answers.set(code, await send(sending));
    const { postbackLogs } = await waypost.ask(
      "{ postbackLogs(perPage: 500) { items { code outcome status message cause cure } } }",
    );
    expect(postbackLogs.items).toHaveLength(first.length);
    for (const entry of postbackLogs.items) logs.set(entry.code, entry);
    metrics = (await (await waypost.track("/metrics")).text()).split("\n");
  });
  afterAll(async () => {
    await facts.close();
    await waypost.close();
  });

  async function send(sending: Sending) {
    const { path, init } = requestOf(sending);
    const fill = (text: string) => text.replaceAll("~click~", click).replaceAll("~key~", waypost.postbackKey);
    const body = typeof init.body === "string" ? fill(init.body) : (init.body ?? null);
    const response = await waypost.track(fill(path), { ...init, body });
    const answer = (await response.json()) as { status: number; code: string; message: string; conversionId: string };
    expect(response.status).toBe(answer.status);
    reached.add(answer.code);
    return answer;
  }

  it.each(Object.keys(broken))("are answered and logged with their reason: %s", (code) => {
    const { status, cause, cure } = postbackCodes[code as PostbackCode];
    const answer = answers.get(code);
    expect(answer).toEqual({ status, code, message: expect.any(String), conversionId: null });
    expect(logs.get(code)).toEqual({ code, outcome: null, status, message: answer?.message, cause, cure });
    const counted = metrics.filter((line) => line.startsWith(`postbacks_total{code="${code}"}`));
    expect(counted).toEqual([`postbacks_total{code="${code}"} 1`]);
  });

  it("say of a click hash that nobody knows whether it could be ours, and how old it would be", async () => {
    expect((await send(`click=${newId(Date.now() - 3 * 86_400_000)}`)).message).toMatch(
      /was not found.*could be ours.*3 days old/,
    );
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
    await facts.execute("delete from journal_writer where name = 'behind'");

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
