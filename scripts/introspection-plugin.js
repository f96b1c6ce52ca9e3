/** Plugin of graphql-codegen: a schema's introspection, without GraphQL's own types and directives, of which the admin reads nothing. */
import { introspectionFromSchema } from "graphql";

/** @param {import("graphql").GraphQLSchema} schema */
export function plugin(schema) {
  const { __schema } = introspectionFromSchema(schema);
  const types = __schema.types.filter(({ name }) => !name.startsWith("__"));
  return JSON.stringify({ __schema: { ...__schema, types, directives: [] } });
}
