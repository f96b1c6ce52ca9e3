import { ApolloServerErrorCode } from "@apollo/server/errors";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { type Logger } from "pino";

const INTERNAL = ApolloServerErrorCode.INTERNAL_SERVER_ERROR;

/**
 * Turns every error of a GraphQL request into what the caller sees: a code of the closed list, and for a bad variable the
 * field. Our own mistakes are logged and shown without inner details.
 */
export function formatApiError(log: Logger, formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const code = formatted.extensions?.code;
  if (code === INTERNAL || code === undefined) {
    log.error(
      { err: error instanceof GraphQLError ? (error.originalError ?? error) : error },
      "A GraphQL request failed.",
    );
    return { message: "Something went wrong on our side.", path: formatted.path, extensions: { code: INTERNAL } };
  }
  if (code === ApolloServerErrorCode.BAD_USER_INPUT && formatted.extensions?.field === undefined) {
    return { ...formatted, extensions: { ...formatted.extensions, field: fieldOf(formatted.message) } };
  }
  if (code === ApolloServerErrorCode.BAD_REQUEST) {
    return { ...formatted, extensions: { ...formatted.extensions, code: ApolloServerErrorCode.BAD_USER_INPUT } };
  }
  return formatted;
}

/**
 * The dotted path in graphql-js's words for a variable: `Variable "$input" got invalid value {} at "input.paths[0]"; Field
 * "url" of required type "String!" was not provided.` The variable's own name is part of it where nothing follows only.
 */
function fieldOf(message: string): string | undefined {
  const [, variable, path] = /^Variable "\$(\w+)"(?:.* at "\w+[.[]([^"]*)")?/s.exec(message) ?? [];
  const [, inner] = /; Field "(\w+)" (?:is not defined by|of required) type/.exec(message) ?? [];
  const parts = [path?.replace(/\[(\d+)\]/g, ".$1").replace(/^(\d+)\]/, "$1"), inner].filter(Boolean);
  return parts.length > 0 ? parts.join(".") : variable;
}
