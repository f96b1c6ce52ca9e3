import { type EntityManager } from "@mikro-orm/sql";
import { keyOf } from "./column.js";
import { type EntityClass } from "./context.js";
import { badInput } from "./errors.js";
import { type FilterInput, filterOf } from "./filter.js";
import { indexFor } from "./list-index.js";
import { readRows } from "./rows.js";

/** Rows that somebody has seen, counted and confirmed. */
export interface ExpectedRows {
  filter: FilterInput;
  /** How many the filter left then; left out: nobody has counted them yet. */
  expected?: number;
  /** So many may be taken by one request. */
  max: number;
}

/**
 * The rows that a filter leaves, newest first, where they are as many as was confirmed: where more or fewer are left by now,
 * somebody looks again.
 *
 * @throws BAD_USER_INPUT for `expected` when there are others, for `filter` when there are too many.
 */
export async function readExpected<T extends object>(
  em: EntityManager,
  entity: EntityClass<T>,
  { filter, expected, max }: ExpectedRows,
): Promise<T[]> {
  const where = filterOf(entity).where(filter);
  const order: [string, "desc"][] = [[keyOf(entity), "desc"]];
  const found = await readRows(em, entity, { where, order, limit: max + 1, index: indexFor(entity, where) });
  if (found.length > max) {
    const message = `The filter leaves more than ${max}, as many as can be taken at once: narrow it, for example by days.`;
    throw badInput("filter", message);
  }
  if (expected !== undefined && found.length !== expected) {
    const message = `The filter leaves ${found.length} now, not ${expected}: nothing was changed. Look at them again and confirm anew.`;
    throw badInput("expected", message);
  }
  return found;
}
