import { Field, ID, InputType } from "#type-graphql";
import { type Column, columnsOf } from "./column.js";
import { type EntityClass } from "./context.js";
import { badInput } from "./errors.js";
import { Decimal } from "./scalars.js";

/** One thing wrong with an input: where (a dotted path) and what. */
export interface Problem {
  field: string;
  message: string;
}

interface InputShape {
  without?: string[];
  lists?: Record<string, EntityClass>;
  matchedById?: boolean;
}

/**
 * Makes the GraphQL input type of a noun from its columns with `input`. It has no default values: those belong to creation
 * (`readInput`), and in a change what is left out stays.
 *
 * @param without  columns that it does not take: they are fixed when the noun is made in another way.
 * @param lists  fields that take lists of other inputs, by name.
 * @param matchedById  whether items carry the id of what they replace.
 */
export function createInput(
  entity: EntityClass,
  description: string,
  { without = [], lists = {}, matchedById = false }: InputShape = {},
): EntityClass {
  class Input {}
  if (matchedById)
    Field(() => ID, { nullable: true, description: "The one that it changes; none: a new one." })(
      Input.prototype,
      "id",
    );
  for (const column of inputColumns(entity)) {
    if (without.includes(column.property)) continue;
    const always = matchedById && inputOptions(column).required === true;
    Field(column.graphqlType as never, { description: column.description, nullable: !always })(
      Input.prototype,
      column.property,
    );
  }
  for (const [name, item] of Object.entries(lists)) {
    Field(() => [item], { nullable: true, description: `All ${name} there are to be; left out, they stay.` })(
      Input.prototype,
      name,
    );
  }
  const rule = matchedById ? ` ${partRule(entity)}` : "";
  InputType(`${entity.name}Input`, { description: description + rule })(Input);
  return Input;
}

/** What becomes of what is left out of an item of a list: "A new one has weight 100 and active true where nothing is said; …" */
function partRule(entity: EntityClass): string {
  const defaults = inputColumns(entity).flatMap((column) => {
    const { default: value } = inputOptions(column);
    return value === undefined ? [] : `${column.property} ${value}`;
  });
  return `A new one has ${defaults.join(" and ")} unless it says otherwise; of one named by its id, what is left out stays.`;
}

/**
 * Reads what an input says about a noun's own columns into values that can be stored: trimmed, empty text as null (but for amounts).
 *
 * What is left out is left out of the answer too; a noun to be created gets the column's default, or null. Null clears what
 * may be empty and brings back a default, and is as good as left out on creation.
 * Everything wrong is added to `problems`.
 *
 * @param path  where the input stands, such as `paths.0.`; empty at the top.
 * @param creating  whether required columns must be there.
 */
export function readInput(
  entity: EntityClass,
  input: object,
  { path = "", creating, problems }: { path?: string; creating: boolean; problems: Problem[] },
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const column of inputColumns(entity)) {
    const field = path + column.property;
    const value = readValue(column, (input as Record<string, unknown>)[column.property]);
    const { required, default: defaultValue } = inputOptions(column);
    if (value === undefined) {
      if (creating && required) problems.push({ field, message: `${column.property} is required.` });
      if (creating && column.nullable) values[column.property] = null;
      if (creating && defaultValue !== undefined) values[column.property] = defaultValue;
    } else if (value !== null) {
      const message = column.kindCheck(value as never) ?? column.check?.(value as never) ?? null;
      if (message) problems.push({ field, message });
      values[column.property] = value;
    } else if (column.nullable) {
      values[column.property] = null;
    } else if (defaultValue !== undefined) {
      values[column.property] = defaultValue;
    } else if (!creating || required) {
      problems.push({ field, message: `${column.property} cannot be empty.` });
    }
  }
  return values;
}

/** Throws BAD_USER_INPUT for the first problem; all of them are in `extensions.problems`. */
export function refuseProblems(problems: Problem[]): void {
  const first = problems[0];
  if (!first) return;
  const error = badInput(first.field, first.message);
  error.extensions.problems = problems;
  throw error;
}

function inputColumns(entity: EntityClass): Column[] {
  return columnsOf(entity).filter((column) => column.input);
}

function inputOptions(column: Column): { required?: boolean; default?: string | number | boolean } {
  return typeof column.input === "object" ? column.input : {};
}

/** Text is trimmed. Empty text is as good as null; as an amount it is one that cannot be used. */
function readValue({ graphqlType }: Column, value: unknown): unknown {
  if (typeof value !== "string") return value;
  const text = value.toWellFormed().trim();
  return text === "" && graphqlType() !== Decimal ? null : text;
}
