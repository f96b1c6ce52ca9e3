import {
  type IntrospectionField,
  type IntrospectionInputTypeRef,
  type IntrospectionInputValue,
  type IntrospectionOutputTypeRef,
  type IntrospectionQuery,
} from "graphql";
import { labelOf } from "./label.js";

/** What a value is: it decides cell, filter and form field. From the GraphQL type, or more exactly from `@column(kind:)`. */
export type Kind =
  | "TEXT"
  | "NUMBER"
  | "FLAG"
  | "ENUM"
  | "INSTANT"
  | "MONEY"
  | "JSON"
  | "REFERENCE"
  | "LIST"
  | "HASH"
  | "CODE"
  | "COUNTRY"
  | "URL"
  | "IP"
  | "ANSWER";

/** `@column` of one field, as codegen writes it. */
export interface View {
  readonly kind?: Kind;
  readonly label?: string;
  readonly width?: number;
  readonly hidden?: boolean;
  readonly unit?: string;
  readonly phone?: number;
  readonly none?: string;
  readonly choices?: readonly number[];
  readonly words?: readonly string[];
  readonly initial?: string;
}
export type Views = Readonly<Record<string, Readonly<Record<string, View>>>>;

/** A field as the screen knows it: a column of a list, a line of a drawer, a field of a form, a filter. */
export interface Field {
  name: string;
  label: string;
  /** The description in the schema. */
  help: string;
  kind: Kind;
  view: View;
  required: boolean;
  /** The words of an enum, or of a text that is one of a few. */
  words: string[];
  /** The GraphQL type of what is referred to or listed. */
  target: string | null;
  /** Of a reference: the resource to choose from, when it has a list. */
  resource: string | null;
  /** Of a reference: the fields of the target that say what it is called, the first that is not empty counts. */
  names: string[];
  defaultValue: unknown;
  /** The word of the list's sort that means this column. */
  sort: string | null;
  /** Of a list: the fields of an item. */
  fields: Field[];
}

/** A way to change a resource: the mutation, its arguments, and the fields of its form. */
export interface Change {
  mutation: string;
  /** The description in the schema: what it does. */
  help: string;
  args: { name: string; type: string }[];
  /** Whether the form's values are one argument, `input`. */
  wrapped: boolean;
  fields: Field[];
}

/** A noun with a list, as the schema offers it. */
export interface Resource {
  /** The list's query: `clicks`. */
  name: string;
  /** The single item's query, if any: `click`. */
  one: string | null;
  /** The GraphQL type: `Click`. */
  type: string;
  filterType: string | null;
  sortType: string | null;
  columns: Field[];
  filters: Field[];
  /** Whether it is filtered by `from` and `to`. */
  ranged: boolean;
  create: Change | null;
  update: Change | null;
  remove: Change | null;
  restore: Change | null;
  /** Tries again what failed. */
  retry: Change | null;
}

const SCALARS: Record<string, Kind> = {
  DateTime: "INSTANT",
  Decimal: "MONEY",
  JSON: "JSON",
  Boolean: "FLAG",
  Int: "NUMBER",
  Float: "NUMBER",
  String: "TEXT",
  ID: "TEXT",
};

/** What a noun is called by, where it has it: its name, else where it leads, or where it is written to. */
const NAMES = ["name", "url", "email"];

function scalarKind(type: string, field: string): Kind {
  const kind = SCALARS[type];
  if (!kind) throw new Error(`The type "${type}" of ${field} has no renderer: say in resources.ts how it looks.`);
  return kind;
}

/** Reads every resource out of a schema: each query that answers a page of items is one. Order: that of the schema. */
export function readResources({ __schema: schema }: IntrospectionQuery, views: Views): Resource[] {
  const types = new Map(schema.types.map((type) => [type.name, type]));
  const fieldsOf = (name: string | undefined) => {
    const type = types.get(name ?? "");
    return type?.kind === "OBJECT" ? type.fields : [];
  };
  const queries = fieldsOf(schema.queryType.name);
  const mutations = fieldsOf(schema.mutationType?.name);
  const lists = queries.flatMap((query) => {
    const items = fieldsOf(named(query.type).name).find(({ name }) => name === "items");
    return items && isList(items.type) ? [{ query, type: named(items.type).name }] : [];
  });

  function outputField(owner: string, field: IntrospectionField, depth = 0): Field {
    const view = views[owner]?.[field.name] ?? {};
    return {
      ...describe(field.name, field.description, field.type, view),
      fields:
        isList(field.type) && depth === 0
          ? fieldsOf(named(field.type).name).map((item) => outputField(named(field.type).name, item, 1))
          : [],
    };
  }

  function describe(
    name: string,
    description: string | null | undefined,
    type: IntrospectionOutputTypeRef | IntrospectionInputTypeRef,
    view: View,
  ): Omit<Field, "fields"> {
    const { name: typeName, kind } = named(type);
    const target = types.get(typeName);
    const isObject = kind === "OBJECT" || kind === "INPUT_OBJECT";
    return {
      name,
      label: view.label ?? labelOf(name),
      help: description ?? "",
      kind:
        view.kind ??
        (isList(type) ? "LIST" : isObject ? "REFERENCE" : kind === "ENUM" ? "ENUM" : scalarKind(typeName, name)),
      view,
      required: type.kind === "NON_NULL",
      words: target?.kind === "ENUM" ? target.enumValues.map((value) => value.name) : [...(view.words ?? [])],
      target: isObject ? typeName : null,
      resource: lists.find((list) => list.type === typeName)?.query.name ?? null,
      names: NAMES.filter((each) => kind === "OBJECT" && fieldsOf(typeName).some((field) => field.name === each)),
      defaultValue: undefined,
      sort: null,
    };
  }

  /** An input field has the label and view of the noun's column of the same name, and `flowId` is the reference `flow`. */
  function inputField(noun: string, input: IntrospectionInputValue, initial?: string): Field {
    const columns = fieldsOf(noun);
    const own = columns.find(({ name }) => name === input.name);
    const reference = columns.find(({ name }) => `${name}Id` === input.name);
    const item = isList(input.type) ? types.get(named(input.type).name) : undefined;
    const itemNoun = own ? named(own.type).name : "";
    const field: Field = {
      ...describe(input.name, input.description, input.type, views[noun]?.[input.name] ?? {}),
      defaultValue: readDefault(input.defaultValue ?? initial),
      fields: item?.kind === "INPUT_OBJECT" ? item.inputFields.map((each) => formField(itemNoun, each)) : [],
    };
    if (!reference) return field;
    const shown = outputField(noun, reference);
    const { label, resource, target, names } = shown;
    return { ...field, kind: "REFERENCE", label, resource, target, names };
  }

  /** The same of what is made or changed: a new one has what its column says of new ones. */
  function formField(noun: string, input: IntrospectionInputValue): Field {
    const view = views[noun]?.[input.name] ?? {};
    return inputField(noun, input, view.initial);
  }

  function change(noun: string, prefix: string | null, creates = false): Change | null {
    const found = mutations.find(({ name, type, args }) =>
      creates ? named(type).name === noun && !args.some((arg) => arg.name === "id") : name === `${prefix}${noun}`,
    );
    if (!found) return null;
    const input = found.args.find(({ name }) => name === "input");
    const inputType = types.get(input ? named(input.type).name : "");
    const given =
      inputType?.kind === "INPUT_OBJECT" ? inputType.inputFields : found.args.filter(({ name }) => name !== "id");
    return {
      mutation: found.name,
      help: found.description ?? "",
      args: found.args.map(({ name, type }) => ({ name, type: printType(type) })),
      wrapped: input !== undefined,
      fields: given.map((each) => formField(noun, each)),
    };
  }

  return lists.map(({ query, type }) => {
    const filter = query.args.find(({ name }) => name === "filter");
    const sort = query.args.find(({ name }) => name === "sort");
    const filterType = types.get(filter ? named(filter.type).name : "");
    const sortType = types.get(sort ? named(sort.type).name : "");
    const sortWords =
      sortType?.kind === "INPUT_OBJECT"
        ? sortType.inputFields.flatMap((each) => describe(each.name, "", each.type, {}).words)
        : [];
    const filters =
      filterType?.kind === "INPUT_OBJECT" ? filterType.inputFields.map((each) => inputField(type, each)) : [];
    return {
      name: query.name,
      one: queries.find((each) => named(each.type).name === type)?.name ?? null,
      type,
      filterType: filter ? named(filter.type).name : null,
      sortType: sort ? named(sort.type).name : null,
      columns: fieldsOf(type).map((field) => {
        const column = outputField(type, field);
        return { ...column, sort: sortWords.find((word) => word === constantCase(field.name)) ?? null };
      }),
      // Moments are asked for by the range of days, lists of ids by programs.
      filters: filters.filter(({ kind }) => kind !== "LIST" && kind !== "INSTANT"),
      ranged: filters.some(({ name }) => name === "from") && filters.some(({ name }) => name === "to"),
      create: change(type, null, true),
      update: change(type, "update"),
      remove: change(type, "delete"),
      restore: change(type, "restore"),
      retry: change(type, "retry"),
    };
  });
}

type TypeRef = IntrospectionOutputTypeRef | IntrospectionInputTypeRef;
type AnyRef = { readonly kind: string; readonly name?: string; readonly ofType?: AnyRef | null };

/** The type at the core of non-null and list. */
function named(type: TypeRef): { kind: string; name: string } {
  let ref = type as AnyRef;
  while (ref.ofType) ref = ref.ofType;
  return { kind: ref.kind, name: ref.name ?? "" };
}

function isList(type: TypeRef): boolean {
  for (let ref: AnyRef | null | undefined = type as AnyRef; ref; ref = ref.ofType) if (ref.kind === "LIST") return true;
  return false;
}

function printType(type: TypeRef): string {
  const ref = type as AnyRef;
  if (ref.kind === "NON_NULL") return `${printType(ref.ofType as TypeRef)}!`;
  if (ref.kind === "LIST") return `[${printType(ref.ofType as TypeRef)}]`;
  return ref.name ?? "";
}

/** A default as the schema prints it: JSON, or the word of an enum; undefined where there is none. */
function readDefault(printed: string | null | undefined): unknown {
  if (printed == null) return undefined;
  try {
    return JSON.parse(printed);
  } catch {
    return printed;
  }
}

function constantCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
