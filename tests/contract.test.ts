import { existsSync, readFileSync } from "node:fs";
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
} from "graphql";
import { expect, it } from "vitest";

/** The interface that scripts outside rely on; it stands beside the project where the project is developed. */
const CONTRACT = "../shared/contract.graphql";
const hasContract = existsSync(CONTRACT);

const ours = buildSchema(readFileSync("schema.graphql", "utf8"));

// Without the contract beside it a checkout has nothing to compare with; the schema itself is checked by generated.test.ts.
it.runIf(hasContract)("the schema has everything of the contract, of the same types", () => {
  const contract = buildSchema(readFileSync(CONTRACT, "utf8"));
  const types = Object.values(contract.getTypeMap()).filter((type) => !type.name.startsWith("__"));
  expect(types.length).toBeGreaterThan(30);
  expect(types.flatMap((type) => differences(type, ours.getType(type.name)))).toEqual([]);
});

function differences(theirs: GraphQLNamedType, our: GraphQLNamedType | undefined): string[] {
  if (!our) return [`${theirs.name} is missing`];
  if (isScalarType(theirs)) return isScalarType(our) ? [] : [`${theirs.name} is no scalar`];
  if (isEnumType(theirs)) {
    const values = (type: GraphQLNamedType) => (isEnumType(type) ? type.getValues().map(({ name }) => name) : []);
    return values(our).toString() === values(theirs).toString() ? [] : [`${theirs.name} has other values`];
  }
  if (isInputObjectType(theirs)) {
    if (!isInputObjectType(our)) return [`${theirs.name} is no input`];
    return compareInputs(theirs.name, Object.values(theirs.getFields()), Object.values(our.getFields()));
  }
  if (!isObjectType(theirs) || !isObjectType(our) || isInterfaceType(our)) return [`${theirs.name} is of another kind`];
  return Object.values(theirs.getFields()).flatMap((field) => {
    const name = `${theirs.name}.${field.name}`;
    const same = our.getFields()[field.name];
    if (!same) return [`${name} is missing`];
    const type = same.type.toString() === field.type.toString() ? [] : [`${name} is ${same.type}, not ${field.type}`];
    return [...type, ...compareInputs(name, field.args, same.args)];
  });
}

type Input = GraphQLArgument | GraphQLInputField;

function compareInputs(owner: string, theirs: readonly Input[], our: readonly Input[]): string[] {
  const missing = theirs.flatMap((input) => {
    const name = `${owner}(${input.name})`;
    const same = our.find((other) => other.name === input.name);
    if (!same) return [`${name} is missing`];
    const isSame = String(same.type) === String(input.type) && same.defaultValue === input.defaultValue;
    return isSame ? [] : [`${name} is ${same.type} = ${same.defaultValue}, not ${input.type} = ${input.defaultValue}`];
  });
  const demanded = our
    .filter((input) => !theirs.some((other) => other.name === input.name))
    .filter((input) => String(input.type).endsWith("!") && input.defaultValue === undefined)
    .map((input) => `${owner}(${input.name}) is demanded by us alone`);
  return [...missing, ...demanded];
}
