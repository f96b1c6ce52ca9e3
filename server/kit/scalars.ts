import { GraphQLError, GraphQLScalarType, Kind } from "#graphql";
import { GraphQLDateTime, GraphQLJSON } from "#graphql-scalars";

/** ISO 8601 in, a UTC instant with milliseconds out. */
export const DateTime = GraphQLDateTime;
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
  parseLiteral: (node) => text(node.kind === Kind.STRING ? node.value : undefined),
});

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new GraphQLError('A Decimal is written as a string, such as "2.50".');
}
