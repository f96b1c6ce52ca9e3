import { readFileSync } from "node:fs";
import { getNullableType, isInputObjectType, isListType } from "graphql";
import { describe, expect, it } from "vitest";
import { createLoginLimits, FAILURES_PER_ACCOUNT } from "../../server/accounts/login-limits.js";
import { ALIASES_MAX, DEPTH_MAX, GRAPHQL_BODY_MAX, TOKENS_MAX } from "../../server/api.js";
import { entities } from "../../server/database.js";
import { ANSWER_MAX } from "../../server/kit/answer-size.js";
import { columnsOf } from "../../server/kit/column.js";
import { type EntityClass } from "../../server/kit/context.js";
import { LIST_ROWS, ROWS_MAX, VALUES_MAX } from "../../server/kit/cost.js";
import {
  badInput,
  conflict,
  forbidden,
  notFound,
  SERVICE_UNAVAILABLE,
  tooLarge,
  unauthenticated,
  unavailable,
} from "../../server/kit/errors.js";
import { IDS_MAX } from "../../server/kit/filter.js";
import { PER_PAGE_DEFAULT, PER_PAGE_MAX } from "../../server/kit/list.js";
import { buildSchema } from "../../server/schema.js";

const page = readFileSync("docs/api.md", "utf8");

it.each([
  `| \`perPage\` | ${PER_PAGE_MAX} (${PER_PAGE_DEFAULT} if left out) |`,
  `a page counts as ${PER_PAGE_DEFAULT} at least, each list inside a row as ${LIST_ROWS} | ${ROWS_MAX} |`,
  `the fields of each row counted | ${VALUES_MAX} |`,
  `| answer | ${ANSWER_MAX / 1_000_000} MB |`,
  `| ids in a filter | ${IDS_MAX} |`,
  `| tokens of a document | ${TOKENS_MAX} |`,
  `| depth, aliases | ${DEPTH_MAX}, ${ALIASES_MAX} |`,
  `| body | ${GRAPHQL_BODY_MAX / 1024} KiB |`,
])("7.9 docs/api.md has the limit as the server does: %s", (line) => {
  expect(page).toContain(line);
});

/** What the page says of each code: the HTTP statuses. */
const told = new Map<string, string[]>();
for (const [, codes = "", statuses = ""] of page.matchAll(/^\| (`[A-Z_`, ]+`) \| ([\d, ]+) \|/gm))
  for (const [, code = ""] of codes.matchAll(/`(\w+)`/g))
    told.set(code, [...(told.get(code) ?? []), ...statuses.split(", ")]);

it("7.9 docs/api.md has every code that errors carry, and no other", () => {
  const [, type = ""] = /type ApiErrorCode =([^;]*);/.exec(readFileSync("server/kit/errors.ts", "utf8")) ?? [];
  const ours = [...type.matchAll(/"(\w+)"/g)].map(([, code]) => code);
  expect(ours.length).toBeGreaterThan(5);
  const graphqls = ["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"];
  expect([...told.keys()].sort()).toEqual([...ours, ...graphqls, SERVICE_UNAVAILABLE, "INTERNAL_SERVER_ERROR"].sort());
});

it.each([
  badInput("perPage", "It is wrong."),
  notFound("flow", "1"),
  conflict("It has changed."),
  tooLarge("perPage", "It is too much."),
  unauthenticated(),
  unavailable(),
  forbidden("Not now."),
])("7.9 docs/api.md has the HTTP status of an error as the server does: $extensions.code", ({ extensions }) => {
  const { status = 200 } = (extensions.http ?? {}) as { status?: number };
  expect(told.get(String(extensions.code))).toContain(String(status));
});

it("7.9 docs/api.md has the HTTP status of a closed sign-in as the server does", async () => {
  const attempt = { account: "a", address: "192.0.2.1", tries: FAILURES_PER_ACCOUNT + 1 };
  const error = await createLoginLimits()
    .attempt(attempt, async () => true)
    .catch((refused) => refused);
  expect(told.get(error.extensions.code)).toContain(String(error.extensions.http.status));
});

describe("What docs/api.md says of null", () => {
  const [, rules = ""] = /^## Null$(.*?)^## /ms.exec(page) ?? [];
  const [inputs = "", filters = ""] = ["In an input ", "In a filter null"].map(
    (begin) => rules.split(`- ${begin}`)[1]?.split("\n- ")[0],
  );
  const named = (text: string) => [...new Set([...text.matchAll(/`(\w+)`/g)].map(([, name]) => name))].sort();
  const filtered = entities.flatMap((entity) => columnsOf(entity as EntityClass)).filter(({ filter }) => filter);
  const having = (option: "refusesNull" | "default") =>
    filtered
      .filter(({ filter }) => typeof filter === "object" && filter[option] !== undefined)
      .map(({ property }) => property);

  it("7.9 7.7 names every list of an input that refuses it", () => {
    const fields = Object.values(buildSchema().getTypeMap()).flatMap((type) =>
      isInputObjectType(type) && type.name.endsWith("Input") ? Object.values(type.getFields()) : [],
    );
    const lists = fields.filter(({ type }) => isListType(getNullableType(type))).map(({ name }) => name);
    expect(named(inputs)).toEqual([...new Set(lists)].sort());
  });

  it("7.9 7.7 names every condition that refuses it, and every one that it switches off", () => {
    const [refused = "", switchedOff = ""] = filters.split("A filter that applies unasked");
    expect(named(refused)).toEqual([...new Set(having("refusesNull"))].sort());
    expect(named(switchedOff)).toEqual([...new Set(having("default"))].sort());
  });
});
