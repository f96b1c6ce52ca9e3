import { type ApolloServerPlugin } from "@apollo/server";
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  getVariableValues,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from "#graphql";
import { tooLarge } from "./errors.js";
import { PER_PAGE_DEFAULT, PER_PAGE_MAX } from "./list.js";

/** How many rows one request may ask for in all its lists, and how many values: as many rows of fifty fields each. */
export const ROWS_MAX = 5000;
export const VALUES_MAX = 250_000;
/** What a list counts as that does not say how many it has, such as the paths of a flow. */
export const LIST_ROWS = 4;

/** A request, as far as its cost depends on it. */
export interface CostedRequest {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** As they came. */
  variables: Record<string, unknown>;
}

/** The cost of a request: rows that are read or worked on, and values in its answer. */
export interface Cost {
  rows: number;
  values: number;
}

/**
 * Counts what a request asks for, from the schema and its arguments alone:
 *
 * - A field with an argument `perPage` has that many rows, at least a page of the usual size. One that works on what a filter
 *   leaves says how many at most: `@Extensions({ rows })`. `ids` in a filter bound both.
 * - The lists of what such a field answers hold these rows; any other list counts as `LIST_ROWS`.
 * - What is asked of a row is asked of each: rows and values of nested fields are multiplied.
 *
 * @throws TOO_LARGE as soon as there are too many of either, so that no document takes long to count
 */
export function costOf({ schema, document, operation, variables }: CostedRequest): Cost {
  const cost: Cost = { rows: 0, values: 0 };
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 });
  const root = schema.getRootType(operation.operation);
  // Wrong variables, and an operation that the schema does not have, are refused by who would carry it out.
  if (!coerced || !root) return cost;
  const fragments = new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
  const reading = { schema, fragments, variables: coerced };

  /** @param page  how many rows the lists directly in it hold, where that is known; they are counted already. */
  function visit(type: GraphQLCompositeType, sets: SelectionSetNode[], times: number, page: Size | null, by: string) {
    for (const { parent, nodes } of fieldsIn(reading, type, sets)) {
      const [node] = nodes as [FieldNode];
      const field = fieldOf(parent, node.name.value);
      add(0, times, by);
      if (!field) continue;
      const inner = getNamedType(field.type);
      if (!isCompositeType(inner)) continue;
      const isList = isListType(getNullableType(field.type));
      const own = sizeOf(reading, field, node);
      const size = own ?? (isList ? (page ?? { rows: LIST_ROWS, by: null }) : null);
      if (size && size !== page)
        add(times * (own ? Math.max(own.rows, PER_PAGE_DEFAULT) : size.rows), 0, size.by ?? by);
      const innerSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      visit(inner, innerSets, times * (isList && size ? size.rows : 1), isList ? null : own, size?.by ?? by);
    }
  }

  function add(rows: number, values: number, by: string): void {
    cost.rows += rows;
    cost.values += values;
    if (cost.rows > ROWS_MAX) {
      throw tooLarge(
        by,
        `This request asks for more than ${ROWS_MAX} rows in all, those of nested lists included: ask in several, or for less in each.`,
      );
    }
    if (cost.values > VALUES_MAX) {
      throw tooLarge(
        by,
        `This request asks for more than ${VALUES_MAX} values, the fields of each row counted: ask in several, or for fewer fields.`,
      );
    }
  }

  visit(root, [operation.selectionSet], 1, null, "query");
  return cost;
}

/** Counts the cost of every request before anything of it runs. */
export const refuseCostly: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, document, operation, request: { variables } }) => {
      if (operation) costOf({ schema, document, operation, variables: variables ?? {} });
    },
  }),
};

/** How many rows there are, and the argument that says so. */
interface Size {
  rows: number;
  by: string | null;
}

interface Reading {
  schema: GraphQLSchema;
  fragments: Map<string, FragmentDefinitionNode>;
  variables: Record<string, unknown>;
}

/** What introspection asks of the query is of the schema like anything else; `__typename` is in every type, and is not looked for. */
const META = new Map([SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]));

function fieldOf(type: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  return META.get(name) ?? (isUnionType(type) ? undefined : type.getFields()[name]);
}

/** How many rows a field says that it has; null: it says nothing. */
function sizeOf({ variables }: Reading, field: GraphQLField<unknown, unknown>, node: FieldNode): Size | null {
  const { rows } = field.extensions as { rows?: number };
  const isPaged = field.args.some(({ name }) => name === "perPage");
  if (rows === undefined && !isPaged) return null;
  const given = argumentsOf(field, node, variables);
  const { ids } = (given.filter ?? {}) as { ids?: unknown[] | null };
  const most = ids?.length ?? ROWS_MAX;
  if (!isPaged) return { rows: Math.min(rows ?? 0, most, ROWS_MAX), by: field.args[0]?.name ?? null };
  // What is too much or too little for a page is refused with its field when it is read.
  const perPage = Math.min(Math.max(Number(given.perPage ?? PER_PAGE_DEFAULT), 1), PER_PAGE_MAX);
  return { rows: Math.min(perPage, most), by: "perPage" };
}

/** Wrong ones are refused when the field is read: then nothing of it is. */
function argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode, variables: Record<string, unknown>) {
  try {
    return getArgumentValues(field, node, variables);
  } catch {
    return {};
  }
}

/** The fields of an object by the names that they are answered under, with the type that each belongs to. */
function fieldsIn(reading: Reading, type: GraphQLCompositeType, sets: SelectionSetNode[]) {
  const { schema, fragments, variables } = reading;
  const found = new Map<string, { parent: GraphQLCompositeType; nodes: FieldNode[] }>();
  const seen = new Set<string>();
  const isLeftOut = (node: { directives?: readonly DirectiveNode[] }) =>
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if === false;

  function collect(parent: GraphQLCompositeType, { selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (isLeftOut(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const name = `${parent.name}.${(selection.alias ?? selection.name).value}`;
        const known = found.get(name);
        if (known) known.nodes.push(selection);
        else found.set(name, { parent, nodes: [selection] });
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (seen.has(selection.name.value)) continue;
        seen.add(selection.name.value);
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      const named = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value);
      if (fragment) collect(isCompositeType(named) ? named : parent, fragment.selectionSet);
    }
  }
  for (const set of sets) collect(type, set);
  return found.values();
}
