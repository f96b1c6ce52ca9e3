import { keyOf, readSerialId } from "./column.js";
import { type Where } from "./condition.js";
import { type EntityClass } from "./context.js";
import { badInput, excerpt } from "./errors.js";
import { ID_PATTERN } from "./id.js";
import { type Direction } from "./rows.js";

/** One way to order a list: by a column and then by the key, or by the key alone. */
export interface Order {
  property: string;
  direction: Direction;
}

/** What is listed: the noun, and whether it is a fact, whose keys are hexadecimal, or has counted ids. */
export interface Listed<T extends object = object> {
  entity: EntityClass<T>;
  fact: boolean;
}

/** A cursor names the list and order it belongs to, the value of the column that it is ordered by, and the key. */
type Cursor = [list: string, value: string | number, key: string | number];

/** Where a list goes on after a row. */
export function writeCursor(entity: EntityClass, order: Order, row: object): string {
  const { [order.property]: value = "", [keyOf(entity)]: key = "" } = row as Record<string, string | number>;
  return encode([nameOf(entity, order), value, key]);
}

/** The condition for what comes after a cursor. @throws BAD_USER_INPUT for `after`. */
export function whereAfter(listed: Listed, order: Order, after: string): Where {
  const [, value, unique] = readCursor(listed, order, after);
  const { property, direction } = order;
  const is = direction === "asc" ? ">" : "<";
  const key = keyOf(listed.entity);
  if (property === key) return [{ property: key, is, value: unique }];
  const beyond = { property: key, is, value: unique } as const;
  return [{ any: [[{ property, is, value }], [{ property, is: "=", value }, beyond]] }];
}

function readCursor({ entity, fact }: Listed, order: Order, text: string): Cursor {
  const cursor = decode(text);
  const list = nameOf(entity, order);
  const isKey = (id: unknown) =>
    fact ? typeof id === "string" && ID_PATTERN.test(id) : typeof id === "number" && readSerialId(String(id)) !== null;
  const fits =
    cursor?.[0] === list &&
    isKey(cursor[2]) &&
    (order.property === keyOf(entity) ? cursor[1] === cursor[2] : typeof cursor[1] === "string");
  if (!fits) throw badInput("after", `"${excerpt(text)}" is not an endCursor of this list in this order.`);
  return cursor;
}

function nameOf(entity: EntityClass, { property, direction }: Order): string {
  return `${entity.name} ${property} ${direction}`;
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
