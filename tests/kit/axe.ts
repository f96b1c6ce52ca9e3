import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Of a colour scheme only this can be wrong; all else of a page is the same in the other. */
export const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/** What axe objects to on a page, in words: the rule, and where. @param rules  left out: all it has. */
export async function violations(page: Page, rules?: string[]): Promise<string[]> {
  return (await found(page, rules)).flatMap(inWords);
}

/** What it calls critical or serious, as in a menu over the page, which is no part of any landmark. */
export async function graveViolations(page: Page): Promise<string[]> {
  return (await found(page)).filter(({ impact }) => impact === "critical" || impact === "serious").flatMap(inWords);
}

interface Violation {
  id: string;
  help: string;
  impact: string;
  nodes: { target: string[]; failureSummary: string }[];
}

async function found(page: Page, rules?: string[]): Promise<Violation[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  await page.evaluate(allFaded);
  const options = { resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}) };
  const result = await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`);
  return (result as { violations: Violation[] }).violations;
}

/** Runs in the page: waits until all colours are those that stay. */
function allFaded(): Promise<unknown> {
  const ending = document
    .getAnimations()
    .filter(({ effect, playState }) => playState === "running" && effect?.getComputedTiming().iterations !== Infinity);
  return Promise.all(ending.map(({ finished }) => finished.catch(() => {})));
}

function inWords({ id, help, nodes }: Violation): string[] {
  return nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(" ")} ${failureSummary}`);
}
