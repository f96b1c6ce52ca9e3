import { UniqueConstraintViolationException } from "@mikro-orm/core";
import { type EntityManager } from "@mikro-orm/sql";
import { insertRows } from "../kit/insert-rows.js";
import { Click } from "./click.js";

/** A click as it is stored: the columns of `Click`. */
export type ClickRow = Omit<Click, "createdAt">;

/**
 * Stores clicks, in the caller's transaction where there is one: all that are not stored yet, or none.
 *
 * A click that came before (from a journal that is read again, or from two places in it) is left out, never an error.
 *
 * @returns the rows that were stored, for whoever counts them.
 */
export async function storeClicks(em: EntityManager, rows: ClickRow[]): Promise<ClickRow[]> {
  try {
    await insertRows(em, Click, rows);
    return rows;
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    const fresh = await withoutKnown(em, rows);
    await insertRows(em, Click, fresh);
    return fresh;
  }
}

/** The rows whose ids are neither stored nor twice among them. A failed insert leaves the transaction as it was. */
async function withoutKnown(em: EntityManager, rows: ClickRow[]): Promise<ClickRow[]> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const known = await em.find(Click, { id: { $in: [...byId.keys()] } }, { fields: ["id"], disableIdentityMap: true });
  for (const { id } of known) byId.delete(id);
  return [...byId.values()];
}
