import { type Table } from "./table.js";

/** What a column is asked for. `contains`: of text, letter for letter. */
export interface Condition {
  property: string;
  is: "=" | "<>" | "<" | "<=" | ">" | ">=" | "in" | "contains";
  value: unknown;
}

/** Conditions joined by and; of `any` at least one list of them must hold. */
export type Where = (Condition | { any: Condition[][] })[];

/** A piece of SQL with a `?` for each value. */
export interface Sql {
  sql: string;
  values: unknown[];
}

/** The condition of a statement: empty, or beginning with `where`. */
export function whereSql(table: Table, where: Where): Sql {
  const { sql, values } = allOf(table, where);
  return { sql: sql && ` where ${sql}`, values };
}

function allOf(table: Table, where: Where): Sql {
  const parts = where.map((part) => ("any" in part ? anyOf(table, part.any) : oneOf(table, part)));
  return { sql: parts.map(({ sql }) => sql).join(" and "), values: parts.flatMap(({ values }) => values) };
}

function anyOf(table: Table, lists: Condition[][]): Sql {
  const parts = lists.map((list) => allOf(table, list));
  return { sql: `(${parts.map(({ sql }) => sql).join(" or ")})`, values: parts.flatMap(({ values }) => values) };
}

function oneOf(table: Table, { property, is, value }: Condition): Sql {
  const column = table.column(property);
  const toDatabase = (each: unknown) => table.toDatabase(property, each);
  if (is === "contains") {
    // As bytes: both databases compare them so, and text would be read in the connection's character set.
    const bytes = Buffer.from(String(value)).toString("hex");
    return { sql: `instr(${column}, cast(x'${bytes}' as char)) > 0`, values: [] };
  }
  if (is !== "in") return { sql: `${column} ${is} ?`, values: [toDatabase(value)] };
  const values = (value as unknown[]).map(toDatabase);
  return values.length > 0 ? { sql: `${column} in (${values.map(() => "?").join(", ")})`, values } : NOTHING;
}

const NOTHING: Sql = { sql: "1 = 0", values: [] };
