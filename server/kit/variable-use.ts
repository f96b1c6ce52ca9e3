import { BREAK, Kind, parse, type Source, type ValueNode, visit } from "#graphql";

/** Where a document uses a variable: in which argument, and on which path within the argument's value. */
export interface VariableUse {
  argument: string;
  path: string[];
}

/** The first use of a variable in a document that is known to be readable; null when there is none. */
export function findVariable(document: Source, variable: string): VariableUse | null {
  let use: VariableUse | null = null;
  visit(parse(document), {
    Argument({ name, value }) {
      const path = pathTo(value, variable);
      if (!path) return undefined;
      use = { argument: name.value, path };
      return BREAK;
    },
  });
  return use;
}

function pathTo(value: ValueNode, variable: string): string[] | null {
  if (value.kind === Kind.VARIABLE) return value.name.value === variable ? [] : null;
  for (const [name, part] of partsOf(value)) {
    const path = pathTo(part, variable);
    if (path) return [name, ...path];
  }
  return null;
}

function partsOf(value: ValueNode): [string, ValueNode][] {
  if (value.kind === Kind.OBJECT) return value.fields.map((field) => [field.name.value, field.value]);
  if (value.kind === Kind.LIST) return value.values.map((item, index) => [String(index), item]);
  return [];
}
