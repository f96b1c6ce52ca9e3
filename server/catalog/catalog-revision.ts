import { raw } from "@mikro-orm/core";
import { PrimaryKey, Property } from "@mikro-orm/decorators/legacy";
import { type EntityManager } from "@mikro-orm/sql";
import { internalNoun } from "../kit/column.js";
import { writeTransaction } from "../kit/transaction.js";

/** One row that counts the changes of flows and keys, so that trackers need to look at nothing else to stay fresh. */
@internalNoun("Counts the changes of flows, paths, goals and postback keys.")
export class CatalogRevision {
  @PrimaryKey({ type: "integer" }) id!: number;
  @Property({ type: "integer" }) value!: number;
}

export const REVISION_ID = 1;

/**
 * Changes the catalog in one transaction and lets every tracker know.
 *
 * The row is locked first, so changes come one after another and a tracker that reads a number has all changes up to it.
 *
 * @param change  is given its number, which a flow that it changes keeps as its `revision`.
 */
export async function changeCatalog<T>(
  em: EntityManager,
  change: (em: EntityManager, revision: number) => Promise<T>,
): Promise<T> {
  return writeTransaction(em, async (own) => {
    await own.nativeUpdate(CatalogRevision, { id: REVISION_ID }, { value: raw("value + 1") });
    const { value: revision } = await own.findOneOrFail(CatalogRevision, REVISION_ID);
    const result = await change(own, revision);
    await own.flush();
    return result;
  });
}
