import { type EntityManager } from "@mikro-orm/sql";
import { ConversionStatus } from "../catalog/conversion-status.js";
import { CURRENCY_DEFAULT } from "../catalog/currency.js";
import { type FlowTerms } from "../catalog/flow-terms.js";
import { momentOf } from "../kit/id.js";
import { insertRows } from "../kit/insert-rows.js";
import { formatMoney } from "../kit/money.js";
import { count } from "../kit/tally.js";
import { Conversion, type ConversionRow } from "./conversion.js";
import { ConversionChange, type ConversionChangeRow } from "./conversion-change.js";
import { changeOf, hasMoved, timeOf } from "./conversion-difference.js";
import { type Identity, keyOf, storeChanged, storeNew } from "./conversion-rows.js";
import { type Change } from "./conversion-values.js";
import { type Outcome } from "./postback-answer.js";
import { postbackWarnings } from "./postback-warnings.js";
import { type Postback } from "./read-postback.js";
import { takeOver, touch } from "./take-over.js";
import { type Verdict, verdict } from "./verdict.js";

/** A postback for a click that we have, at its arrival. */
export interface ConversionReport {
  postback: Postback;
  clickHash: string;
  flow: FlowTerms;
  /** When its values arrived, as an id: arrivals compare by it. */
  arrival: string;
  /** Id of the postback's log entry. */
  entryId: string;
  /** What should be mended, as far as it is known. */
  warnings: string[];
}

/**
 * Records conversions, or updates those of the same click, goal as sent and uid. Runs in the caller's
 * `writeTransaction`, which counts them.
 *
 * Of two postbacks for one the one that arrived later wins, whichever is processed first.
 *
 * @param reports  in the order of their identities, so that two transactions never wait for each other in a circle.
 */
export async function recordConversions(em: EntityManager, reports: ConversionReport[]): Promise<Outcome[]> {
  if (reports.length === 0) return [];
  const conversions = await storeNew(em, reports.map(newConversion));
  const changed = new Set<ConversionRow>();
  const changes: (ConversionChangeRow | null)[] = [];
  const recorded = reports.map((report) => {
    const conversion = conversions.get(keyOf(identityOf(report))) as ConversionRow;
    const isNew = conversion.id === report.entryId;
    const before = isNew ? null : { ...conversion };
    if (!isNew) count(em, Conversion, [conversion], -1);
    const reached = isNew ? verdict("RECORDED") : update(conversion, report);
    count(em, Conversion, [conversion]);
    if (!isNew) changed.add(conversion);
    const change = isNew || reached.code === "UPDATED" ? changeOf(before, conversion) : null;
    changes.push(reached.code === "REPEATED" ? null : newChange(report, conversion, change));
    return {
      verdict: reached,
      conversionId: conversion.id,
      change,
      warnings: [...report.warnings, ...warningsOf(report)],
    };
  });
  await storeChanged(em, changed);
  await insertRows(
    em,
    ConversionChange,
    changes.filter((change) => change !== null),
  );
  return recorded;
}

/** What a postback said, for the history; of the first also what the defaults said. */
function newChange(
  { entryId, postback }: ConversionReport,
  conversion: ConversionRow,
  change: Change | null,
): ConversionChangeRow {
  const { status, revenue, currency } = conversion.id === entryId ? conversion : postback;
  return { id: entryId, conversionId: conversion.id, status, revenue, currency, applied: change !== null, change };
}

function identityOf({ clickHash, postback }: ConversionReport): Identity {
  return { clickHash, goalSentKey: postback.goal ?? "", uidKey: postback.uid ?? "" };
}

function newConversion(report: ConversionReport): ConversionRow {
  const { postback, flow, arrival, entryId } = report;
  const goal = postback.goal === null ? undefined : flow.goals.get(postback.goal);
  const from = (value: unknown) => (value === null ? null : arrival);
  return {
    id: entryId,
    ...identityOf(report),
    flowId: flow.flow.id,
    goal: goal?.key ?? null,
    other: goal === undefined,
    status: postback.status ?? postback.defaultStatus ?? ConversionStatus.PENDING,
    revenue: postback.revenue ?? goal?.revenue ?? formatMoney(0n),
    currency: postback.currency ?? goal?.currency ?? CURRENCY_DEFAULT,
    statusFrom: from(postback.status),
    revenueFrom: from(postback.revenue),
    currencyFrom: from(postback.currency),
    firstPostbackId: arrival,
    updatedAt: momentOf(entryId),
  };
}

/** Takes over what the postback names, unless a later one named it before; the first arrival says when it counts. */
function update(conversion: ConversionRow, { postback, arrival, entryId }: ConversionReport): Verdict {
  const before = { ...conversion };
  const isEarlier = arrival < conversion.firstPostbackId;
  const { changes, superseded } = takeOver(conversion, postback, arrival);
  if (isEarlier) conversion.firstPostbackId = arrival;
  if (hasMoved(before, conversion)) changes.push(`time ${timeOf(before)} → ${timeOf(conversion)}`);
  if (isEarlier || changes.length > 0) touch(conversion, entryId);
  if (changes.length > 0) return verdict("UPDATED", changes.join(", "));
  return superseded ? verdict("SUPERSEDED") : verdict("REPEATED");
}

function warningsOf({ postback: { goal }, flow: { goals } }: ConversionReport): string[] {
  return goal === null || goals.has(goal) ? [] : [postbackWarnings.goalUndefined(goal)];
}
