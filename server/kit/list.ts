import { type EntityManager, IsolationLevel } from "@mikro-orm/sql";
import { type ChangedList, daysOfChanged, isShortChange } from "./changed-days.js";
import { openChangedList } from "./changed-list.js";
import { keyOf } from "./column.js";
import { type Where } from "./condition.js";
import { type EntityClass } from "./context.js";
import { countedList } from "./counted-list.js";
import { type Listed, type Order, whereAfter, writeCursor } from "./cursor.js";
import { badInput } from "./errors.js";
import { indexBy, indexFor } from "./list-index.js";
import { type List, type OpenList, readPart, readPartFromEnd, STEP_MAX } from "./list-rows.js";
import { countRows } from "./rows.js";
import { totalOf } from "./sums.js";
import { keyAt } from "./walk.js";

export const PER_PAGE_MAX = 500;
export const PER_PAGE_DEFAULT = 50;

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

/**
 * Reads one page of a list and its total, both of one moment.
 *
 * @param where  what the list's rows must fulfil.
 * @param request  as `checkPage` lets it through.
 * @throws BAD_USER_INPUT for `after`.
 */
export async function readPage<T extends object>(
  em: EntityManager,
  listed: Listed<T>,
  where: Where,
  order: Order,
  request: PageRequest,
): Promise<Page<T>> {
  const { page, perPage } = request;
  const beyond = request.after == null ? null : whereAfter(listed, order, request.after);
  const { entity } = listed;
  const counted = countedList(entity, where);
  const list: List<T> = { entity, where, order, index: counted ? counted.index : indexFor(entity, where), counted };
  return snapshot(em, async (own) => {
    const { total, at, after } = await openList(own, list);
    if (beyond) {
      const rows = total > 0 ? await after(beyond, perPage + 1) : [];
      return pageOf(entity, order, rows.slice(0, perPage), total, rows.length > perPage);
    }
    const offset = (page - 1) * perPage;
    const rows = offset < total ? await at(offset, Math.min(perPage, total - offset)) : [];
    return pageOf(entity, order, rows, total, offset + rows.length < total);
  });
}

/** Runs reads that belong together: they see one moment of the database, whatever is written meanwhile. */
export function snapshot<T>(em: EntityManager, read: (em: EntityManager) => Promise<T>): Promise<T> {
  return em.fork().transactional(read as never, { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true });
}

/** @throws BAD_USER_INPUT for `page` or `perPage` */
export function checkPage({ page, perPage, after }: PageRequest): void {
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

async function openList<T extends object>(em: EntityManager, list: List<T>): Promise<OpenList<T>> {
  const { entity, where, index, counted } = list;
  if (counted?.change) return openChanged(em, list, { ...counted, change: counted.change });
  return openPlain(em, list, counted ? await totalOf(em, counted) : await countRows(em, entity, where, index));
}

function openPlain<T extends object>(em: EntityManager, list: List<T>, total: number): OpenList<T> {
  return {
    total,
    at: (offset, size) => readAt(em, list, offset, size, total),
    after: (beyond, limit) => readPart(em, list, { beyond, limit }),
  };
}

/** A list by when its rows were changed: a few are found by that and sorted, more are read by the days that have some. */
async function openChanged<T extends object>(
  em: EntityManager,
  list: List<T>,
  changed: ChangedList,
): Promise<OpenList<T>> {
  const { entity, where } = list;
  const index = indexBy(entity, changed.counted.changed as string);
  const sorted = { ...list, index, told: true, counted: undefined };
  if (isShortChange(changed)) return openPlain(em, sorted, await countRows(em, entity, where, index));
  const { equal, time } = changed;
  const isAll = equal.length === 0 && time.from === null && time.to === null;
  return openChangedList(em, { list: { ...list, told: true }, sorted, days: await daysOfChanged(em, changed), isAll });
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
    return readPart(em, list, { beyond: [{ property: keyOf(entity), is: isUp ? ">=" : "<=", value }], limit: size });
  }
  if (offset <= after) return readPart(em, list, { limit: size, offset });
  return readPartFromEnd(em, list, { limit: size, offset: after });
}
