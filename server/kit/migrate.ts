import { Migration } from "@mikro-orm/migrations";
import { type Logger } from "pino";
import { withLease } from "./lease.js";
import { forgetProgress, takeOneByOne } from "./migration-progress.js";
import { type Database, type DatabaseAddress } from "./orm.js";

/** One step of the schema, said for both kinds of database. Names sort in the order in which the steps are taken. */
export interface MigrationStep {
  name: string;
  up: Record<DatabaseAddress["kind"], string[]>;
  down: Record<DatabaseAddress["kind"], string[]>;
}

/** The steps as MikroORM takes them, for one kind of database: SQLite takes one whole or not at all, MySQL bit by bit. */
export function migrationsFor(kind: DatabaseAddress["kind"], steps: MigrationStep[]) {
  return steps.map(({ name, up, down }) => ({
    name,
    class: class extends Migration {
      override async up() {
        if (kind === "mysql") await takeOneByOne((sql, values) => this.execute(sql, values), name, up.mysql);
        else for (const sql of up.sqlite) this.addSql(sql);
      }
      override async down() {
        if (kind === "mysql") await forgetProgress((sql, values) => this.execute(sql, values), name);
        for (const sql of down[kind]) this.addSql(sql);
      }
    },
  }));
}

/**
 * Brings the tables up to date and then does what must be there before anybody works (`prepare`), in one process at a
 * time: any number of processes may start at once on an empty database.
 */
export async function migrate<T>(database: Database, log: Logger, prepare: () => Promise<T>): Promise<T> {
  const em = database.em.fork();
  const step = async () => {
    const pending = await database.migrator.getPending();
    const isUpgrade = pending.length > 0 && (await database.migrator.getExecuted()).length > 0;
    const steps = pending.map(({ name }) => name);
    if (isUpgrade) log.info({ steps }, "Bringing the database up to date. With millions of clicks this takes minutes.");
    if (pending.length > 0) await database.migrator.up();
    if (isUpgrade) log.info("The database is up to date.");
    return prepare();
  };
  return withLease(em, "migrations", step, () =>
    log.info("Another process is bringing the database up to date: waiting until it is done, ten minutes at most."),
  );
}
