import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from "#graphql";
import { Directive } from "#type-graphql";

/** What a value is that its GraphQL type does not say. */
export type ColumnKind = "HASH" | "CODE" | "COUNTRY" | "URL" | "IP" | "ANSWER";

const kinds: Record<ColumnKind, string> = {
  HASH: "A click hash.",
  CODE: "A word for machines, to be read letter by letter.",
  COUNTRY: "ISO 3166-1 alpha-2.",
  URL: "An address, shown as text.",
  IP: "An IP address.",
  ANSWER: "The HTTP status of an answer.",
};

/** How the admin shows a column, where its type and description do not say it. */
export interface ColumnView {
  kind?: ColumnKind;
  /** Its name on the screen; left out: made from the field's. */
  label?: string;
  /** Width in the list, in pixels. */
  width?: number;
  /** Not in the list unless asked for. */
  hidden?: boolean;
  /** The field that holds the unit, such as a currency. */
  unit?: string;
  /** Its place in the two lines of a row on a phone, beside others that have the same: 1 and 2 above, 3 and 4 below. */
  phone?: 1 | 2 | 3 | 4;
  /** What stands for a missing value. */
  none?: string;
  /** The values there are, where the type is wider. */
  choices?: readonly number[];
  /** The same for text. */
  words?: readonly string[];
  /** What a new one has unless told otherwise, as JSON; said by the column's `input`. */
  initial?: string;
}

/** `@column`: how the schema carries a `ColumnView` to the admin. */
export const columnDirective = new GraphQLDirective({
  name: "column",
  description: "How the admin shows a column, where its type and description do not say it.",
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    kind: {
      type: new GraphQLEnumType({
        name: "ColumnKind",
        description: "What a value is that its type does not say.",
        values: Object.fromEntries(Object.entries(kinds).map(([kind, description]) => [kind, { description }])),
      }),
      description: "What the value is.",
    },
    label: { type: GraphQLString, description: "Its name on the screen." },
    width: { type: GraphQLInt, description: "Width in the list, in pixels." },
    hidden: { type: GraphQLBoolean, description: "Not in the list unless asked for." },
    unit: { type: GraphQLString, description: "The field that holds the unit, such as a currency." },
    phone: {
      type: GraphQLInt,
      description: "Place in the two lines of a row on a phone, shared or its own: 1 and 2 above, 3 and 4 below.",
    },
    none: { type: GraphQLString, description: "What stands for a missing value." },
    choices: { type: new GraphQLList(new GraphQLNonNull(GraphQLInt)), description: "The values there are." },
    words: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)), description: "The words there are." },
    initial: { type: GraphQLString, description: "What a new one has unless told otherwise, as JSON." },
  },
});

/** Says how the admin shows a field. Columns take the same as their option `view`. */
export function view({ kind, ...others }: ColumnView): PropertyDecorator {
  const given = Object.entries(others).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  if (kind) given.unshift(`kind: ${kind}`);
  return Directive(`@column(${given.join(", ")})`) as PropertyDecorator;
}
