import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Announcement } from "../../server/conversions/announcement.js";
import { keepPending } from "../../server/conversions/pending-postback.js";
import { type ReceivedPostback } from "../../server/conversions/received-postback.js";
import { entities, openWaypostDatabase } from "../../server/database.js";
import { newId } from "../../server/kit/id.js";
import { type Database } from "../../server/kit/orm.js";
import { findWriter } from "../../server/loader/journal-writer.js";
import { putAside } from "../../server/loader/store-entries.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

describe.each(databases)("Reading, on %s", (database) => {
  let waypost: Waypost;
  let own: Database;
  beforeAll(async () => {
    waypost = await startWaypost(database, { environment: { TRUST_PROXY: "127.0.0.1" } });
    own = await openWaypostDatabase(waypost.config, pino({ level: "silent" }));
    const flow = await waypost.seedFlow({ defaultSource: "é", goals: [{ key: "sale", revenue: "2.50" }] });
    const click = await waypost.click(flow.key, "?a=1", { "x-forwarded-for": "8.8.8.8" });
    await waypost.postback({ click, goal: "sale", uid: "Ü1", status: "approved", revenue: "3.75" });
    const em = own.em.fork();
    await putAside(em, { kind: 99, payload: Buffer.from('{"a":"é"}') }, new Error("Of no kind."));
    // A writer that has never reported: postbacks wait for it.
    await findWriter(em, "reading");
    keepPending(em, { clickHash: newId(Date.now()), entry: { id: newId(Date.now()) } } as ReceivedPostback);
    await em.insert(Announcement, { id: newId(Date.now()) });
    await em.flush();
  });
  afterAll(async () => {
    await own.close();
    await waypost.close();
  });

  it.each(entities.map((entity) => [entity.name, entity] as const))(
    "a %s leaves nothing to write back",
    async (_, entity) => {
      const em = own.em.fork();
      const rows = await em.find(entity as new () => object, {});
      expect(rows.length).toBeGreaterThan(0);
      em.getUnitOfWork().computeChangeSets();
      expect(
        em
          .getUnitOfWork()
          .getChangeSets()
          .map(({ payload }) => payload),
      ).toEqual([]);
    },
  );
});
