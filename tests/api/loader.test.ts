import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLICK_ENTRY } from "../../server/clicks/click-store.js";
import { type ClickRow } from "../../server/clicks/store-clicks.js";
import { PostbackDialect } from "../../server/conversions/dialect.js";
import { LOG_ENTRY, POSTBACK_ENTRY, type ReceivedPostback } from "../../server/conversions/received-postback.js";
import { openWaypostDatabase } from "../../server/database.js";
import { createIdSequence, momentOf, newId } from "../../server/kit/id.js";
import { createProgress } from "../../server/kit/journal/progress.js";
import { createJournalReader } from "../../server/kit/journal/reader.js";
import { createJournalWriter } from "../../server/kit/journal/writer.js";
import { type Database } from "../../server/kit/orm.js";
import { report } from "../../server/loader/journal-writer.js";
import { openJournalLoad } from "../../server/loader/load-journal.js";
import { createSettler } from "../../server/loader/settler.js";
import { putAside, readyEntries, storeEntries } from "../../server/loader/store-entries.js";
import { DULL_CLICK } from "../kit/facts.js";
import { createMemoryDisk } from "../kit/memory-disk.js";
import { databases, PATIENT, startWaypost, type Waypost } from "../kit/waypost.js";

const FOLDER = "/journal";

describe.each(databases)("The loader, on %s", (database) => {
  let waypost: Waypost;
  let orm: Database;
  let flowId: number;
  let journals = 0;
  const nextId = createIdSequence();
  beforeAll(async () => {
    waypost = await startWaypost(database);
    orm = await openWaypostDatabase(waypost.config, pino({ level: "silent" }));
    flowId = Number((await waypost.seedFlow()).id);
  });
  afterAll(async () => {
    await orm.close();
    await waypost.close();
  });

  const reportLoaded = (writer: number, loadedUntil: number) =>
    report(orm.em.fork(), writer, { loadedUntil, hasFailed: false });
  const newClick = (more: Partial<ClickRow> = {}) =>
    ({ id: newId(Date.now()), flowId, ...DULL_CLICK, ...more }) as unknown as ClickRow;
  const newPostback = (clickHash: string, more: Partial<ReceivedPostback["postback"]> = {}): ReceivedPostback => ({
    postback: { goal: null, status: null, revenue: null, currency: null, uid: null, ...more },
    clickHash,
    entry: {
      id: nextId(Date.now()),
      clickHash,
      clickKey: clickHash,
      goal: null,
      uid: null,
      dialect: PostbackDialect.WAYPOST,
      reading: null,
      ip: "192.0.2.1",
      method: "GET",
      payload: {},
      payloadCut: false,
      postbackKeyId: 1,
      suppressed: 0,
      replayOfId: null,
    },
  });
  const count = async (table: string, where = "1 = 1") => {
    const [row] = await orm.em.fork().execute(`select count(*) as n from ${table} where ${where}`);
    return Number(row?.n);
  };
  const ids = (rows: { id: string }[]) => rows.map(({ id }) => `x'${id}'`).join(",");
  const storedClicks = (clicks: ClickRow[]) => count("click", `id in (${ids(clicks)})`);

  /** A journal with its loader; `store` stands before what stores the entries. */
  async function startJournal(
    { name = `test/${++journals}`, disk = createMemoryDisk(), batchRecords = 1000 } = {},
    store = storeEntries,
  ) {
    const progress = createProgress();
    const writer = createJournalWriter({ disk, folder: FOLDER, progress, now: Date.now, segmentMax: 20_000 });
    const undeleted: string[] = [];
    const openLoad = () =>
      openJournalLoad({
        em: orm.em.fork(),
        name,
        ready: (entries) => readyEntries(orm.em, entries),
        store,
        putAside,
        settled: () => {},
        undeleted: (error) => undeleted.push(error.message),
        reader: createJournalReader({ disk, folder: FOLDER, written: progress.read, damaged: () => {}, batchRecords }),
      });
    const append = (kind: number, things: object[]) =>
      Promise.all(things.map((thing) => writer.append(kind, JSON.stringify(thing))));
    return { disk, name, append, openLoad, undeleted, load: await openLoad() };
  }
  const loadAll = async (load: { step(): Promise<number> }) => {
    while ((await load.step()) > 0);
  };

  it("stores every click of a journal once, in batches, and deletes what is loaded", async () => {
    const { append, load, disk } = await startJournal({ batchRecords: 100 });
    const clicks = Array.from({ length: 550 }, () => newClick());
    for (let from = 0; from < clicks.length; from += 50) await append(CLICK_ENTRY, clicks.slice(from, from + 50));
    expect(disk.files.size).toBeGreaterThan(5);
    expect(await load.step()).toBeLessThanOrEqual(100);
    await loadAll(load);
    expect(await storedClicks(clicks)).toBe(550);
    expect(disk.files.size).toBe(1);
  });

  it("goes on where what is loaded cannot be deleted, says so, and deletes it with the next", async () => {
    const disk = createMemoryDisk();
    const { remove } = disk;
    const { append, load, undeleted } = await startJournal({ disk, batchRecords: 100 });
    disk.remove = async () => {
      throw new Error("Not permitted.");
    };
    const clicks = Array.from({ length: 300 }, () => newClick());
    for (let from = 0; from < 200; from += 50) await append(CLICK_ENTRY, clicks.slice(from, from + 50));
    await loadAll(load);
    expect(undeleted).toContain("Not permitted.");
    disk.remove = remove;
    await append(CLICK_ENTRY, clicks.slice(200));
    await append(CLICK_ENTRY, [newClick()]);
    await loadAll(load);
    expect(await storedClicks(clicks)).toBe(300);
    expect(disk.files.size).toBe(1);
  });

  it("settles the postbacks and log entries of a journal of before it was kept how they were read", async () => {
    const click = newClick();
    const { postback, clickHash, entry } = newPostback(click.id, { uid: "old" });
    const { uid, dialect, reading, ...old } = entry;
    const { append, load } = await startJournal();
    await append(CLICK_ENTRY, [click]);
    await append(POSTBACK_ENTRY, [{ postback: { ...postback, click: clickHash }, clickHash, entry: old }]);
    const result = { flowId: null, conversionId: null, outcome: null, processedAt: null };
    const refused = { status: 404, code: "CLICK_MALFORMED", message: "It cannot be one." };
    await append(LOG_ENTRY, [{ ...old, id: nextId(Date.now()), ...result, ...refused }]);
    await loadAll(load);
    expect(await count("conversion", "uid_key = 'old'")).toBe(1);
    expect(await count("postback_log", `click_key = '${clickHash}' and dialect = 'WAYPOST' and not warned`)).toBe(2);
  });

  it("leaves out a click that is stored, or twice in the journal, and stores the others", async () => {
    const [twice, stored, other] = [newClick(), newClick(), newClick()];
    const first = await startJournal();
    await first.append(CLICK_ENTRY, [stored]);
    await loadAll(first.load);
    const second = await startJournal();
    await second.append(CLICK_ENTRY, [twice, stored, twice, other]);
    await loadAll(second.load);
    expect(await storedClicks([twice, stored, other])).toBe(3);
  });

  it("gives the same database, at whatever step it dies, however often", async () => {
    let dieBefore = Number.POSITIVE_INFINITY;
    const mayDie = () => {
      dieBefore -= 1;
      if (dieBefore < 0) throw Object.assign(new Error("Killed."), { code: "ECONNRESET" });
    };
    const journal = await startJournal({ batchRecords: 40 }, async (em, entries) => {
      mayDie();
      const codes = await storeEntries(em, entries);
      await em.flush();
      mayDie();
      return codes;
    });
    const clicks = Array.from({ length: 200 }, () => newClick());
    const postbacks = clicks.slice(0, 50).map(({ id }) => newPostback(id));
    await journal.append(CLICK_ENTRY, clicks);
    await journal.append(POSTBACK_ENTRY, postbacks);
    for (let step = 0, isDone = false; !isDone; step += 1) {
      const load = await journal.openLoad();
      dieBefore = step % 3;
      isDone = await loadAll(load).then(
        () => true,
        () => false,
      );
      if (step > 3) dieBefore = Number.POSITIVE_INFINITY;
      if (step > 3) await loadAll(await journal.openLoad());
    }
    expect(await storedClicks(clicks)).toBe(200);
    const logged = postbacks.map(({ entry }) => entry);
    expect(await count("postback_log", `id in (${ids(logged)})`)).toBe(50);
    expect(await count("conversion", `click_hash in (${ids(clicks)})`)).toBe(50);
  });

  it("is one of two on a journal: what one has stored the other passes over", async () => {
    const journal = await startJournal({ batchRecords: 20 });
    const clicks = Array.from({ length: 200 }, () => newClick());
    await journal.append(CLICK_ENTRY, clicks);
    const loads = await Promise.all([journal.load, journal.openLoad(), journal.openLoad()]);
    await Promise.all(loads.map(loadAll));
    expect(await storedClicks(clicks)).toBe(200);
    expect(new Set(loads.map((load) => JSON.stringify(load.position()))).size).toBe(1);
  });

  it("3.4 stores clicks that were written before there were versions and networks", async () => {
    const { append, load } = await startJournal();
    const { osVersion: _, browserVersion: __, asn: ___, isp: ____, ...click } = newClick({ os: "Android", bot: true });
    await append(CLICK_ENTRY, [click]);
    await loadAll(load);
    const query = "query($id: ID!) { click(id: $id) { os osVersion browserVersion asn isp bot } }";
    expect((await waypost.ask(query, { id: click.id })).click).toEqual({
      os: "Android",
      osVersion: null,
      browserVersion: null,
      asn: null,
      isp: null,
      bot: true,
    });
  });

  it("1.6 stores clicks that were written before what is cut was marked", async () => {
    const { append, load } = await startJournal();
    const { truncated: _, ...click } = newClick({ subId: "x".repeat(255) });
    await append(CLICK_ENTRY, [click]);
    await loadAll(load);
    const query = "query($id: ID!) { click(id: $id) { subId truncated } }";
    expect((await waypost.ask(query, { id: click.id })).click).toEqual({ subId: "x".repeat(255), truncated: null });
  });

  it.each([
    ["too long for its column", { ip: "9".repeat(60) }],
    ["without a value that must be there", { ip: null as never }],
  ])("puts a click aside that is %s, and stores its neighbours", async (_, wrong) => {
    if (database === "SQLite" && typeof wrong.ip === "string") return;
    const { append, load } = await startJournal();
    const clicks = Array.from({ length: 30 }, () => newClick());
    const poison = newClick(wrong);
    await append(CLICK_ENTRY, [...clicks.slice(0, 17), poison, ...clicks.slice(17)]);
    await loadAll(load);
    expect(await storedClicks(clicks)).toBe(30);
    expect(await storedClicks([poison])).toBe(0);
    const { putAsides } = await waypost.ask("{ putAsides(perPage: 1) { items { kind reason payload retried } } }");
    expect(putAsides.items).toEqual([
      {
        kind: "click",
        reason: expect.stringMatching(/^(?!.*insert into).*\bip\b/s),
        payload: JSON.parse(JSON.stringify(poison)),
        retried: false,
      },
    ]);
  });

  it("stores on demand what was put aside, once, when what stood in its way is gone", async () => {
    const { append, load } = await startJournal();
    const click = newClick();
    await append(CLICK_ENTRY, [{ ...click, ip: undefined }]);
    await loadAll(load);
    const [aside] = (await waypost.ask("{ putAsides(perPage: 1) { items { id } } }")).putAsides.items;
    const retry = () => waypost.graphql("mutation($id: ID!) { retryPutAside(id: $id) { retried } }", aside);
    expect((await retry()).errors?.[0]).toMatchObject({
      message: expect.stringMatching(/refused again/),
      extensions: { code: "BAD_USER_INPUT", field: "id" },
    });
    await orm.em.fork().execute(`update put_aside set payload = '${JSON.stringify(click)}' where id = x'${aside.id}'`);
    expect((await retry()).data).toEqual({ retryPutAside: { retried: true } });
    expect((await retry()).data).toEqual({ retryPutAside: { retried: true } });
    expect(await storedClicks([click])).toBe(1);
    const { putAsides } = await waypost.ask(`{ putAsides(filter: { ids: ["${aside.id}"] }) { totalCount } }`);
    expect(putAsides.totalCount, "what is stored is no longer in the list").toBe(0);
  });

  it("puts aside what nobody can read", async () => {
    const { append, load } = await startJournal();
    await append(99, [{ a: "record of another kind" }]);
    await append(CLICK_ENTRY, [newClick()]);
    await loadAll(load);
    const { putAsides } = await waypost.ask("{ putAsides(perPage: 1) { items { kind } } }");
    expect(putAsides.items).toEqual([{ kind: "kind 99" }]);
  });

  it("processes postbacks of an outage after their clicks, the later arrival winning, each logged as accepted", async () => {
    const { append, load } = await startJournal();
    const click = newClick();
    const [first, second] = [
      newPostback(click.id, { revenue: "1.0000" }),
      newPostback(click.id, { revenue: "2.0000" }),
    ];
    await append(CLICK_ENTRY, [click]);
    await append(POSTBACK_ENTRY, [second, first, second]);
    await loadAll(load);
    const { conversions, postbackLogs } = await waypost.ask(
      "query($click: String!, $id: ID!) { conversions(filter: { clickHash: $id }) { items { revenue } } postbackLogs(filter: { clickHash: $click }) { items { id status code outcome processedAt flow { id } } } }",
      { click: click.id, id: click.id },
    );
    expect(conversions.items).toEqual([{ revenue: "2.0000" }]);
    const accepted = { status: 202, code: "ACCEPTED", processedAt: expect.any(String), flow: { id: `${flowId}` } };
    expect(postbackLogs.items).toEqual([
      { ...accepted, id: second.entry.id, outcome: expect.stringMatching(/RECORDED|UPDATED/) },
      { ...accepted, id: first.entry.id, outcome: expect.stringMatching(/RECORDED|SUPERSEDED|UPDATED/) },
    ]);
  });

  it("stores the log entries that were written while the database was away, once", async () => {
    const { append, load } = await startJournal();
    const { entry } = newPostback("0".repeat(32));
    const row = {
      ...entry,
      status: 401,
      code: "KEY_UNKNOWN",
      message: "No.",
      flowId: null,
      conversionId: null,
      outcome: null,
      processedAt: null,
    };
    await append(LOG_ENTRY, [row, row]);
    await loadAll(load);
    expect(await count("postback_log", `id = x'${entry.id}'`)).toBe(1);
  });

  describe("with a postback for a click that is not there", () => {
    const settlerFor = (writer: number, waitingMax = 1000) =>
      createSettler({
        settled: () => {},
        em: () => orm.em.fork(),
        pass: async () => true,
        writer: () => writer,
        setAside: putAside,
        waits: PATIENT,
        waitingMax,
      });

    const retireOthers = () =>
      orm.em.fork().execute("update journal_writer set closed = 1, seen_at = 0 where name like 'test/%'");

    it("keeps it while another tracker may bring the click, and records it when that has", async () => {
      const [own, other] = [await startJournal(), await startJournal()];
      const settler = settlerFor(own.load.writer);
      const click = newClick();
      const ms = momentOf(click.id).getTime();
      await reportLoaded(other.load.writer, ms);
      expect(await settler.settle(newPostback(click.id))).toMatchObject({ status: 202, code: "ACCEPTED" });
      await settler.settlePending();
      expect(await count("pending_postback")).toBe(1);
      await other.append(CLICK_ENTRY, [click]);
      await loadAll(other.load);
      await settler.settlePending();
      expect(await count("pending_postback")).toBe(0);
      expect(await count("conversion", `click_hash = x'${click.id}'`)).toBe(1);
    });

    it("turns it away when every tracker has reported beyond it, and those that were kept with it", async () => {
      await retireOthers();
      const [own, other] = [await startJournal(), await startJournal()];
      const settler = settlerFor(own.load.writer);
      const unknown = newId(Date.now());
      await reportLoaded(other.load.writer, momentOf(unknown).getTime());
      const kept = newPostback(unknown);
      expect((await settler.settle(kept)).status).toBe(202);
      for (const { load } of [own, other]) await reportLoaded(load.writer, Date.now() + 1000);
      await expect.poll(async () => (await settler.settle(newPostback(unknown))).code).toBe("CLICK_UNKNOWN");
      await settler.settlePending();
      // The started tracker settles what is kept as well, and may be at it.
      await expect
        .poll(() => waypost.ask(`{ postbackLog(id: "${kept.entry.id}") { status outcome } }`))
        .toEqual({ postbackLog: { status: 202, outcome: "CLICK_UNKNOWN" } });
    });

    it("6.12 turns it away when it has waited for a day, or when the tracker that it waits for is retired", async () => {
      await retireOthers();
      const [own, other] = [await startJournal(), await startJournal()];
      const settler = settlerFor(own.load.writer);
      const click = newId(Date.now());
      await reportLoaded(other.load.writer, momentOf(click).getTime());
      const [old, fresh] = [newPostback(click), newPostback(click)];
      old.entry.id = newId(Date.now() - 24 * 3_600_000);
      for (const one of [old, fresh]) expect((await settler.settle(one)).code).toBe("ACCEPTED");
      await settler.settlePending();
      const ids = async () => (await orm.em.fork().execute("select id from pending_postback")).length;
      await expect.poll(ids).toBe(1);
      await retireOthers();
      await reportLoaded(own.load.writer, Date.now() + 1000);
      await expect
        .poll(async () => {
          await settler.settlePending();
          return ids();
        })
        .toBe(0);
      for (const { entry } of [old, fresh]) {
        await expect
          .poll(async () => (await waypost.ask(`{ postbackLog(id: "${entry.id}") { outcome } }`)).postbackLog?.outcome)
          .toBe("CLICK_UNKNOWN");
      }
    });

    it("6.12 answers 503 when as many wait as may", async () => {
      await retireOthers();
      const [own, other] = [await startJournal(), await startJournal()];
      const settler = settlerFor(own.load.writer, 1);
      const click = newId(Date.now());
      await reportLoaded(other.load.writer, momentOf(click).getTime());
      const answers = [await settler.settle(newPostback(click)), await settler.settle(newPostback(click))];
      expect(answers.map(({ status, code }) => `${status} ${code}`)).toEqual(["202 ACCEPTED", "503 STORAGE_DOWN"]);
      await retireOthers();
    });

    it("turns away at once a hash from the future, which nobody can have made", async () => {
      const own = await startJournal();
      const answer = await settlerFor(own.load.writer).settle(newPostback(newId(Date.now() + 3_600_000)));
      expect(answer).toMatchObject({ status: 404, code: "CLICK_UNKNOWN" });
    });
  });
});
