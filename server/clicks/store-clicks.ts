import { type EntityManager } from "@mikro-orm/sql";
import { Click } from "./click.js";

/** A click as it is stored: the columns of `Click`. */
export type ClickRow = Omit<Click, "createdAt">;

/** Stores clicks, in the caller's transaction. */
export async function storeClicks(em: EntityManager, rows: ClickRow[]): Promise<void> {
  await em.insertMany(Click, rows as never);
}
