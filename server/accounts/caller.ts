import { Kind, parse, type TypeNode } from "#graphql";

/** Name of the field that answers without a session; everything else does not. */
const OPEN_FIELD = "login";

/**
 * Whether a document asks for nothing but `login`: mutations with that field only, without fragments at the top, and with
 * variables for text only (a wrong type would be answered with the names of others).
 *
 * It decides before anything is validated or executed, so that strangers learn nothing of the schema.
 */
export function asksForLoginOnly(query: unknown, maxTokens: number): boolean {
  if (typeof query !== "string") return false;
  try {
    const { definitions } = parse(query, { maxTokens, noLocation: true });
    return definitions.every(
      (definition) =>
        definition.kind === Kind.OPERATION_DEFINITION &&
        definition.operation === "mutation" &&
        (definition.variableDefinitions ?? []).every(({ type }) => isText(type)) &&
        definition.selectionSet.selections.every(
          (field) => field.kind === Kind.FIELD && field.name.value === OPEN_FIELD,
        ),
    );
  } catch {
    return false;
  }
}

function isText(type: TypeNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE
    ? isText(type.type)
    : type.kind === Kind.NAMED_TYPE && type.name.value === "String";
}

/** The token of `Authorization: Bearer TOKEN`, before the cookie's. */
export function tokenOf(authorization: string | undefined, cookie: string | undefined): string | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
  return bearer ?? cookie ?? null;
}
