import { type EntityProperty } from "@mikro-orm/core";
import { type EntityManager } from "@mikro-orm/sql";
import { type EntityClass } from "./context.js";

/** A noun's table for statements that are written by hand: names quoted, values in the database's form. */
export interface Table<T extends object = object> {
  name: string;
  /** The quoted column of a property. */
  column(property: string): string;
  /** The value of a property as the database has it. */
  toDatabase(property: string, value: unknown): unknown;
  /** All columns, for `select`; without those that rows are only found by. */
  columns: string;
  /** Makes a row of the noun, with its getters and methods, from the columns that the database answered. */
  toRow(answered: Record<string, unknown>): T;
}

const tables = new WeakMap<object, Table>();

export function tableOf<T extends object>(em: EntityManager, entity: EntityClass<T>): Table<T> {
  const meta = em.getMetadata().get(entity);
  const known = tables.get(meta) ?? createTable(em, entity);
  tables.set(meta, known);
  return known as Table<T>;
}

function createTable<T extends object>(em: EntityManager, entity: EntityClass<T>): Table<T> {
  const meta = em.getMetadata().get(entity);
  const platform = em.getPlatform();
  const properties = meta.props as EntityProperty<T>[];
  const quote = (name: string) => platform.quoteIdentifier(name);
  const readers = properties.map((property) => {
    const type = property.customType;
    const read = type
      ? (value: unknown) => type.convertToJSValue(value as never, platform)
      : property.type === "boolean"
        ? (value: unknown) => (value === null ? null : Boolean(value))
        : (value: unknown) => value;
    return { name: property.name, column: property.fieldNames[0] as string, read, isRead: !property.lazy };
  });
  // MikroORM watches entities by setters on their prototype; rows have plain properties in their place.
  const plain = Object.fromEntries(readers.map(({ name }) => [name, { value: undefined, writable: true }]));
  const prototype = Object.create(entity.prototype, plain);
  const named = (name: string) => {
    const property = properties.find((each) => each.name === name);
    if (!property) throw new Error(`${entity.name} has no column "${name}".`);
    return property;
  };
  return {
    name: quote(meta.tableName),
    column: (property) => quote(named(property).fieldNames[0] as string),
    toDatabase: (property, value) => {
      const type = named(property).customType;
      if (typeof value === "boolean") return Number(value);
      return type ? type.convertToDatabaseValue(value as never, platform) : value;
    },
    columns: readers
      .filter(({ isRead }) => isRead)
      .map(({ column }) => quote(column))
      .join(", "),
    toRow: (answered) => {
      const row = Object.create(prototype);
      for (const { name, column, read } of readers) if (column in answered) row[name] = read(answered[column]);
      return row;
    },
  };
}
