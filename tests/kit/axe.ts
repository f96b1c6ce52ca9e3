import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Of a colour scheme only this can be wrong; all else of a page is the same in the other. */
export const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/** What axe objects to on a page, in words: the rule, and where. @param rules  left out: all it has. */
export async function violations(page: Page, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const options = { resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}) };
  const found = await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`);
  const { violations: all } = found as {
    violations: { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }[];
  };
  return all.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(" ")} ${failureSummary}`),
  );
}
