import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApi } from "../../server/api.js";
import { type ClickRow, readyClicks, storeClicks } from "../../server/clicks/store-clicks.js";
import { openWaypostDatabase } from "../../server/database.js";
import { newId } from "../../server/kit/id.js";
import { type Database } from "../../server/kit/orm.js";
import { writeTransaction } from "../../server/kit/transaction.js";
import { CountingProcess } from "../../server/loader/counting-process.js";
import { findWriter, JournalWriter } from "../../server/loader/journal-writer.js";
import { DULL_CLICK } from "../kit/facts.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const log = pino({ level: "silent" });

/** Who counts has a small id of his own, however many there are and whatever the database would give. */
describe.each(databases)("Those who count, on %s", (database) => {
  let waypost: Waypost;
  let orm: Database;
  beforeAll(async () => {
    waypost = await startWaypost(database);
    orm = await openWaypostDatabase(waypost.config, log);
  });
  afterAll(async () => {
    await orm.close();
    await waypost.close();
  });

  const ids = async () => (await orm.em.fork().find(JournalWriter, {})).map(({ id }) => id).sort((a, b) => a - b);
  const writersOf = async (table: string) =>
    (await orm.em.fork().execute<{ writer: number }[]>(`select distinct writer from ${table}`)).map(
      ({ writer }) => writer,
    );

  it("6.5 have the smallest ids that are free, also after one that is large, and many at once one each", async () => {
    const em = orm.em.fork();
    const far = { segment: new Date(0), position: 0, loadedUntil: new Date(0), seenAt: new Date(0), closed: true };
    await em.insert(JournalWriter, { id: 70_000, name: "far", ...far } as never);
    const known = await ids();
    const names = Array.from({ length: 12 }, (_, index) => `test/${index % 10}`);
    const found = await Promise.all(names.map((name) => findWriter(orm.em, name)));
    expect(found[10]?.id).toBe(found[0]?.id);
    const free = Array.from({ length: 100 }, (_, index) => index + 1).filter((id) => !known.includes(id));
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(free.slice(0, 10)));

    await em.nativeDelete(JournalWriter, { name: "test/3" });
    expect((await findWriter(orm.em, "another")).id).toBe(found[3]?.id);
    expect((await findWriter(orm.em, "far")).id).toBe(70_000);
    // Nobody is to wait for them.
    await em.nativeUpdate(JournalWriter, { name: { $in: [...names, "another"] } }, { closed: true });
  });

  it.each([65_536, 70_000, 2 ** 31])("6.5 may have the id %i", async (writer) => {
    const flowId = Number((await waypost.seedFlow()).id);
    const click = { id: newId(Date.now()), flowId, ...DULL_CLICK } as unknown as ClickRow;
    await writeTransaction(orm.em.fork(), (own) => storeClicks(own, readyClicks(own, [click])), writer);
    expect(await writersOf("click_count")).toContain(writer);
  });

  it("6.6 are not the same when they are two processes of the API, and the same after a restart", async () => {
    const flow = await waypost.seedFlow();
    const click = await waypost.click(flow.key);
    expect((await waypost.postback({ click, payout: "5" })).body.code).toBe("RECORDED");
    const reject = `mutation { changeConversions(filter: { flowId: ${flow.id} }, expected: 1, status: REJECTED) { changed } }`;
    const before = await writersOf("conversion_count");
    expect((await waypost.ask(reject)).changeConversions.changed).toBe(1);
    const after = (await writersOf("conversion_count")).filter((writer) => !before.includes(writer));
    expect(after).toHaveLength(1);
    expect(after).not.toContain(0);

    const processes = () => orm.em.fork().count(CountingProcess, {});
    expect(await processes()).toBe(1);
    for (let count = 0; count < 2; count += 1) {
      const second = await createApi(waypost.config, { log });
      expect(await processes()).toBe(2);
      await second.close();
    }
  });
});
