import { UniqueConstraintViolationException } from "@mikro-orm/core";
import { type EntityManager } from "@mikro-orm/sql";
import { insertRows } from "../kit/insert-rows.js";
import { count } from "../kit/tally.js";
import { Click } from "./click.js";

/** A click as it is stored: the columns of `Click`. */
export type ClickRow = Omit<Click, "createdAt">;

/**
 * Stores clicks and counts them, in the caller's `writeTransaction`: all that are not stored yet, or none.
 *
 * A click that came before (from a journal that is read again, or from two places in it) is left out, never an error.
 */
export async function storeClicks(em: EntityManager, rows: ClickRow[]): Promise<void> {
  try {
    await insert(em, rows);
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    await insert(em, await withoutKnown(em, rows));
  }
}

async function insert(em: EntityManager, rows: ClickRow[]): Promise<void> {
  await insertRows(em, Click, rows);
  count(em, Click, rows);
}

/** The rows whose ids are neither stored nor twice among them. A failed insert leaves the transaction as it was. */
async function withoutKnown(em: EntityManager, rows: ClickRow[]): Promise<ClickRow[]> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const known = await em.find(Click, { id: { $in: [...byId.keys()] } }, { fields: ["id"], disableIdentityMap: true });
  for (const { id } of known) byId.delete(id);
  return [...byId.values()];
}
