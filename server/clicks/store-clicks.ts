import { type EntityManager } from "@mikro-orm/sql";
import { count } from "../kit/tally.js";
import { Click } from "./click.js";

/** A click as it is stored: the columns of `Click`. */
export type ClickRow = Omit<Click, "createdAt">;

/** Stores clicks and counts them, in the caller's `writeTransaction`. */
export async function storeClicks(em: EntityManager, rows: ClickRow[]): Promise<void> {
  await em.insertMany(Click, rows as never);
  count(em, Click, rows);
}
