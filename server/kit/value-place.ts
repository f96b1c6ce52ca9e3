import { BREAK, Kind, type ObjectFieldNode, parse, type Source, type ValueNode, visit } from "#graphql";

/** Where a value stands in a document: in which argument, and on which path within the argument's value. */
export interface ValuePlace {
  argument: string;
  path: string[];
}

type Part = ValueNode | ObjectFieldNode;

/** The first use of a variable in a document that is known to be readable; null when there is none. */
export function placeOfVariable(document: Source, variable: string): ValuePlace | null {
  return findPlace(document, (part) => part.kind === Kind.VARIABLE && part.name.value === variable);
}

/** The place of the value, or of the field of an input, that begins at a character; a variable's default stands where it is used. */
export function placeAt(document: Source, start: number): ValuePlace | null {
  return findPlace(document, (part) => part.loc?.start === start);
}

function findPlace(document: Source, isWanted: (part: Part) => boolean): ValuePlace | null {
  let place: ValuePlace | null = null;
  const ast = parse(document);
  visit(ast, {
    Argument({ name, value }) {
      const path = pathTo(value, isWanted);
      if (!path) return undefined;
      place = { argument: name.value, path };
      return BREAK;
    },
    VariableDefinition({ variable, defaultValue }) {
      const path = defaultValue && pathTo(defaultValue, isWanted);
      if (!path) return undefined;
      const name = variable.name.value;
      const use = placeOfVariable(document, name) ?? { argument: name, path: [] };
      place = { ...use, path: [...use.path, ...path] };
      return BREAK;
    },
  });
  return place;
}

/** An object and its first field begin at different characters, a field and its value too: the outermost part counts. */
function pathTo(part: Part, isWanted: (part: Part) => boolean): string[] | null {
  if (isWanted(part)) return part.kind === Kind.OBJECT_FIELD ? [part.name.value] : [];
  if (part.kind === Kind.OBJECT_FIELD) {
    const path = pathTo(part.value, isWanted);
    return path && [part.name.value, ...path];
  }
  const inner: [string[], Part][] =
    part.kind === Kind.OBJECT
      ? part.fields.map((field) => [[], field])
      : part.kind === Kind.LIST
        ? part.values.map((value, index) => [[String(index)], value])
        : [];
  for (const [name, each] of inner) {
    const path = pathTo(each, isWanted);
    if (path) return [...name, ...path];
  }
  return null;
}
