import { type EntityManager } from "@mikro-orm/sql";
import { keyOf } from "./column.js";
import { type Where } from "./condition.js";
import { type EntityClass } from "./context.js";
import { type CountedList } from "./counted-list.js";
import { type Order } from "./cursor.js";
import { type Direction, readRows } from "./rows.js";

/** Rows that are stepped over one by one; to get further into a counted list, its counters are walked. */
export const STEP_MAX = 200;

/** What is listed, and how it is found. */
export interface List<T extends object> {
  entity: EntityClass<T>;
  where: Where;
  order: Order;
  index: string[] | undefined;
  /** Whether the index tells all that the list asks for. */
  told?: boolean;
  counted: CountedList | undefined;
}

/** A list whose total is known, and how its rows are read. */
export interface OpenList<T> {
  total: number;
  /** The rows from a place on; there are so many. */
  at(offset: number, size: number): Promise<T[]>;
  /** The rows beyond the condition that a cursor says. */
  after(beyond: Where, limit: number): Promise<T[]>;
}

/** A part of a list: what its rows must fulfil beside the list's conditions, and which of them. */
export interface RowsPart {
  beyond?: Where;
  limit: number;
  offset?: number;
}

/** Reads rows of a list, in its order. */
export async function readPart<T extends object>(em: EntityManager, list: List<T>, part: RowsPart): Promise<T[]> {
  const { entity, where, index, told } = list;
  const { property, direction } = list.order;
  const { beyond = [], ...rest } = part;
  const key = keyOf(entity);
  const order: [string, Direction][] = [[property, direction]];
  if (property !== key) order.push([key, direction]);
  const rows = await readRows(em, entity, { where: [...where, ...beyond], order, index, told, ...rest });
  return told ? inOrderOf(rows, key as keyof T, direction) : rows;
}

function inOrderOf<T extends object>(rows: T[], key: keyof T, direction: Direction): T[] {
  const sign = direction === "asc" ? 1 : -1;
  return rows.sort((one, other) => (one[key] < other[key] ? -sign : sign));
}

/** The same from the other end: `offset` and `limit` are counted from there. The rows are in the list's order all the same. */
export async function readPartFromEnd<T extends object>(
  em: EntityManager,
  list: List<T>,
  part: RowsPart,
): Promise<T[]> {
  const { order } = list;
  const backwards = { ...order, direction: order.direction === "asc" ? "desc" : "asc" } as const;
  return (await readPart(em, { ...list, order: backwards }, part)).reverse();
}
