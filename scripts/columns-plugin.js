/** Plugin of graphql-codegen: the `@column` directives of a schema as `columns`, by type and field. */
import { isObjectType, valueFromASTUntyped } from "graphql";

/** @param {import("graphql").GraphQLSchema} schema */
export function plugin(schema) {
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type));
  const views = types.flatMap((type) => {
    const fields = Object.values(type.getFields()).flatMap(({ name, astNode }) => {
      const directive = astNode?.directives?.find((given) => given.name.value === "column");
      if (!directive?.arguments) return [];
      return [
        [name, Object.fromEntries(directive.arguments.map((arg) => [arg.name.value, valueFromASTUntyped(arg.value)]))],
      ];
    });
    return fields.length > 0 ? [[type.name, Object.fromEntries(fields)]] : [];
  });
  return [
    "/** How a column is shown, where its type and description do not say it. */",
    "export const columns = ",
    `${JSON.stringify(Object.fromEntries(views), null, 2)} as const;`,
  ]
    .join("\n")
    .replace("= \n", "= ");
}
