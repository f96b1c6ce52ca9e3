import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ALIASES_MAX, DEPTH_MAX, GRAPHQL_BODY_MAX, TOKENS_MAX } from "../../server/api.js";
import { IDS_MAX } from "../../server/kit/filter.js";
import { PER_PAGE_DEFAULT, PER_PAGE_MAX } from "../../server/kit/list.js";
import { ROWS_MAX } from "../../server/kit/resource.js";

const page = readFileSync("docs/api.md", "utf8");

it.each([
  `| \`perPage\` | ${PER_PAGE_MAX} (${PER_PAGE_DEFAULT} if left out) |`,
  `a list counts as ${PER_PAGE_DEFAULT} at least | ${ROWS_MAX} |`,
  `| ids in a filter | ${IDS_MAX} |`,
  `| tokens of a document | ${TOKENS_MAX} |`,
  `| depth, aliases | ${DEPTH_MAX}, ${ALIASES_MAX} |`,
  `| body | ${GRAPHQL_BODY_MAX / 1024} KiB |`,
])("7.9 docs/api.md has the limit as the server does: %s", (line) => {
  expect(page).toContain(line);
});

it("7.9 docs/api.md has every code that the server's errors carry", () => {
  const [, type = ""] = /type ApiErrorCode =([^;]*);/.exec(readFileSync("server/kit/errors.ts", "utf8")) ?? [];
  const codes = [...type.matchAll(/"(\w+)"/g)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(5);
  for (const code of [...codes, "SERVICE_UNAVAILABLE", "INTERNAL_SERVER_ERROR"]) expect(page).toContain(`\`${code}\``);
});
