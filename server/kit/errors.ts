import { GraphQLError } from "#graphql";

/** The closed list of `extensions.code` values our own GraphQL errors carry. */
export type ApiErrorCode =
  | "BAD_USER_INPUT"
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "CONFLICT"
  | "TOO_LARGE"
  | typeof SERVICE_UNAVAILABLE;

/** A value of a caller's that cannot be used. `field` is a dotted path such as `perPage` or `paths.0.url`. */
export function badInput(field: string, message: string): GraphQLError {
  return apiError("BAD_USER_INPUT", message, { field });
}

/** A change to something that does not exist. Reading it answers null instead. */
export function notFound(noun: string, id: string): GraphQLError {
  return apiError("NOT_FOUND", `There is no ${noun} with the id "${excerpt(id)}".`);
}

/** A change of something that has changed since the caller read it: nothing was done. */
export function conflict(message: string): GraphQLError {
  return apiError("CONFLICT", message);
}

/** A request that asks for too much. The message says what to do; `field` names what makes it so much. HTTP 200. */
export function tooLarge(field: string, message: string): GraphQLError {
  return apiError("TOO_LARGE", message, { field, ...httpOf(200) });
}

/** No session, or one that has ended. Answered with HTTP 401 so that plain HTTP clients notice too. */
export function unauthenticated(message = "Sign in first: this needs a session."): GraphQLError {
  return apiError("UNAUTHENTICATED", message, { ...httpOf(401) });
}

/** The database is away. Answered with HTTP 503. */
export function unavailable(): GraphQLError {
  return apiError(SERVICE_UNAVAILABLE, AWAY, httpOf(503, { "retry-after": `${RETRY_SECONDS}` }));
}

/** Something this caller may not do, or not now. */
export function forbidden(message: string, extensions: Record<string, unknown> = {}): GraphQLError {
  return apiError("FORBIDDEN", message, extensions);
}

/** The code of answers while the database is away, and when to ask again, in seconds. */
export const SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE";
export const RETRY_SECONDS = 5;
export const AWAY = "The database cannot be reached: try again in a few seconds.";

/** HTTP headers of an error, as Apollo takes them. */
export function httpOf(status: number, headers: Record<string, string> = {}): Record<string, unknown> {
  return { http: { status, headers: new Map(Object.entries(headers)) } };
}

/** A foreign value for use in a message: at most `length` characters, control characters shown as `?`. */
export function excerpt(value: string, length = 80): string {
  const shown = value
    .slice(0, length + 1)
    .toWellFormed()
    .replace(/\p{Cc}/gu, "?");
  return shown.length > length ? `${shown.slice(0, length).toWellFormed()}…` : shown;
}

/** No message shows more of a foreign text. */
const SHOWN_MAX = 1000;

/** The beginning of a foreign text in which every character that cannot be seen is named: `<U+200B>`. A plain space can be. */
export function withInvisibleNamed(text: string): string {
  return text
    .slice(0, SHOWN_MAX)
    .toWellFormed()
    .replace(/(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu, (character) => `<${codePointOf(character)}>`);
}

/** How Unicode calls a character: `U+200B`. */
export function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function apiError(code: ApiErrorCode, message: string, extensions: Record<string, unknown> = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...extensions } });
}
