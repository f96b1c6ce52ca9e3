import { Migration } from "@mikro-orm/migrations";
import { withLease } from "./lease.js";
import { type Database, type DatabaseAddress } from "./orm.js";

/** One step of the schema, said for both kinds of database. Names sort in the order in which the steps are taken. */
export interface MigrationStep {
  name: string;
  up: Record<DatabaseAddress["kind"], string[]>;
  down: Record<DatabaseAddress["kind"], string[]>;
}

/** The steps as MikroORM takes them, for one kind of database. */
export function migrationsFor(kind: DatabaseAddress["kind"], steps: MigrationStep[]) {
  return steps.map(({ name, up, down }) => ({
    name,
    class: class extends Migration {
      override up() {
        for (const sql of up[kind]) this.addSql(sql);
      }
      override down() {
        for (const sql of down[kind]) this.addSql(sql);
      }
    },
  }));
}

/**
 * Brings the tables up to date and then does what must be there before anybody works (`prepare`), in one process at a
 * time: any number of processes may start at once on an empty database.
 */
export async function migrate<T>(database: Database, prepare: () => Promise<T>): Promise<T> {
  const em = database.em.fork();
  return withLease(em, "migrations", async () => {
    const pending = await database.migrator.getPending();
    if (pending.length > 0) await database.migrator.up();
    return prepare();
  });
}
