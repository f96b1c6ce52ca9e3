import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from "#graphql";
import { GraphQLJSON } from "#graphql-scalars";
import { excerpt } from "./errors.js";

/** A moment as RFC 3339 has it, and the offset by itself: days that there are and hours to 23 are checked by a calendar. */
const MOMENT = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?$/i;
const MOMENT_RULE =
  'A moment has date, time and zone, such as "2026-11-25T10:00:00Z", or "2026-11-25T11:00:00+01:00" by a clock one hour ahead of UTC';

/** ISO 8601 in, a UTC instant with milliseconds out. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description:
    "A moment by ISO 8601. Going out: UTC, with milliseconds (2026-11-22T10:00:00.000Z). Coming in: date, time and zone (Z, or an offset such as +01:00).",
  serialize: (value) => new Date(value as Date).toISOString(),
  parseValue: (value) => readMoment(value),
  parseLiteral: (node) => literal(node, readMoment),
});

function readMoment(value: unknown): Date {
  if (typeof value !== "string") throw new GraphQLError(`A DateTime is written as a string. ${MOMENT_RULE}.`);
  const [whole, day, time, zone] = MOMENT.exec(value) ?? [];
  const shown = JSON.stringify(excerpt(value));
  if (!whole) throw new GraphQLError(`${shown} is no DateTime. ${MOMENT_RULE}.`);
  if (!zone) throw new GraphQLError(`${shown} is no DateTime: its zone is missing. ${MOMENT_RULE}.`);
  const wallClock = new Date(`${day}T${time}Z`);
  if (!Number.isFinite(wallClock.getTime()) || !wallClock.toISOString().startsWith(`${day}T${time}`)) {
    throw new GraphQLError(`${shown} is no DateTime: there is no ${day} ${time}. ${MOMENT_RULE}.`);
  }
  return new Date(whole.toUpperCase());
}

export const Json = GraphQLJSON;

/**
 * A decimal number as text. Only the shape (text) is checked here: what an amount may be is checked where inputs are
 * read, so that a bad amount is a BAD_USER_INPUT with its field, in a literal and in a variable alike.
 */
export const Decimal = new GraphQLScalarType<string, string>({
  name: "Decimal",
  description:
    'A decimal number as a string. Going out it has at least four decimals, and more only where they are not zero ("2.5000", "0.00035"); coming in, it is any plain decimal string from 0 to 999999999.9999 with at most 8 decimals.',
  serialize: (value) => String(value),
  parseValue: (value) => text(value),
  parseLiteral: (node) => literal(node, text),
});

function text(value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new GraphQLError('A Decimal is written as a string with a number in it, such as "2.50".');
}

/** Reads a literal; what is wrong with it says which it is. */
function literal<T>(node: ValueNode, read: (value: unknown) => T): T {
  try {
    return read(node.kind === Kind.STRING ? node.value : undefined);
  } catch (error) {
    throw new GraphQLError((error as Error).message, { nodes: node });
  }
}
