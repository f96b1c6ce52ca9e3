import { type Database, DatabaseBusy, type EntityManager } from "./orm.js";

/** A database that may not be there yet. */
export interface LateDatabase {
  /** @throws what `isDatabaseDown` knows, as long as it is not there */
  em(): Promise<EntityManager>;
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
    close: async () => {
      await opening?.catch(() => {});
      await database?.close();
    },
  };
}
