import { Entity, PrimaryKey, Property } from "@mikro-orm/decorators/legacy";
import { addListIndex, changedOf, columnsOf } from "./column.js";
import { type EntityClass } from "./context.js";
import { partsOf } from "./wide-sum.js";

/**
 * What is counted of a fact, so that totals, any page and sums of time cost the same whatever the size.
 *
 * One narrow table for each way of asking; its primary key is its only index. The numbers are written in the transaction
 * that writes the facts (`tally.ts`), so they are never wrong, not even for a moment.
 */
export interface Counting {
  /** Columns that lists are filtered by, alone or together: a table for each, beside the one of all rows. */
  by: string[][];
  /** Columns with few values, told apart within every table. */
  within?: string[];
  /** Amounts that are added up beside the number. */
  sums?: string[];
}

/** The numbers of one way of asking. A row that has nothing in one of the columns `by` is not among them. */
export interface CounterTable {
  entity: EntityClass;
  by: string[];
}

/** A fact that is counted. */
export interface Counted extends Required<Omit<Counting, "by">> {
  fact: EntityClass;
  /** A further moment by which its days are told apart. */
  changed: string | undefined;
  tables: CounterTable[];
  /** All columns that rows are told apart by. */
  columns: string[];
}

/** Lengths of the spans that are counted, in seconds; days are UTC's. */
export const [DAY, MINUTE, SECOND] = [86_400, 60, 1] as const;
export type Span = typeof DAY | typeof MINUTE | typeof SECOND;
export const SECOND_MS = 1000;

/**
 * What is counted by itself in a table, the longest first. Days keep long sums and the walk to a page short, minutes what is
 * left to the facts' own index. Of all rows seconds do: of nothing else are there so many at once.
 */
export function spansOf({ by }: CounterTable): Span[] {
  return by.length === 0 ? [DAY, MINUTE, SECOND] : [DAY, MINUTE];
}

/** What one number is of: a span of the key's time, and of it what was changed on any day, or each day for itself. */
export interface Level {
  span: Span;
  byChange: boolean;
}

/** The levels of a counter table. Where its noun has a second moment, days are told apart by the days of that. */
export function levelsOf({ changed }: Counted, table: CounterTable): Level[] {
  const plain = spansOf(table).map((span) => ({ span, byChange: false }));
  return changed ? [...plain, { span: DAY, byChange: true }] : plain;
}

/** In the place of a day of the last change: whatever that was. */
export const ANY_CHANGE = 0;

/** Where the span begins that a moment is in, in seconds since 1970. @param ms  Unix milliseconds */
export function startOf(ms: number, span: Span): number {
  const second = Math.floor(ms / SECOND_MS);
  return second - (second % span);
}

const counted = new Map<EntityClass, Counted>();

/**
 * Counts a noun's rows: `@countedBy({ by: [["flowId"]] })`. Stands above its `listIndexes`. Where lists are asked for by when
 * rows were changed, the index in that order tells all that is counted.
 */
export function countedBy({ by, within = [], sums = [] }: Counting): ClassDecorator {
  return (target) => {
    const fact = target as never as EntityClass;
    const changed = changedOf(fact);
    const counting = { within, sums, changed };
    const tables = [[], ...by].map((columns) => ({ by: columns, entity: createTable(fact, columns, counting) }));
    const columns = [...new Set([...by.flat(), ...within])];
    counted.set(fact, { fact, ...counting, tables, columns });
    if (changed) addListIndex(fact, [changed], columns);
  };
}

/** How a noun is counted, if it is. */
export function countedOf(entity: EntityClass): Counted | undefined {
  return counted.get(entity);
}

/** The tables of a counted noun, for the database. */
export function counterTablesOf(entity: EntityClass): EntityClass[] {
  return countedOf(entity)?.tables.map((table) => table.entity) ?? [];
}

/** The columns of a counter table's key, in order. */
export function keyOfCounter({ within, changed }: Counted, { by }: CounterTable): string[] {
  return [...by, "span", ...(changed ? ["changed"] : []), "start", ...within, "writer"];
}

/** `ClickCountByFlowId` for clicks by `flowId`. Its key is in the order in which it is asked. */
function createTable(
  fact: EntityClass,
  by: string[],
  { within, sums, changed }: Pick<Counted, "within" | "sums" | "changed">,
): EntityClass {
  const suffix = by.map((property) => (property[0]?.toUpperCase() ?? "") + property.slice(1)).join("");
  const name = `${fact.name}Count${suffix && `By${suffix}`}`;
  const table = { [name]: class {} }[name] as EntityClass;
  const key = (property: string, options: object) =>
    PrimaryKey({ nullable: false, autoincrement: false, ...options } as never)(table.prototype, property);
  const sqlOf = (property: string) => columnsOf(fact).find((column) => column.property === property)?.sql ?? {};

  for (const property of by) key(property, sqlOf(property));
  key("span", { type: "integer", comment: "Length in seconds: of a day, a minute or a second." });
  if (changed) {
    const comment = `Where the day of ${changed} begins that it is of, in seconds since 1970; ${ANY_CHANGE}: of all days.`;
    key("changed", { type: "integer", unsigned: true, default: ANY_CHANGE, comment });
  }
  key("start", { type: "integer", unsigned: true, comment: "Where it begins, in seconds since 1970." });
  for (const property of within) key(property, sqlOf(property));
  key("writer", {
    type: "integer",
    unsigned: true,
    comment: "Who counted: each has rows of its own, so that none waits for another.",
  });
  Property({ type: "integer", comment: "How many; only the sum over all writers means something." })(
    table.prototype as never,
    "n",
  );
  for (const property of sums) {
    const [rest, whole] = partsOf(property);
    Property({ ...sqlOf(property) } as never)(table.prototype as never, rest);
    const comment = "Whole ones of the currency that belong to the sum too.";
    Property({ ...sqlOf(property), default: 0, comment } as never)(table.prototype as never, whole);
  }
  const asked = by.length > 0 ? ` by ${by.join(" and ")}` : "";
  Entity({ comment: `How many rows of ${fact.name} there are${asked}, for each day and shorter time.` })(
    table as never,
  );
  return table;
}
