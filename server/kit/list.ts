import { type EntityManager, IsolationLevel } from "@mikro-orm/sql";
import { keyOf } from "./column.js";
import { type Where } from "./condition.js";
import { type EntityClass } from "./context.js";
import { type CountedList, countedList } from "./counted-list.js";
import { type Listed, type Order, whereAfter, writeCursor } from "./cursor.js";
import { badInput } from "./errors.js";
import { indexFor } from "./list-index.js";
import { countRows, type Direction, readRows } from "./rows.js";
import { totalOf } from "./sums.js";
import { keyAt } from "./walk.js";

export const PER_PAGE_MAX = 500;
export const PER_PAGE_DEFAULT = 50;

/** Rows that are stepped over one by one; to get further into a counted list, its counters are walked. */
const STEP_MAX = 200;

export interface PageRequest {
  page: number;
  perPage: number;
  after?: string | null;
}

export interface Page<T> {
  items: T[];
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** What is listed, and how it is found. */
interface List<T extends object> {
  entity: EntityClass<T>;
  where: Where;
  order: Order;
  index: string[] | undefined;
  counted: CountedList | undefined;
}

/**
 * Reads one page of a list and its total, both of one moment.
 *
 * @param where  what the list's rows must fulfil; null: no row can.
 * @throws BAD_USER_INPUT for `page`, `perPage` or `after`.
 */
export async function readPage<T extends object>(
  em: EntityManager,
  listed: Listed<T>,
  where: Where | null,
  order: Order,
  { page, perPage, after }: PageRequest,
): Promise<Page<T>> {
  checkPage(page, perPage, after);
  const beyond = after == null ? null : whereAfter(listed, order, after);
  const { entity } = listed;
  if (where === null) return pageOf(entity, order, [], 0, false);
  const index = indexFor(entity, where);
  const list: List<T> = { entity, where, order, index, counted: countedList(entity, where, index) };
  return snapshot(em, async (own) => {
    const total = list.counted ? await totalOf(own, list.counted) : await countRows(own, entity, where, index);
    if (beyond) {
      const rows = total > 0 ? await readFrom(own, list, beyond, perPage + 1) : [];
      return pageOf(entity, order, rows.slice(0, perPage), total, rows.length > perPage);
    }
    const offset = (page - 1) * perPage;
    const rows = offset < total ? await readAt(own, list, offset, Math.min(perPage, total - offset), total) : [];
    return pageOf(entity, order, rows, total, offset + rows.length < total);
  });
}

/** Runs reads that belong together: they see one moment of the database, whatever is written meanwhile. */
export function snapshot<T>(em: EntityManager, read: (em: EntityManager) => Promise<T>): Promise<T> {
  return em.fork().transactional(read as never, { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true });
}

function checkPage(page: number, perPage: number, after?: string | null): void {
  if (perPage < 1 || perPage > PER_PAGE_MAX) {
    throw badInput("perPage", `perPage is ${perPage}; it must be from 1 to ${PER_PAGE_MAX}.`);
  }
  if (page < 1) throw badInput("page", `page is ${page}; pages are counted from 1.`);
  if (after != null && page !== 1) {
    throw badInput("page", `page is ${page}; together with "after" it can only be 1.`);
  }
}

function pageOf<T extends object>(
  entity: EntityClass<T>,
  order: Order,
  items: T[],
  totalCount: number,
  hasNextPage: boolean,
): Page<T> {
  const last = items.at(-1);
  return { items, totalCount, pageInfo: { hasNextPage, endCursor: last ? writeCursor(entity, order, last) : null } };
}

/** The rows from a place in the list, stepping there from the nearer end or walking the counters. */
async function readAt<T extends object>(
  em: EntityManager,
  list: List<T>,
  offset: number,
  size: number,
  total: number,
): Promise<T[]> {
  const { entity, order, counted } = list;
  const after = total - offset - size;
  if (counted && Math.min(offset, after) > STEP_MAX) {
    const isUp = order.direction === "asc";
    const value = await keyAt(em, counted, isUp ? offset : total - 1 - offset);
    return readFrom(em, list, [{ property: keyOf(entity), is: isUp ? ">=" : "<=", value }], size);
  }
  if (offset <= after) return readFrom(em, list, [], size, offset);
  const backwards = { ...order, direction: order.direction === "asc" ? "desc" : "asc" } as const;
  return (await readFrom(em, { ...list, order: backwards }, [], size, after)).reverse();
}

function readFrom<T extends object>(
  em: EntityManager,
  { entity, where, order: { property, direction }, index }: List<T>,
  beyond: Where,
  limit: number,
  offset = 0,
): Promise<T[]> {
  const key = keyOf(entity);
  const order: [string, Direction][] = [[property, direction]];
  if (property !== key) order.push([key, direction]);
  return readRows(em, entity, { where: [...where, ...beyond], order, limit, offset, index });
}
