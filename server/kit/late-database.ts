import { DatabaseBusy } from "./database-errors.js";
import { connectionsLent, type Database, type EntityManager } from "./orm.js";

/** A database that may not be there yet. */
export interface LateDatabase {
  /** @throws what `isDatabaseDown` knows, as long as it is not there */
  em(): Promise<EntityManager>;
  /** How many of its connections are in use now. */
  connectionsLent(): number;
  close(): Promise<void>;
}

/**
 * Opens a database when somebody asks for it, again and again until it is there.
 *
 * @param prepared  until this has resolved nobody is let in: its tables may be missing.
 */
export function createLateDatabase(prepared: Promise<unknown>, open: () => Promise<Database>): LateDatabase {
  let isPrepared = false;
  let opening: Promise<Database> | null = null;
  let database: Database | null = null;
  void prepared.then(() => {
    isPrepared = true;
  });

  /** One attempt for all who ask while it is under way. */
  function openOnce(): Promise<Database> {
    opening ??= open().finally(() => {
      opening = null;
    });
    return opening;
  }

  return {
    em: async () => {
      await null; // So that what was prepared already is known.
      if (!isPrepared) throw new DatabaseBusy("The database has not been reached yet.");
      database ??= await openOnce();
      return database.em.fork();
    },
    connectionsLent: () => (database ? connectionsLent(database) : 0),
    close: async () => {
      await opening?.catch(() => {});
      await database?.close();
    },
  };
}
