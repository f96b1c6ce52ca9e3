import { existsSync, readFileSync } from "node:fs";
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from "graphql";
import { expect, it } from "vitest";

/** The interface that scripts outside rely on, in one file and its extensions; it stands beside the project where that is developed. */
const CONTRACT = ["contract", "contract-arrivals"].map((name) => `../shared/${name}.graphql`);
const hasContract = CONTRACT.every((file) => existsSync(file));

/** Defaults that an extension has taken back: they belong to creation. */
const WITHOUT_DEFAULT: [type: string, field: string][] = [
  ["PathInput", "weight"],
  ["PathInput", "active"],
  ["GoalInput", "revenue"],
  ["GoalInput", "currency"],
];

const ours = buildSchema(readFileSync("schema.graphql", "utf8"));

if (hasContract) {
  it("the schema has everything of the contract, of the same types", () => {
    const contract = buildSchema(CONTRACT.map((file) => readFileSync(file, "utf8")).join("\n"));
    for (const [type, field] of WITHOUT_DEFAULT) inputField(contract, type, field).defaultValue = undefined;
    expect(typesOf(contract).length).toBeGreaterThan(30);
    expect(compare(contract)).toEqual([]);
  });
}

it("5.2 updateFlow takes the version that was read", () => {
  const argument = ours
    .getMutationType()
    ?.getFields()
    .updateFlow?.args.find(({ name }) => name === "ifVersion");
  expect([String(argument?.type), argument?.defaultValue]).toEqual(["Int", undefined]);
});

it.each(WITHOUT_DEFAULT)("7.3 %s.%s has no default value: what is left out of a change stays", (type, field) => {
  expect(inputField(ours, type, field).defaultValue).toBeUndefined();
});

it.each([
  ["type User { id: ID! name: String }", "User.name is missing"],
  ["type Click { ip: String }", "Click.ip is String!, not String"],
  ["type Nothing { id: ID! }", "Nothing is missing"],
  ["enum SortOrder { DESC ASC }", "SortOrder has other values"],
  ["input ClickFilter { country: [String!] }", "ClickFilter(country) is String = undefined, not [String!] = undefined"],
  ["type Query { flows(perPage: Int = 20): Int }", "Query.flows(perPage) is Int = 50, not Int = 20"],
])("the comparison notices: %s", (theirs, difference) => {
  expect(compare(buildSchema(theirs))).toContain(difference);
});

function inputField(schema: GraphQLSchema, typeName: string, field: string): GraphQLInputField {
  const type = schema.getType(typeName);
  if (!isInputObjectType(type)) throw new Error(`${typeName} is no input.`);
  return type.getFields()[field] as GraphQLInputField;
}

function compare(contract: GraphQLSchema): string[] {
  return typesOf(contract).flatMap((type) => differences(type, ours.getType(type.name)));
}

function typesOf(schema: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
}

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
