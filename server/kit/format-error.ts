import { ApolloServerErrorCode } from "@apollo/server/errors";
import { type Logger } from "pino";
import { type ASTNode, GraphQLError, type GraphQLFormattedError, Kind } from "#graphql";
import { databaseReason, isDatabaseDown } from "./database-errors.js";
import { AWAY, SERVICE_UNAVAILABLE } from "./errors.js";
import { type Trouble } from "./trouble.js";
import { placeAt, placeOfVariable, type ValuePlace } from "./value-place.js";

const {
  BAD_REQUEST,
  BAD_USER_INPUT,
  GRAPHQL_VALIDATION_FAILED,
  INTERNAL_SERVER_ERROR,
  OPERATION_RESOLUTION_FAILURE,
  PERSISTED_QUERY_NOT_FOUND,
  PERSISTED_QUERY_NOT_SUPPORTED,
} = ApolloServerErrorCode;

/** Apollo's codes that are not on our list: requests that are no GraphQL request, or choose no operation. */
const REQUEST_CODES = new Set<unknown>([
  BAD_REQUEST,
  OPERATION_RESOLUTION_FAILURE,
  PERSISTED_QUERY_NOT_FOUND,
  PERSISTED_QUERY_NOT_SUPPORTED,
]);

/** What a literal in a document can be: an error that names one of these says that a value is wrong. */
const VALUES = new Set<string>([
  ...[Kind.INT, Kind.FLOAT, Kind.STRING, Kind.BOOLEAN, Kind.NULL, Kind.ENUM, Kind.LIST, Kind.OBJECT, Kind.OBJECT_FIELD],
]);

/**
 * Turns every error of a GraphQL request into what the caller sees: a code of the closed list, and for a wrong value the
 * field, whether it stands in the document or in a variable. Our own mistakes are logged and shown without inner details.
 */
export function formatApiError(
  { log, away }: { log: Logger; away: Trouble },
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError {
  const code = formatted.extensions?.code;
  if (REQUEST_CODES.has(code)) return recoded(formatted, { code: BAD_USER_INPUT, ...partOf(formatted.message) });
  if (code === GRAPHQL_VALIDATION_FAILED && isOfValue(error)) {
    return recoded(formatted, { code: BAD_USER_INPUT, field: fieldOfLiteral(formatted.message, error) });
  }
  if (code === BAD_USER_INPUT && formatted.extensions?.field === undefined) {
    return recoded(formatted, { field: fieldOf(formatted.message, error) });
  }
  if (code !== INTERNAL_SERVER_ERROR && code !== undefined) return formatted;

  const refusal = refusalOf(formatted.message);
  if (error instanceof GraphQLError && refusal) return recoded(formatted, refusal);
  const inner = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  if (isDatabaseDown(inner)) {
    away.met({ reason: databaseReason(inner) });
    return { message: AWAY, path: formatted.path, extensions: { code: SERVICE_UNAVAILABLE } };
  }
  log.error({ err: inner }, "A GraphQL request failed.");
  return {
    message: "Something went wrong on our side.",
    path: formatted.path,
    extensions: { code: INTERNAL_SERVER_ERROR },
  };
}

/** Whether the only mistakes of a document are wrong values. @param errors  as they were before they were formatted */
export function areOfValues(errors: readonly GraphQLError[]): boolean {
  const isInvalid = ({ extensions }: GraphQLError) => extensions.code === GRAPHQL_VALIDATION_FAILED;
  return errors.every((error) => isInvalid(error) && isOfValue(error));
}

/** Whether an error that is answered says that the document does not validate. */
export function isInvalidDocument({ extensions }: GraphQLFormattedError): boolean {
  return extensions?.code === GRAPHQL_VALIDATION_FAILED;
}

/** The part of the request that is wrong, where its error names one. */
function partOf(message: string): { field?: string } {
  if (/^GET requests/.test(message)) return {};
  const [, field] = /\b(query|variables|operationName|extensions)\b/.exec(message) ?? [];
  if (field) return { field };
  return /operation name|operation named/.test(message) ? { field: "operationName" } : {};
}

/** The body of an answer to a request that could not even be read: too large, no JSON, another type. */
export function unreadableRequest(message: string): { errors: GraphQLFormattedError[] } {
  return { errors: [{ message, extensions: { code: BAD_USER_INPUT } }] };
}

function recoded(formatted: GraphQLFormattedError, extensions: Record<string, unknown>): GraphQLFormattedError {
  return { ...formatted, extensions: { ...formatted.extensions, ...extensions } };
}

/** What graphql-js finds wrong with a request only while executing it, and gives no code. */
function refusalOf(message: string): Record<string, unknown> | null {
  if (message === "Schema is not configured to execute subscription operation.") {
    return { code: GRAPHQL_VALIDATION_FAILED };
  }
  const [, field] = /^Argument "(\w+)" (?:has invalid value|of (?:non-null|required) type) /.exec(message) ?? [];
  return field ? { code: BAD_USER_INPUT, field } : null;
}

/** graphql-js checks literals while it validates a document. */
function isOfValue(error: unknown): error is GraphQLError & { nodes: readonly ASTNode[] } {
  return error instanceof GraphQLError && VALUES.has(error.nodes?.[0]?.kind ?? "");
}

function fieldOfLiteral(message: string, { nodes, source }: GraphQLError & { nodes: readonly ASTNode[] }) {
  const start = nodes[0]?.loc?.start;
  const place = source && start !== undefined ? placeAt(source, start) : null;
  return place ? dotted(place, missingIn(message)) : undefined;
}

/** The field that an input lacks, in graphql-js's words. */
function missingIn(message: string): string | undefined {
  return /Field "(?:\w+\.)?(\w+)" of required type /.exec(message)?.[1];
}

/**
 * The dotted path in graphql-js's words for a variable: `Variable "$input" got invalid value {} at "input.paths[0]"; Field
 * "url" of required type "String!" was not provided.` It begins at the argument that the document gives the variable to,
 * whose own name is said where nothing follows only: what a client calls his variables is his own affair.
 */
function fieldOf(message: string, error: unknown): string | undefined {
  const [, variable, path] = /^Variable "\$(\w+)"(?:.* at "\w+[.[]([^"]*)")?/s.exec(message) ?? [];
  if (variable === undefined) return undefined;
  const [, unknown] = /; Field "(\w+)" is not defined by/.exec(message) ?? [];
  const source = error instanceof GraphQLError ? error.source : undefined;
  const use = (source && placeOfVariable(source, variable)) ?? { argument: variable, path: [] };
  return dotted(use, path?.replace(/\[(\d+)\]/g, ".$1").replace(/^(\d+)\]/, "$1"), unknown ?? missingIn(message));
}

/** The argument is said by itself only: what follows is as the input's or filter's own fields are called. */
function dotted({ argument, path }: ValuePlace, ...more: (string | undefined)[]): string {
  const parts = [...path, ...more].filter(Boolean);
  return parts.length > 0 ? parts.join(".") : argument;
}
