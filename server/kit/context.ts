import { type EntityManager } from "@mikro-orm/sql";
import { type Logger } from "pino";
import { type Audit } from "./audit.js";

/** A noun's class: what tables, schema and loaders know it by. */
export type EntityClass<T extends object = object> = new () => T;

/** What every resolver finds in its context. Features add to it (`CatalogContext`, `AccountContext`). */
export interface ApiContext {
  /** Forked for this request. */
  em: EntityManager;
  /** The row of a noun by id, or null; all that a request asks for in one tick is one query. */
  load<T extends object>(entity: EntityClass<T>, id: string | number): Promise<T | null>;
  /** The rows of a noun whose `property` has the value, in order of their ids; batched like `load`. */
  loadList<T extends object>(entity: EntityClass<T>, property: string, value: string | number): Promise<T[]>;
  /** Forgets what was loaded: a change must be seen by what the same request asks for after it. */
  forgetLoaded(): void;
  /** The moment before which every fact is stored; asked before the facts are read. */
  completeUntil(): Promise<Date>;
  log: Logger;
  /** Logs who did what, where it is of doors and keys. */
  audit: Audit;
  /** Unix milliseconds. */
  now: () => number;
  /** Ids of facts that are made here, in the order in which they are made. */
  nextId: (ms: number) => string;
}
