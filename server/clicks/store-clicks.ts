import { UniqueConstraintViolationException } from "@mikro-orm/core";
import { type EntityManager } from "@mikro-orm/sql";
import { insertSql } from "../kit/insert-rows.js";
import { count } from "../kit/tally.js";
import { Click } from "./click.js";

/** A click as it is stored: the columns of `Click`. */
export type ClickRow = Omit<Click, "createdAt">;

/** Clicks that are ready for the database: what takes time without it is done. */
export interface ReadyClicks {
  rows: ClickRow[];
  sql: string;
}

/** Makes clicks, at least one, ready to be stored. */
export function readyClicks(em: EntityManager, rows: ClickRow[]): ReadyClicks {
  return { rows, sql: insertSql(em, Click, rows) };
}

/**
 * Stores clicks and counts them, in the caller's `writeTransaction`: all that are not stored yet, or none.
 *
 * A click that came before (from a journal that is read again, or from two places in it) is left out, never an error.
 */
export async function storeClicks(em: EntityManager, clicks: ReadyClicks): Promise<void> {
  try {
    await insert(em, clicks);
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    const unknown = await withoutKnown(em, clicks.rows);
    if (unknown.length > 0) await insert(em, readyClicks(em, unknown));
  }
}

async function insert(em: EntityManager, { rows, sql }: ReadyClicks): Promise<void> {
  await em.execute(sql, [], "run");
  count(em, Click, rows);
}

/** The rows whose ids are neither stored nor twice among them. A failed insert leaves the transaction as it was. */
async function withoutKnown(em: EntityManager, rows: ClickRow[]): Promise<ClickRow[]> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const known = await em.find(Click, { id: { $in: [...byId.keys()] } }, { fields: ["id"], disableIdentityMap: true });
  for (const { id } of known) byId.delete(id);
  return [...byId.values()];
}
