/**
 * What stands for `graphql` and `graphql-scalars` in a process that answers no GraphQL (`imports` in package.json; type-graphql
 * brings its own). Nouns describe themselves to both sides; a tracker, of which two threads read all of it, needs the tables only.
 */
class Nothing {}

export class GraphQLError extends Error {}
export {
  Nothing as GraphQLDirective,
  Nothing as GraphQLEnumType,
  Nothing as GraphQLList,
  Nothing as GraphQLNonNull,
  Nothing as GraphQLScalarType,
};
export const [BREAK, DirectiveLocation, Kind] = [{}, {}, {}];
export const [GraphQLBoolean, GraphQLInt, GraphQLJSON, GraphQLString] = [{}, {}, {}, {}];

export function parse(): never {
  throw new Error("No GraphQL is read here.");
}
export const [validate, visit] = [parse, parse];
