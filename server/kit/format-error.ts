import { ApolloServerErrorCode } from "@apollo/server/errors";
import { type Logger } from "pino";
import { GraphQLError, type GraphQLFormattedError } from "#graphql";
import { findVariable } from "./variable-use.js";

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

/**
 * Turns every error of a GraphQL request into what the caller sees: a code of the closed list, and for a bad variable the
 * field. Our own mistakes are logged and shown without inner details.
 */
export function formatApiError(log: Logger, formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const code = formatted.extensions?.code;
  if (REQUEST_CODES.has(code)) return recoded(formatted, { code: BAD_USER_INPUT });
  if (code === BAD_USER_INPUT && formatted.extensions?.field === undefined) {
    return recoded(formatted, { field: fieldOf(formatted.message, error) });
  }
  if (code !== INTERNAL_SERVER_ERROR && code !== undefined) return formatted;

  const refusal = refusalOf(formatted.message);
  if (error instanceof GraphQLError && refusal) return recoded(formatted, refusal);
  const inner = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  log.error({ err: inner }, "A GraphQL request failed.");
  return {
    message: "Something went wrong on our side.",
    path: formatted.path,
    extensions: { code: INTERNAL_SERVER_ERROR },
  };
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

/**
 * The dotted path in graphql-js's words for a variable: `Variable "$input" got invalid value {} at "input.paths[0]"; Field
 * "url" of required type "String!" was not provided.` It begins at the argument that the document gives the variable to,
 * whose own name is said where nothing follows only: what a client calls his variables is his own affair.
 */
function fieldOf(message: string, error: unknown): string | undefined {
  const [, variable, path] = /^Variable "\$(\w+)"(?:.* at "\w+[.[]([^"]*)")?/s.exec(message) ?? [];
  if (variable === undefined) return undefined;
  const [, inner] = /; Field "(\w+)" (?:is not defined by|of required) type/.exec(message) ?? [];
  const source = error instanceof GraphQLError ? error.source : undefined;
  const use = (source && findVariable(source, variable)) ?? { argument: variable, path: [] };
  const parts = [...use.path, path?.replace(/\[(\d+)\]/g, ".$1").replace(/^(\d+)\]/, "$1"), inner].filter(Boolean);
  return parts.length > 0 ? parts.join(".") : use.argument;
}
