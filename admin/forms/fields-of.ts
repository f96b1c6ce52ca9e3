import { type Field } from "../schema/resources";

/**
 * Takes fields of an input apart by the names of its generated type: one that is gone does not compile.
 *
 * @returns the named ones, and `others`: those that nobody named, so that a new column has its place too.
 */
export function fieldsOf<T>(fields: readonly Field[]) {
  return <Name extends keyof T & string>(...names: Name[]): Record<Name, Field> & { others: Field[] } => {
    const named = Object.fromEntries(names.map((name) => [name, fields.find((field) => field.name === name)]));
    const others = fields.filter(({ name }) => name !== "id" && !names.includes(name as Name));
    return { ...(named as Record<Name, Field>), others };
  };
}

/** A new item of a list: what its fields have when nothing is said. */
export function newItem(fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.filter(({ name }) => name !== "id").map(({ name, defaultValue }) => [name, defaultValue ?? null]),
  );
}
