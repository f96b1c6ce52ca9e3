import { rmSync } from "node:fs";
import { join } from "node:path";
import { printSchema } from "graphql";
import pino from "pino";
import { Arg, buildSchemaSync, Mutation, Resolver, registerEnumType } from "type-graphql";
import { describe, expect, it } from "vitest";
import {
  choice,
  exactText,
  factId,
  factReference,
  flag,
  instant,
  json,
  longText,
  money,
  noun,
  reference,
  serialId,
  text,
  whole,
} from "../../server/kit/column.js";
import { createInput } from "../../server/kit/input.js";
import { openDatabase } from "../../server/kit/orm.js";
import { createResource } from "../../server/kit/resource.js";
import { DateTime } from "../../server/kit/scalars.js";
import { databases, freshConfig } from "../kit/waypost.js";

enum Colour {
  RED = "RED",
  BLUE = "BLUE",
}
registerEnumType(Colour, { name: "Colour", description: "Colours." });

@noun("Owns samples.")
class Owner {
  @serialId() id!: number;
  @text(10, { description: "Its only word." }) word!: string;
}

@noun("One column of every kind.")
class Sample {
  @factId("Its time and chance.", { kind: "HASH", phone: 2 }) id!: string;
  @text(80, { description: "A short text.", filter: true, input: { required: true } }) short!: string;
  @longText({ description: "A long text.", nullable: true, input: true }) long!: string | null;
  @exactText(20, { description: "An exact text.", unique: true, filter: true, input: true }) exact!: string;
  @choice(() => Colour, { description: "A choice.", filter: true, input: { default: "RED" } }) colour!: Colour;
  @flag({ description: "A yes or no.", filter: { default: false }, input: { default: true } }) yes!: boolean;
  @whole(1, 9, { description: "A number.", filter: true, input: { default: 5 } }) number!: number;
  @money({ description: "An amount.", nullable: true, input: { default: "0" } }) amount!: string | null;
  @instant({ description: "A moment.", nullable: true, input: true }) moment!: Date | null;
  @json({ description: "Anything." }) anything!: unknown;
  @text(5, { description: "A secret.", internal: true }) secret!: string;
  @factReference(() => Sample, { as: "other", description: "Another one.", nullable: true, filter: true })
  otherId!: string | null;
  @reference(() => Owner, { as: "owner", description: "Whose it is.", filter: true }) ownerId!: number;
}

const SampleResource = createResource(Sample, { singular: "sample", plural: "samples", fact: true });
const SampleInput = createInput(Sample, "A sample to be.");

@Resolver()
class SampleMutation {
  @Mutation(() => Boolean)
  make(@Arg("input", () => SampleInput) input: object): boolean {
    return Boolean(input);
  }
}

const schema = printSchema(
  buildSchemaSync({
    resolvers: [SampleResource, SampleMutation] as never,
    scalarsMap: [{ type: Date, scalar: DateTime }],
    validate: false,
  }),
);

/** A definition of the printed schema: each field's line under its description. */
function fieldsOf(head: string, printed = schema): Record<string, string> {
  const [, body = ""] = printed.split(`\n${head} {\n`);
  const fields = body.slice(0, body.indexOf("\n}")).matchAll(/"""(.*)"""\n {2}([^\n]+)/g);
  return Object.fromEntries([...fields].map(([, description, field]) => [field, description]));
}

describe("A column, written in one line", () => {
  it("is a field of the type with its description, unless it is internal", () => {
    expect(fieldsOf("type Sample")).toEqual({
      "id: ID!": "Its time and chance.",
      "short: String!": "A short text.",
      "long: String": "A long text.",
      "exact: String!": "An exact text.",
      "colour: Colour!": "A choice.",
      "yes: Boolean!": "A yes or no.",
      "number: Int!": "A number.",
      "amount: Decimal": "An amount.",
      "moment: DateTime": "A moment.",
      "anything: JSON!": "Anything.",
      "otherId: ID": "Another one.",
      "other: Sample": "The fact itself; null when it is not stored here.",
      "owner: Owner!": "Whose it is.",
    });
    expect(schema).not.toContain("secret");
    expect(schema).toContain('"""One column of every kind."""\ntype Sample {');
  });

  it("is a condition of the filter where it says so, with its default", () => {
    expect(fieldsOf("input SampleFilter")).toEqual({
      "ids: [ID!]": "Any of these ids.",
      "short: String": "A short text.",
      "exact: String": "An exact text.",
      "colour: Colour": "A choice.",
      "yes: Boolean = false": "A yes or no.",
      "number: Int": "A number.",
      "otherId: ID": "Another one.",
      "ownerId: ID": "Whose it is.",
      "from: DateTime": "At this moment or later.",
      "to: DateTime": "Before this moment.",
    });
  });

  it("7.3 is a field of the input where it says so, without a default value: that is for the admin to know", () => {
    expect(fieldsOf("input SampleInput")).toEqual({
      "short: String": "A short text.",
      "long: String": "A long text.",
      "exact: String": "An exact text.",
      "colour: Colour": "A choice.",
      "yes: Boolean": "A yes or no.",
      "number: Int": "A number.",
      "amount: Decimal": "An amount.",
      "moment: DateTime": "A moment.",
    });
  });

  it("adds field, filter, input and SQL column at once, and nothing else", async () => {
    const [before, after] = [await describeNoun(createNoun(false)), await describeNoun(createNoun(true))];
    expect(after.filter((line) => !before.includes(line))).toEqual([
      "type language: String",
      "filter language: String",
      "input language: String",
      "column `language` text null",
    ]);
    expect(before.filter((line) => !after.includes(line))).toEqual([]);
  });

  it.each(databases)("is a column of the table that keeps its values, on %s", async (name) => {
    const config = freshConfig(name);
    const address = name === "MySQL" ? config.database : { kind: "sqlite" as const, file: join(config.dataDir, "x") };
    const options = { entities: [Owner, Sample], migrations: [], log: pino({ level: "silent" }) };
    const database = await openDatabase(address, options);
    await database.schema.create();

    const sql = await database.schema.getCreateSchemaSQL({ wrap: false });
    const columns = /create table `sample` \((.*)/.exec(sql)?.[1] ?? "";
    for (const [column, mySql, sqlite] of SQL) {
      expect(columns).toContain(`\`${column}\` ${name === "MySQL" ? mySql : sqlite}`);
    }
    if (name === "MySQL") expect(columns).toContain("comment 'An exact text.'");
    expect(sql).toMatch(/unique.*`?sample_exact_unique`?.*\(`exact`\)/);

    const owner = { id: 1, word: "w" };
    await database.em.fork().insert(Owner, owner as never);
    await database.em.fork().insert(Sample, VALUES as never);
    const kept = await database.em.fork().findOneOrFail(Sample, { id: VALUES.id, exact: VALUES.exact });
    expect({ ...kept }).toMatchObject(VALUES);
    await database.close();
    rmSync(config.dataDir, { recursive: true, force: true });
  });
});

/** A noun, with one line more or without it. */
function createNoun(hasLanguage: boolean) {
  class Visit {
    id!: number;
  }
  serialId()(Visit.prototype, "id");
  if (hasLanguage)
    text(8, { description: "Its language.", nullable: true, filter: true, input: true })(Visit.prototype, "language");
  flag({ description: "Whether it counts.", filter: true, input: true })(Visit.prototype, "counts");
  noun("A visit.")(Visit);
  return Visit;
}

/** Everything that follows from a noun, a line each. */
async function describeNoun(entity: ReturnType<typeof createNoun>): Promise<string[]> {
  const Input = createInput(entity, "A visit to be.");
  class VisitMutation {
    make(input: object): boolean {
      return Boolean(input);
    }
  }
  Arg("input", () => Input)(VisitMutation.prototype, "make", 0);
  Mutation(() => Boolean)(VisitMutation.prototype, "make", {});
  Resolver()(VisitMutation);
  const resource = createResource(entity, { singular: "visit", plural: "visits", fact: false });
  const printed = printSchema(buildSchemaSync({ resolvers: [resource, VisitMutation] as never, validate: false }));
  const options = { entities: [entity], migrations: [], log: pino({ level: "silent" }) };
  const config = freshConfig("SQLite");
  const database = await openDatabase({ kind: "sqlite", file: join(config.dataDir, "x") }, options);
  const sql = await database.schema.getCreateSchemaSQL({ wrap: false });
  await database.close();
  rmSync(config.dataDir, { recursive: true, force: true });
  const fields = (kind: string, head: string) =>
    Object.keys(fieldsOf(head, printed)).map((field) => `${kind} ${field}`);
  return [
    ...fields("type", "type Visit"),
    ...fields("filter", "input VisitFilter"),
    ...fields("input", "input VisitInput"),
    ...[...sql.matchAll(/`\w+` (?:text|integer)[^,)]*/g)].map(([column]) => `column ${column}`),
  ];
}

const SQL = [
  ["id", "binary(16) not null", "blob not null"],
  ["short", "varchar(80) not null", "text not null"],
  ["long", "text null", "text null"],
  ["exact", "varbinary(80) not null", "text not null"],
  ["colour", "varchar(16) not null", "text not null"],
  ["yes", "tinyint(1) not null", "integer not null"],
  ["number", "int not null", "integer not null"],
  ["amount", "bigint null", "integer null"],
  ["moment", "bigint null", "integer null"],
  ["anything", "text not null", "text not null"],
  ["secret", "varchar(5) not null", "text not null"],
  ["other_id", "binary(16) null", "blob null"],
  ["owner_id", "int unsigned not null", "integer not null"],
] as const;

const VALUES = {
  id: "0123456789abcdef0123456789abcdef",
  short: "ä😀 ",
  long: "x".repeat(10_000),
  exact: "Ä ",
  colour: Colour.BLUE,
  yes: false,
  number: 9,
  amount: "999999999.9999",
  moment: new Date("2026-11-22T10:00:00.123Z"),
  anything: { b: [1, "ß", null], a: 12345678901234 },
  secret: "12345",
  otherId: "ffffffffffffffffffffffffffffffff",
  ownerId: 1,
};
