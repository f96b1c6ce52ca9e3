import { raw } from "@mikro-orm/core";
import { Field, ID, InputType } from "type-graphql";
import { type Column, columnsOf, readSerialId } from "./column.js";
import { type EntityClass } from "./context.js";
import { badInput } from "./errors.js";
import { firstIdAt, readId } from "./id.js";
import { DateTime } from "./scalars.js";

/** How many ids a filter may name. */
const IDS_MAX = 500;

/** A condition that is not equality with a column: its GraphQL type, and what it asks of the rows. */
export interface SpecialFilter {
  type: () => unknown;
  description: string;
  where: (value: never) => object;
}

export interface FilterShape {
  entity: EntityClass;
  /** Facts are filtered by time and have 16-byte ids. */
  fact: boolean;
  /** The column that the list is in order of; of a fact it holds its moment. */
  key: string;
  special: Record<string, SpecialFilter>;
}

export type FilterInput = Record<string, unknown>;
const NO_ROW = { id: { $in: [] } };

/** Makes the GraphQL filter type of a noun: `ids`, its columns with `filter`, the special ones, and for facts `from` and `to`. */
export function createFilter({ entity, fact, special }: FilterShape): EntityClass {
  class Filter {}
  const field = (name: string, type: () => unknown, description: string, defaultValue?: boolean) =>
    Field(type as never, { nullable: true, description, defaultValue })(Filter.prototype, name);

  field("ids", () => [ID], "Any of these ids.");
  for (const column of filterColumns(entity)) {
    field(column.property, column.graphqlType, column.description, filterOptions(column).default);
  }
  for (const [name, { type, description }] of Object.entries(special)) field(name, type, description);
  if (fact) {
    field("from", () => DateTime, "At this moment or later.");
    field("to", () => DateTime, "Before this moment.");
  }
  InputType(`${entity.name}Filter`, { description: "All conditions that are given must hold." })(Filter);
  return Filter;
}

/** The conditions of a filter, to be joined by and. */
export function whereOf({ entity, fact, key, special }: FilterShape, filter: FilterInput): object[] {
  const conditions: object[] = [];
  const { ids, from, to } = filter;
  if (Array.isArray(ids)) conditions.push(whereIds(ids, fact));
  if (from instanceof Date) conditions.push({ [key]: { $gte: firstIdAt(from) } });
  if (to instanceof Date) conditions.push({ [key]: { $lt: firstIdAt(to) } });
  for (const column of filterColumns(entity)) {
    const { default: unasked, normalize } = filterOptions(column);
    const given = column.property in filter ? filter[column.property] : unasked;
    if (given == null) continue;
    const value = column.readFilter((typeof given === "string" && normalize ? normalize(given) : given) as never);
    conditions.push(value === undefined ? NO_ROW : { [column.property]: value });
  }
  for (const [name, { where }] of Object.entries(special)) {
    if (filter[name] != null) conditions.push(where(filter[name] as never));
  }
  return conditions;
}

/**
 * Brings text into the form in which it is searched and sorted: letters of any script without their case, compatible
 * forms as one. Stored beside the text, because SQLite folds ASCII only and MySQL's collations fold more than case.
 *
 * Lower case comes first for ẞ, which is ß and then SS; the second normalization joins what an upper case took apart (ΐ).
 * Turkish dotted and dotless letters are all found by a plain i.
 */
export function foldCase(text: string): string {
  const folded = text.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
  return folded.replaceAll("ς", "σ").replaceAll("i\u0307", "i");
}

/**
 * A condition that a folded column contains the folded needle, letter for letter: `%` and `_` mean themselves.
 *
 * The needle is written as its bytes. As a parameter of `raw` it would be put into the statement before the other values
 * are, and a question mark in it be taken for the place of one of them.
 */
export function contains(property: string, needle: string): object {
  const bytes = Buffer.from(foldCase(needle)).toString("hex");
  return { [raw((alias) => `instr(${alias}.${property}, cast(x'${bytes}' as char))`)]: { $gt: 0 } };
}

function whereIds(ids: unknown[], fact: boolean): object {
  if (ids.length > IDS_MAX) throw badInput("ids", `${ids.length} ids are given; at most ${IDS_MAX} are allowed.`);
  const known = ids.map((id) => (fact ? readId(String(id)) : readSerialId(String(id)))).filter((id) => id !== null);
  return { id: { $in: known } };
}

function filterColumns(entity: EntityClass): Column[] {
  return columnsOf(entity).filter((column) => column.filter);
}

function filterOptions(column: Column): { default?: boolean; normalize?: (value: string) => string } {
  return typeof column.filter === "object" ? column.filter : {};
}
