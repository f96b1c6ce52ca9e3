import { type EntityManager } from "@mikro-orm/sql";
import { ConversionStatus } from "../catalog/conversion-status.js";
import { excerpt } from "../kit/errors.js";
import { insertRows } from "../kit/insert-rows.js";
import { count } from "../kit/tally.js";
import { Conversion, type ConversionRow } from "./conversion.js";
import { ConversionChange, type ConversionChangeRow } from "./conversion-change.js";
import { changeOf, hasMoved, timeOf } from "./conversion-difference.js";
import { familyOf, lockClicks, moveEntries, readFamilies, removeConversions, storeChanged } from "./conversion-rows.js";
import { VALUES } from "./conversion-values.js";
import { type ConversionReport, Family, type Recorded } from "./family.js";
import { type Outcome } from "./postback-answer.js";
import { postbackWarnings } from "./postback-warnings.js";
import { touch } from "./touch.js";
import { type Verdict, verdict } from "./verdict.js";

/**
 * Records conversions, or updates those that the postbacks mean. Runs in the caller's `writeTransaction`, which counts them.
 *
 * Of two postbacks for one the one that arrived later wins, whichever is processed first. All that name one click are recorded
 * one after the other: its row is locked.
 *
 * @param reports  those for one click as they arrived.
 */
export async function recordConversions(em: EntityManager, reports: ConversionReport[]): Promise<Outcome[]> {
  if (reports.length === 0) return [];
  await lockClicks(em, reports);
  const families = await readFamilies(em, reports);
  const recorded = reports.map((report) => {
    const family = families.get(familyOf(report)) as Family;
    return { report, family, ...take(report, family) };
  });
  await storeFamilies(em, [...families.values()]);
  const ended = recorded.map((one) => ({
    ...one,
    // Not before all are recorded: what one of them made may have been taken over by another.
    conversionId: one.family.conversionOf(one.report.postback.uid).id,
  }));
  await insertRows(
    em,
    ConversionChange,
    ended.flatMap((one) => (one.verdict.code === "REPEATED" ? [] : [newChange(one)])),
  );
  return ended.map(({ report, verdict: reached, conversionId, change }) => ({
    verdict: reached,
    conversionId,
    change,
    warnings: [...report.warnings, ...warningsOf(report)],
  }));
}

interface Taken {
  verdict: Verdict;
  change: ReturnType<typeof changeOf> | null;
  recorded: Recorded;
}

/** What a postback came to; the first arrival says when a conversion counts. */
function take(report: ConversionReport, family: Family): Taken {
  const recorded = family.record(report);
  const { before, after } = recorded;
  // What comes later changes the row, and this is how it was now.
  const now = { ...after };
  if (!before)
    return { verdict: verdict("RECORDED"), change: changeOf(null, now), recorded: { ...recorded, after: now } };
  const changes = changesOf(before, after);
  if (changes.length > 0 || after.firstPostbackId < before.firstPostbackId) touch(after, report.entryId);
  const change = changes.length > 0 ? changeOf(before, now) : null;
  const reached = change
    ? verdict("UPDATED", changes.join(", "))
    : verdict(isSuperseded(recorded) ? "SUPERSEDED" : "REPEATED");
  return { verdict: reached, change, recorded: { ...recorded, after: now } };
}

/** What is different, in words: "status pending → approved". */
function changesOf(before: ConversionRow, after: ConversionRow): string[] {
  const changes = VALUES.filter((value) => before[value] !== after[value]).map(
    (value) => `${value} ${shown(before[value])} → ${shown(after[value])}`,
  );
  if (before.uidKey !== after.uidKey) changes.unshift(`uid none → ${excerpt(after.uidKey, 40)}`);
  if (hasMoved(before, after)) changes.push(`time ${timeOf(before)} → ${timeOf(after)}`);
  return changes;
}

function shown(value: string): string {
  return Object.hasOwn(ConversionStatus, value) ? value.toLowerCase() : value;
}

/** Whether something that it says is otherwise, since another postback or somebody has said so. */
function isSuperseded({ said, after }: Recorded): boolean {
  const { status, revenue, currency } = said;
  const named = { status: status.over === "nothing" ? null : status.status, revenue, currency };
  return VALUES.some((value) => named[value] !== null && named[value] !== after[value]);
}

/** Stores what became of conversions, and counts them. Those that were taken over go first: no two have one identity at a time. */
async function storeFamilies(em: EntityManager, families: Family[]): Promise<void> {
  const outcomes = families.map((family) => family.outcome());
  for (const { stored, changed, made } of outcomes) {
    count(em, Conversion, stored, -1);
    count(em, Conversion, [...changed, ...made]);
  }
  await removeConversions(
    em,
    outcomes.flatMap(({ removed }) => removed),
  );
  await storeChanged(
    em,
    outcomes.flatMap(({ changed }) => changed),
  );
  await insertRows(
    em,
    Conversion,
    outcomes.flatMap(({ made }) => made),
  );
  for (const { moved } of outcomes) if (moved) await moveEntries(em, moved);
}

/** What a postback said, for the history; of the first also what the defaults said. */
function newChange({
  report: { entryId, postback },
  recorded: { before, after, said },
  conversionId,
  change,
}: Taken & { report: ConversionReport; conversionId: string }): ConversionChangeRow {
  const { revenue, currency } = before ? postback : after;
  const named = said.status.over === "nothing" ? postback.status : said.status.status;
  const status = before ? named : after.status;
  return { id: entryId, conversionId, status, revenue, currency, applied: change !== null, change };
}

function warningsOf({ postback: { goal }, flow: { goals } }: ConversionReport): string[] {
  return goal === null || goals.has(goal) ? [] : [postbackWarnings.goalUndefined(goal)];
}
