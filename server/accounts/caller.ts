import {
  type DefinitionNode,
  type GraphQLSchema,
  Kind,
  parse,
  type TypeNode,
  type ValidationRule,
  validate,
} from "#graphql";

/** Name of the field that answers without a session; everything else does not. */
const OPEN_FIELD = "login";

/** What a document must be to be executed. */
export interface DocumentRules {
  schema: GraphQLSchema;
  rules: readonly ValidationRule[];
  maxTokens: number;
}

/**
 * Whether a document is valid and asks for nothing but `login`: mutations with that field only, without fragments at the top,
 * and with variables for text only (a wrong type would be answered with the names of others).
 *
 * It decides before anything else is said of the document, so that strangers learn nothing of the schema.
 */
export function isLogin(query: unknown, { schema, rules, maxTokens }: DocumentRules): boolean {
  if (typeof query !== "string") return false;
  try {
    const document = parse(query, { maxTokens, noLocation: true });
    return document.definitions.every(asksForLoginOnly) && validate(schema, document, rules).length === 0;
  } catch {
    return false;
  }
}

function asksForLoginOnly(definition: DefinitionNode): boolean {
  return (
    definition.kind === Kind.OPERATION_DEFINITION &&
    definition.operation === "mutation" &&
    (definition.variableDefinitions ?? []).every(({ type }) => isText(type)) &&
    definition.selectionSet.selections.every((field) => field.kind === Kind.FIELD && field.name.value === OPEN_FIELD)
  );
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
