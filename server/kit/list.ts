import { type EntityManager, IsolationLevel } from "@mikro-orm/sql";
import { readSerialId } from "./column.js";
import { type EntityClass } from "./context.js";
import { badInput, excerpt } from "./errors.js";
import { ID_PATTERN } from "./id.js";

export const PER_PAGE_MAX = 500;
export const PER_PAGE_DEFAULT = 50;

export type Direction = "asc" | "desc";

/** One way to order a list: by a column and then by the key, or by the key alone. */
export interface Order {
  property: string;
  direction: Direction;
}

/** What is listed: the noun, its key (`ResourceOptions`), and whether that is a fact's (hexadecimal) or counted. */
export interface Listed<T extends object> {
  entity: EntityClass<T>;
  fact: boolean;
  key: string;
}

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
 * @param conditions  joined by and.
 * @throws BAD_USER_INPUT for `page`, `perPage` or `after`.
 */
export async function readPage<T extends object>(
  em: EntityManager,
  listed: Listed<T>,
  conditions: object[],
  order: Order,
  { page, perPage, after }: PageRequest,
): Promise<Page<T>> {
  checkPage(page, perPage, after);
  const { entity, key } = listed;
  const list = `${entity.name} ${order.property} ${order.direction}`;
  const position = after == null ? [] : [whereAfter(readCursor(after, list, order, listed), order, key)];
  const orderBy = [
    { [order.property]: order.direction },
    ...(order.property === key ? [] : [{ [key]: order.direction }]),
  ];

  return snapshot(em, async (snapshotEm) => {
    const rows = await snapshotEm.find(entity, { $and: [...conditions, ...position] } as never, {
      orderBy: orderBy as never,
      limit: perPage + 1,
      offset: (page - 1) * perPage,
    });
    const items = rows.slice(0, perPage);
    const last = items.at(-1);
    return {
      items,
      totalCount: await snapshotEm.count(entity, { $and: conditions } as never),
      pageInfo: { hasNextPage: rows.length > perPage, endCursor: last ? writeCursor(last, list, order, key) : null },
    };
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

/** A cursor names the list and order it belongs to, the value of the column that it is ordered by, and the key. */
type Cursor = [list: string, value: string | number, key: string | number];

function writeCursor(row: object, list: string, { property }: Order, key: string): string {
  const { [property]: value = "", [key]: unique = "" } = row as Record<string, string | number>;
  return encode([list, value, unique]);
}

function readCursor(text: string, list: string, { property }: Order, { fact, key }: Listed<object>): Cursor {
  const cursor = decode(text);
  const isKey = (id: unknown) =>
    fact ? typeof id === "string" && ID_PATTERN.test(id) : typeof id === "number" && readSerialId(String(id)) !== null;
  const fits =
    cursor?.[0] === list &&
    isKey(cursor[2]) &&
    (property === key ? cursor[1] === cursor[2] : typeof cursor[1] === "string");
  if (!fits) throw badInput("after", `"${excerpt(text)}" is not an endCursor of this list in this order.`);
  return cursor;
}

function encode(parts: unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** Only what `encode` could have written is a cursor. */
function decode(text: string): Cursor | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    return Array.isArray(parts) && parts.length === 3 && encode(parts) === text ? (parts as Cursor) : null;
  } catch {
    return null;
  }
}

function whereAfter([, value, unique]: Cursor, { property, direction }: Order, key: string): object {
  const beyond = direction === "asc" ? "$gt" : "$lt";
  if (property === key) return { [key]: { [beyond]: unique } };
  return { $or: [{ [property]: { [beyond]: value } }, { [property]: value, [key]: { [beyond]: unique } }] };
}
