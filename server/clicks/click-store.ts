import { type EntityManager } from "@mikro-orm/sql";
import { Click } from "./click.js";

/** A click as it is stored: the columns of `Click`. */
export type ClickRow = Omit<Click, "createdAt">;

/** The one door through which clicks are stored. */
export interface ClickStore {
  /** Resolves when the click is safe on disk; rejects when it is not stored. */
  append(click: ClickRow): Promise<void>;
}

/** Stores each click by one awaited insert. */
export function createClickStore(em: EntityManager): ClickStore {
  const own = em.fork();
  return {
    append: async (click) => {
      await own.insert(Click, click as never);
    },
  };
}
