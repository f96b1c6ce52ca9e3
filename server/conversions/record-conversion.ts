import { LockMode } from "@mikro-orm/core";
import { type EntityManager } from "@mikro-orm/sql";
import { sql } from "kysely";
import { CURRENCY_DEFAULT } from "../catalog/currency.js";
import { type FlowTerms } from "../catalog/flow-terms.js";
import { isSqlite } from "../kit/column-types.js";
import { momentOf } from "../kit/id.js";
import { formatMoney } from "../kit/money.js";
import { count } from "../kit/tally.js";
import { Conversion } from "./conversion.js";
import { ConversionChange } from "./conversion-change.js";
import { ConversionStatus } from "./conversion-status.js";
import { type Verdict, verdict } from "./postback-codes.js";
import { type Postback } from "./read-postback.js";

/** What was recorded of a postback. */
export interface Recorded {
  conversionId: string;
  verdict: Verdict;
}

/** A postback for a click that we have, at its arrival. */
export interface ConversionReport {
  postback: Postback;
  clickHash: string;
  flow: FlowTerms;
  /** Id of the postback's log entry: arrivals compare by it. */
  arrival: string;
}

/**
 * Records a conversion, or updates the one of the same click, goal as sent and uid. Runs in the caller's
 * `writeTransaction`, which counts it.
 *
 * Never a second conversion for one identity, however many arrive at once: the insert that meets the unique key does
 * nothing, then the row is locked and read. Of two postbacks the one that arrived later wins, whichever is processed first.
 */
export async function recordConversion(em: EntityManager, report: ConversionReport): Promise<Recorded> {
  const { postback, arrival, flow } = report;
  await insertUnlessKnown(em, newConversion(report));
  const { clickHash, goalSentKey, uidKey } = identityOf(report);
  const conversion = await em.findOneOrFail(
    Conversion,
    { clickHash, goalSentKey, uidKey },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  const isNew = conversion.id === arrival;
  if (!isNew) count(em, Conversion, [conversion], -1);
  const outcome = isNew ? verdict("RECORDED") : update(conversion, postback, arrival);
  count(em, Conversion, [conversion]);
  if (outcome.code !== "REPEATED") {
    const { status, revenue, currency } = postback;
    em.persist(
      em.create(ConversionChange, {
        id: arrival,
        conversionId: conversion.id,
        status: isNew ? conversion.status : status,
        revenue: isNew ? conversion.revenue : revenue,
        currency: isNew ? conversion.currency : currency,
        applied: outcome.code !== "SUPERSEDED",
      } as never),
    );
  }
  return { conversionId: conversion.id, verdict: withGoalNote(outcome, postback, flow) };
}

type Identity = Pick<Conversion, "clickHash" | "goalSentKey" | "uidKey">;

/** Absent counts as a value: an empty text, since a column without a value would let repeats in. */
function identityOf({ clickHash, postback }: ConversionReport): Identity {
  return { clickHash, goalSentKey: postback.goal ?? "", uidKey: postback.uid ?? "" };
}

function newConversion(report: ConversionReport) {
  const { postback, flow, arrival } = report;
  const goal = postback.goal === null ? undefined : flow.goals.get(postback.goal);
  const from = (value: unknown) => (value === null ? null : arrival);
  return {
    id: arrival,
    ...identityOf(report),
    flowId: flow.flow.id,
    goal: goal?.key ?? null,
    other: goal === undefined,
    status: postback.status ?? ConversionStatus.PENDING,
    revenue: postback.revenue ?? goal?.revenue ?? formatMoney(0n),
    currency: postback.currency ?? goal?.currency ?? CURRENCY_DEFAULT,
    statusFrom: from(postback.status),
    revenueFrom: from(postback.revenue),
    currencyFrom: from(postback.currency),
    firstPostbackId: arrival,
    updatedAt: momentOf(arrival),
  };
}

async function insertUnlessKnown(em: EntityManager, row: ReturnType<typeof newConversion>): Promise<void> {
  const insert = em
    .getKysely<{ Conversion: typeof row }>({
      tableNamingStrategy: "entity",
      columnNamingStrategy: "property",
      convertValues: true,
    })
    .insertInto("Conversion")
    .values(row);
  await (isSqlite(em.getPlatform())
    ? insert.onConflict((conflict) => conflict.doNothing())
    : insert.onDuplicateKeyUpdate({ id: sql`id` as never })
  ).execute();
}

const FIELDS = ["status", "revenue", "currency"] as const;

/** Takes over what the postback names, unless a later one named it before. */
function update(conversion: Conversion, postback: Postback, arrival: string): Verdict {
  if (arrival < conversion.firstPostbackId) conversion.firstPostbackId = arrival;
  const changes: string[] = [];
  let superseded = false;
  for (const field of FIELDS) {
    const named = postback[field];
    if (named === null) continue;
    const from = conversion[`${field}From`];
    if (from !== null && from > arrival) {
      superseded ||= named !== conversion[field];
      continue;
    }
    conversion[`${field}From`] = arrival;
    if (named === conversion[field]) continue;
    changes.push(`${field} ${shown(conversion[field])} → ${shown(named)}`);
    (conversion as Record<typeof field, string>)[field] = named;
  }
  if (changes.length > 0) {
    conversion.updatedAt = new Date(Math.max(momentOf(arrival).getTime(), conversion.updatedAt.getTime()));
    return verdict("UPDATED", changes.join(", "));
  }
  return superseded ? verdict("SUPERSEDED") : verdict("REPEATED");
}

function shown(value: string): string {
  return Object.hasOwn(ConversionStatus, value) ? value.toLowerCase() : value;
}

function withGoalNote(outcome: Verdict, { goal }: Postback, { goals }: FlowTerms): Verdict {
  if (goal === null || goals.has(goal)) return outcome;
  const note = `It counts in "Other": the flow has no goal with the key "${goal.replace(/\p{Cc}/gu, "?")}".`;
  return { ...outcome, message: `${outcome.message} ${note}` };
}
