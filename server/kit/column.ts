import { type PropertyOptions, Type } from "@mikro-orm/core";
import { Entity, Index, PrimaryKey, Property, Unique } from "@mikro-orm/decorators/legacy";
import { type GraphQLScalarType } from "#graphql";
import { Ctx, Field, ID, Int, ObjectType } from "#type-graphql";
import {
  ExactTextType,
  IdType,
  InstantType,
  JsonTextType,
  LargeJsonType,
  LongExactTextType,
  MoneyType,
} from "./column-types.js";
import { type ColumnView, view } from "./column-view.js";
import { type ApiContext, type EntityClass } from "./context.js";
import { excerpt } from "./errors.js";
import { readId } from "./id.js";
import { MONEY_RULE, readMoney } from "./money.js";
import { DateTime, Decimal, Json } from "./scalars.js";

/**
 * One decorator call is one column: the SQL column, the GraphQL field with its description, and where asked the filter
 * and the input field. Nothing is read from reflection; every type is said outright.
 */
export interface ColumnOptions {
  /** Help for the person in the admin; it travels to the schema and the SQL comment. */
  description: string;
  nullable?: boolean;
  /** How the admin shows it. */
  view?: ColumnView;
  /** Kept in the database, not shown by GraphQL. */
  internal?: boolean;
  unique?: boolean;
  /**
   * Offered as a filter by equality. `default` is what a list applies unasked; `normalize` brings a value into the stored form;
   * `refusesNull`: null could be taken for a value, so it is refused instead of meaning any.
   */
  filter?: true | { default?: boolean; normalize?: (value: string) => string; refusesNull?: true };
  /** Accepted when the noun is created or changed. `required` on creation; `default`: what a new one has unless told otherwise. */
  input?: true | { required?: boolean; default?: string | number | boolean };
  /** Says what is wrong with an incoming value, or null. */
  check?: (value: never) => string | null;
}

type GraphqlType = () => GraphQLScalarType | object;

/** What the kit remembers of a column. */
export interface Column extends ColumnOptions {
  property: string;
  /** Its SQL type, as MikroORM takes it. */
  sql: PropertyOptions<object>;
  graphqlType: GraphqlType;
  /** What is wrong with an incoming value of this kind, or null. */
  kindCheck: (value: never) => string | null;
  /** Turns a filter's value into the column's. */
  readFilter: (value: never) => unknown;
}

/** What a noun's lists are in order of. */
export interface ListOrder {
  /** A column in which no two rows are alike; of a fact it holds its moment. */
  key: string;
  /** The column of a further moment by which lists are asked for, that of a row's last change; left out: none. */
  changed?: string;
}

/** An index in list order. */
export interface ListIndex {
  /** The columns of which a list takes one value each. */
  by: string[];
  /** All of its columns: those, the key, and what it tells beside. */
  properties: string[];
}

const columns = new Map<object, Column[]>();
const lists = new Map<object, ListOrder & { indexes: ListIndex[] }>();

/** The columns of a noun in the order in which they are written. */
export function columnsOf(entity: EntityClass): Column[] {
  return columns.get(entity.prototype) ?? [];
}

/** A noun with a table: `@noun("A campaign: …") class Flow`. The table's name is the class's in snake case. */
export function noun(description: string): ClassDecorator {
  return (target) => {
    Entity({ comment: description })(target as never);
    ObjectType({ description })(target);
  };
}

/** A noun that only the server sees. */
export function internalNoun(description: string): ClassDecorator {
  return (target) => void Entity({ comment: description })(target as never);
}

/** Indexes in list order: each takes the named columns and then the id, so that a filtered page is one range. */
export function listIndexes(...indexes: string[][]): ClassDecorator {
  return listIndexesBy({ key: "id" }, ...indexes);
}

/** The same for a noun with another order. Each index tells when a row was changed, so that others are passed over unread. */
export function listIndexesBy(order: ListOrder, ...indexes: string[][]): ClassDecorator {
  return (target) => {
    lists.set(target, { ...order, indexes: [] });
    for (const by of indexes) addListIndex(target as never, by, order.changed ? [order.changed] : []);
  };
}

/** Adds one. @param tells  columns that it has behind the key. */
export function addListIndex(entity: EntityClass, by: string[], tells: string[]): void {
  const properties = [...by, keyOf(entity), ...tells];
  lists.get(entity)?.indexes.push({ by, properties });
  Index({ properties } as never)(entity as never);
}

/** The column that a noun's lists are in order of. */
export function keyOf(entity: EntityClass): string {
  return lists.get(entity)?.key ?? "id";
}

/** The column that says when a row was changed last, where lists are asked for by it. */
export function changedOf(entity: EntityClass): string | undefined {
  return lists.get(entity)?.changed;
}

/** A noun's list indexes, in the order in which they were said. */
export function listIndexesOf(entity: EntityClass): ListIndex[] {
  return lists.get(entity)?.indexes ?? [];
}

/** One row for each combination of these columns. */
export function uniqueTogether(...properties: string[]): ClassDecorator {
  return (target) => void Unique({ properties } as never)(target as never);
}

/** The small, counted id of a noun that operators make. A number inside, an `ID` string outside. */
export function serialId(): PropertyDecorator {
  return (prototype, property) => {
    PrimaryKey({ type: "integer", unsigned: true, autoincrement: true })(prototype as never, property as never);
    Field(() => ID, { description: "Its id." })(prototype, property);
    view({ hidden: true })(prototype, property);
  };
}

/** The time-ordered id of a fact (`id.ts`). */
export function factId(description: string, shown: ColumnView): PropertyDecorator {
  return (prototype, property) => {
    PrimaryKey({ type: new IdType() as never, comment: description })(prototype as never, property as never);
    Field(() => ID, { description })(prototype, property);
    view(shown)(prototype, property);
  };
}

/** Text of at most `max` characters, for people. */
export function text(max: number, options: ColumnOptions): PropertyDecorator {
  return column({ type: "string", length: max }, () => String, options, textCheck(max));
}

/** Text without a limit a column could state; the place that fills it bounds it. */
export function longText(options: ColumnOptions): PropertyDecorator {
  return column({ type: "text" }, () => String, options);
}

/** Text of at most `max` characters that is compared byte for byte on every database. */
export function exactText(max: number, options: ColumnOptions): PropertyDecorator {
  return column({ type: new ExactTextType(max) as never }, () => String, options, textCheck(max));
}

/**
 * Folded text (`foldCase`) of any length that rows are found by and nobody sees: compared byte for byte, and left out where
 * rows are read.
 */
export function searchedText(options: ColumnOptions): PropertyDecorator {
  return column({ type: new LongExactTextType() as never, lazy: true }, () => String, { ...options, internal: true });
}

/** One word of a closed list, stored as written. */
export function choice(values: () => Record<string, string>, options: ColumnOptions): PropertyDecorator {
  return column({ type: "string", length: 16 }, () => values(), options);
}

export function flag(options: ColumnOptions): PropertyDecorator {
  return column({ type: "boolean" }, () => Boolean, options);
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number, options: ColumnOptions): PropertyDecorator {
  const rule = `a whole number from ${min} to ${max}`;
  return column(
    { type: "integer" },
    () => Int,
    options,
    (value: number) => (value >= min && value <= max ? null : `${value} is not ${rule}.`),
  );
}

export function money(options: ColumnOptions): PropertyDecorator {
  return column(
    { type: new MoneyType() as never },
    () => Decimal,
    options,
    (value: string) => (readMoney(value) === null ? `"${value.slice(0, 40)}" is not ${MONEY_RULE}.` : null),
  );
}

/** A moment, to the millisecond. */
export function instant(options: ColumnOptions): PropertyDecorator {
  return column({ type: new InstantType() as never }, () => DateTime, options);
}

export function json(options: ColumnOptions): PropertyDecorator {
  return column({ type: new JsonTextType() as never }, () => Json, options);
}

/** A short list of small objects of one shape that is read and written whole, as JSON. */
export function jsonList(item: () => EntityClass, options: ColumnOptions): PropertyDecorator {
  return column({ type: new JsonTextType() as never }, () => [item()], options);
}

/** The same as `json` for what may be longer than 64 KiB. */
export function largeJson(options: ColumnOptions): PropertyDecorator {
  return column({ type: new LargeJsonType() as never }, () => Json, options);
}

/** Bytes of an id that are kept for the server alone, or shown as `ID`; with `as`, also the fact they name. */
export function factReference(target: (() => EntityClass) | null, options: ColumnOptions & { as?: string }) {
  const own = column(
    { type: new IdType() as never },
    () => ID,
    options,
    (value: string) => idProblem(value, true),
    (value: string) => readId(value),
  );
  return ((prototype, property) => {
    own(prototype, property);
    if (target && options.as) {
      const description = options.internal ? options.description : "The fact itself; null when it is not stored here.";
      const shown = options.internal ? options.view : { hidden: true };
      referenceField(prototype, String(property), options.as, target, { description, nullable: true, view: shown });
    }
  }) as PropertyDecorator;
}

/** A column that names a noun with a counted id, and the field `as` that shows it: one query for a whole page. */
export function reference(target: () => EntityClass, options: ColumnOptions & { as: string; shownNullable?: boolean }) {
  const own = column(
    { type: "integer", unsigned: true },
    () => ID,
    { ...options, internal: true },
    (value: string) => idProblem(value, false),
    (value: string) => readSerialId(value),
  );
  return ((prototype, property) => {
    own(prototype, property);
    const nullable = options.shownNullable ?? options.nullable ?? false;
    const { description, view: shown } = options;
    referenceField(prototype, String(property), options.as, target, { description, nullable, view: shown });
  }) as PropertyDecorator;
}

/** The largest id that a column for counted ids holds. */
const SERIAL_ID_MAX = 2 ** 32 - 1;

/** A counted id as it comes in, or null when it cannot be one. */
export function readSerialId(value: string): number | null {
  return /^[1-9]\d{0,9}$/.test(value) && Number(value) <= SERIAL_ID_MAX ? Number(value) : null;
}

/** Why a text can be no id, or null. @param fact  whether ids of facts are asked for, or counted ones */
export function idProblem(value: string, fact: boolean): string | null {
  if ((fact ? readId(value) : readSerialId(value)) !== null) return null;
  const rule = fact ? "32 characters of 0-9 and a-f" : `a whole number from 1 to ${SERIAL_ID_MAX}`;
  return `"${excerpt(value)}" is no id: an id is ${rule}.`;
}

/** Length in characters, not in UTF-16 units. */
export function lengthOf(value: string): number {
  let length = 0;
  for (const _ of value) length += 1;
  return length;
}

function textCheck(max: number) {
  return (value: string) => {
    const length = lengthOf(value);
    return length > max ? `It has ${length} characters; at most ${max} are allowed.` : null;
  };
}

function column(
  sql: PropertyOptions<object> & { type: string | Type },
  graphqlType: GraphqlType,
  options: ColumnOptions,
  kindCheck: (value: never) => string | null = () => null,
  readFilter: (value: never) => unknown = (value) => value,
): PropertyDecorator {
  return (prototype, property) => {
    const { description, nullable, internal, unique } = options;
    Property({ ...sql, nullable: nullable ?? false, unique: unique ?? false, comment: description } as never)(
      prototype as never,
      property as never,
    );
    if (!internal) {
      Field(graphqlType as never, { description, nullable: nullable ?? false })(prototype, property);
      const initial = typeof options.input === "object" ? options.input.default : undefined;
      const shown = { ...options.view, ...(initial === undefined ? {} : { initial: JSON.stringify(initial) }) };
      if (Object.keys(shown).length > 0) view(shown)(prototype, property);
    }
    const own = columns.get(prototype) ?? [];
    columns.set(prototype, own);
    own.push({ ...options, property: String(property), sql, graphqlType, kindCheck, readFilter });
  };
}

function referenceField(
  prototype: object,
  property: string,
  name: string,
  target: () => EntityClass,
  { view: shown, ...options }: { description: string; nullable: boolean; view?: ColumnView },
): void {
  const descriptor = {
    value(this: Record<string, string | number | null>, context: ApiContext) {
      const id = this[property];
      return id == null ? null : context.load(target(), id);
    },
    writable: true,
    configurable: true,
  };
  Object.defineProperty(prototype, name, descriptor);
  Field(target, options)(prototype, name, descriptor);
  Ctx()(prototype, name, 0);
  if (shown) view(shown)(prototype, name);
}
