import { readdirSync, readFileSync } from "node:fs";
import { parser, RuleType } from "markdown-to-jsx/react";
import { describe, expect, it } from "vitest";
import { helpOf, helpPages } from "../../admin/help/help-pages.ts";
import { postbackCodes } from "../../server/conversions/postback-codes.js";

const texts = new Map(
  readdirSync("docs/help").map((file) => [file.replace(/\.md$/, ""), readFileSync(`docs/help/${file}`, "utf8")]),
);
const headings = new Map([...texts].map(([slug, text]) => [slug, headingsOf(text)]));

describe("The help", () => {
  it("lists every page there is, under its own title", () => {
    const titles = helpPages.map(({ slug }) => ({ slug, title: headings.get(slug)?.[0]?.text }));
    expect(titles).toEqual(helpPages);
    expect([...texts.keys()].sort()).toEqual(helpPages.map(({ slug }) => slug).sort());
  });

  it.each([...texts.keys()])("has one title and no leap between headings: %s", (slug) => {
    const levels = headings.get(slug)?.map(({ level }) => level) ?? [];
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
  });

  it.each([...texts])("has no link that leads nowhere, here or on GitHub: %s", (slug, text) => {
    const links = [...text.matchAll(/\]\((.*?)\)/g)].map(([, href = ""]) => href);
    expect(links.filter((href) => !leadsSomewhere(slug, href))).toEqual([]);
    for (const heading of headings.get(slug) ?? []) expect(heading.id).toBe(gitHubId(heading.text));
  });

  it("explains every screen, at a heading that is there", () => {
    const screens = ["dashboard", "journey", "password", "postbackLogs/test", ...resources()];
    expect(Object.keys(helpOf).sort()).toEqual(screens.sort());
    for (const place of Object.values(helpOf)) {
      const ids = headings.get(place.slug)?.map(({ id }) => id);
      expect(ids).toContain("heading" in place ? place.heading : ids?.[0]);
    }
  });

  it("says what to do about every refusal of a postback, and names no code that there is not", () => {
    const [, issues = ""] = texts.get("monitoring-and-reports")?.split("\n## Common issues\n") ?? [];
    const named = issues.match(/(?<=`)[A-Z]+_?[A-Z_]+(?=`)/g) ?? [];
    const refusals = Object.entries(postbackCodes).filter(([, { status }]) => status >= 400);
    expect(named).toEqual(expect.arrayContaining(refusals.map(([code]) => code)));
    const rows = issues.split("\n").filter((line) => /^\| \d/.test(line));
    for (const row of rows) {
      for (const [, status, code = ""] of row.matchAll(/(\d{3}) `([A-Z_]+)`/g)) {
        expect(postbackCodes[code as keyof typeof postbackCodes]?.status, code).toBe(Number(status));
      }
    }
  });
});

function leadsSomewhere(slug: string, href: string): boolean {
  const [, page = slug, id] = /^(?:\.\/([\w-]+)\.md)?(?:#(.+))?$/.exec(href) ?? [];
  return headings.get(page)?.some((heading) => !id || heading.id === id) ?? false;
}

/** The headings of a page, with the ids that the admin gives them. */
function headingsOf(text: string): { level: number; text: string; id: string }[] {
  return parser(text).flatMap((node) =>
    node.type === RuleType.heading
      ? [
          {
            level: node.level,
            id: node.id,
            text: node.children.map((part) => ("text" in part ? part.text : "")).join(""),
          },
        ]
      : [],
  );
}

function gitHubId(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\w -]/g, "")
    .replaceAll(" ", "-");
}

/** The lists of the schema, each of which has a screen. */
function resources(): string[] {
  return [...readFileSync("schema.graphql", "utf8").matchAll(/^ {2}(\w+)\([^)]*\): \w+Page!/gm)].map(
    ([, name = ""]) => name,
  );
}
