import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entities, openWaypostDatabase } from "../server/database.js";
import { type Database } from "../server/kit/orm.js";
import { databases, startWaypost, type Waypost } from "./kit/waypost.js";

describe.each(databases)("Reading, on %s", (database) => {
  let waypost: Waypost;
  let own: Database;
  beforeAll(async () => {
    waypost = await startWaypost(database);
    own = await openWaypostDatabase(waypost.config, pino({ level: "silent" }));
    const flow = await waypost.seedFlow({ defaultSource: "é", goals: [{ key: "sale", revenue: "2.50" }] });
    const click = await waypost.click(flow.key, "?a=1");
    await waypost.postback({ click, goal: "sale", uid: "Ü1", status: "approved", revenue: "3.75" });
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
