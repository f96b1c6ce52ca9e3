import { Field, ID, InputType } from "#type-graphql";
import { type Column, columnsOf, idProblem, keyOf, readSerialId } from "./column.js";
import { type Where } from "./condition.js";
import { type EntityClass } from "./context.js";
import { badInput, excerpt } from "./errors.js";
import { firstIdAt, readId } from "./id.js";
import { DateTime } from "./scalars.js";

/** How many ids a filter may name. */
export const IDS_MAX = 500;

/** A condition that is not equality with a column: its GraphQL type, and what it asks of the rows. */
export interface SpecialFilter {
  type: () => unknown;
  description: string;
  where: (value: never) => Where[number];
}

export interface FilterShape {
  entity: EntityClass;
  /** Facts are filtered by time and have 16-byte ids. */
  fact: boolean;
  special: Record<string, SpecialFilter>;
}

export type FilterInput = Record<string, unknown>;

/** A noun's filter, as the list and whatever else goes by one take it. */
export interface NounFilter {
  /** The GraphQL type. */
  type: EntityClass;
  /** The conditions of a filter. @throws BAD_USER_INPUT for one that no row could ever fulfil. */
  where: (filter: FilterInput) => Where;
}

const filters = new Map<EntityClass, NounFilter>();

/** The filter of a noun that has a list: `createResource` has made it. */
export function filterOf(entity: EntityClass): NounFilter {
  const filter = filters.get(entity);
  if (!filter) throw new Error(`${entity.name} has no list, and so no filter.`);
  return filter;
}

/** Makes the filter of a noun: `ids`, its columns with `filter`, the special ones, and for facts `from` and `to`. */
export function createFilter(shape: FilterShape): NounFilter {
  const filter = { type: createFilterType(shape), where: (given: FilterInput) => whereOf(shape, given) };
  filters.set(shape.entity, filter);
  return filter;
}

function createFilterType({ entity, fact, special }: FilterShape): EntityClass {
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

function whereOf({ entity, fact, special }: FilterShape, filter: FilterInput): Where {
  const where: Where = [];
  const { ids, from, to } = filter;
  const key = keyOf(entity);
  if (Array.isArray(ids)) where.push({ property: "id", is: "in", value: readIds(ids, fact) });
  if (from instanceof Date) where.push({ property: key, is: ">=", value: firstIdAt(from) });
  if (to instanceof Date) where.push({ property: key, is: "<", value: firstIdAt(to) });
  for (const column of filterColumns(entity)) {
    const given = column.property in filter ? filter[column.property] : filterOptions(column).default;
    const value = readCondition(column, given);
    if (value !== null) where.push({ property: column.property, is: "=", value });
  }
  for (const [name, { where: condition }] of Object.entries(special)) {
    if (filter[name] != null) where.push(condition(filter[name] as never));
  }
  return where;
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

/** What a column is asked for; null: anything. @throws BAD_USER_INPUT for a value that no row can have. */
function readCondition(column: Column, given: unknown): unknown {
  const { property } = column;
  const { normalize, refusesNull } = filterOptions(column);
  if (given === null && refusesNull) {
    throw badInput(property, `${property} cannot be null: leave it out to ask for any.`);
  }
  if (given == null) return null;
  const value = typeof given === "string" && normalize ? normalize(given) : given;
  // A text that is too long for its column finds nothing, as in any search: people paste what they have.
  const isText = column.graphqlType() === String;
  const problem =
    column.check?.(value as never) ??
    (isText ? null : column.kindCheck(value as never)) ??
    choiceProblem(column, value);
  if (problem) throw badInput(property, problem);
  return column.readFilter(value as never);
}

/** Of a column that has one of a few values: why this is none of them, or null. */
function choiceProblem({ view }: Column, value: unknown): string | null {
  const choices: readonly unknown[] | undefined = view?.words ?? view?.choices;
  if (!choices || choices.includes(value)) return null;
  return `"${excerpt(String(value))}" is none of ${choices.join(", ")}.`;
}

function readIds(ids: unknown[], fact: boolean): unknown[] {
  if (ids.length > IDS_MAX) throw badInput("ids", `${ids.length} ids are given; at most ${IDS_MAX} are allowed.`);
  return ids.map((given, index) => {
    const id = String(given);
    const problem = idProblem(id, fact);
    if (problem) throw badInput(`ids.${index}`, problem);
    return fact ? readId(id) : readSerialId(id);
  });
}

function filterColumns(entity: EntityClass): Column[] {
  return columnsOf(entity).filter((column) => column.filter);
}

function filterOptions({ filter }: Column): Exclude<Column["filter"], true | undefined> {
  return typeof filter === "object" ? filter : {};
}
