import pino from "pino";
import { openWaypostDatabase } from "../../server/database.js";
import { type EntityManager } from "../../server/kit/orm.js";
import { type DatabaseName, startWaypost, type Waypost } from "./waypost.js";

/** Tables whose rows stay: how far the journal is loaded, and what was done to the schema. */
const STAY = new Set(["journal_writer", "lease", "migration_progress", "mikro_orm_migrations"]);
/** A table with this before its name has the rows that a system begins with. */
const KEPT = "kept_";

/** The Waypost of this worker over each kind of database, and what makes it as good as new. */
const standing = new Map<DatabaseName, Promise<{ waypost: Waypost; renew(): Promise<void> }>>();

/**
 * Lends an empty Waypost to a file: one that was started for the first file of this worker that asked, and is emptied for each
 * further one. It goes on when it is closed.
 *
 * What it has in memory stays: limits of wrong passwords and of unauthenticated callers, metrics, connections. A file that fills or
 * reads those starts its own.
 */
export async function borrowWaypost(database: DatabaseName): Promise<Waypost> {
  const known = standing.get(database);
  if (known) await (await known).renew();
  const lent = known ?? start(database);
  standing.set(database, lent);
  return (await lent).waypost;
}

async function start(database: DatabaseName) {
  const waypost = await startWaypost(database);
  waypost.close = async () => {};
  const { em } = await openWaypostDatabase(waypost.config, pino({ level: "silent" }));
  const tables = await tablesOf(em, database);
  for (const table of tables) await em.execute(`create table ${KEPT}${table} as select * from ${table}`);
  return {
    waypost,
    renew: async () => {
      // Whatever is in the journal is loaded before an answer comes.
      await waypost.ask("{ me { id } }");
      await em.fork().transactional(async (own) => {
        for (const table of tables) {
          await own.execute(`delete from ${table}`);
          await own.execute(`insert into ${table} select * from ${KEPT}${table}`);
        }
        if (database === "SQLite") await own.execute("delete from sqlite_sequence");
      });
      if (database === "MySQL") for (const table of tables) await em.execute(`alter table ${table} auto_increment = 1`);
      // A flow that is not known is looked for: then the tracker has read the catalog as it is now.
      await waypost.track("/c/no-such-flow");
      waypost.logLines.splice(0);
    },
  };
}

async function tablesOf(em: EntityManager, database: DatabaseName): Promise<string[]> {
  const rows = await em.execute<{ name: string }[]>(
    database === "SQLite"
      ? "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'"
      : "select table_name as name from information_schema.tables where table_schema = database()",
  );
  return rows.map(({ name }) => name).filter((name) => !STAY.has(name) && !name.startsWith(KEPT));
}
