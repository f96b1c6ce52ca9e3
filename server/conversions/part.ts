import { ConversionStatus } from "../catalog/conversion-status.js";
import { type ConversionRow } from "./conversion.js";
import { type Part, type Parts, VALUES } from "./conversion-values.js";
import { type StatusSaid } from "./status-said.js";

const { PENDING } = ConversionStatus;

/** What is said of a conversion, by a postback or by hand; null: nothing. */
export interface Said {
  status: StatusSaid | null;
  revenue: string | null;
  currency: string | null;
}

/** The parts of a stored conversion. One whose columns say everything keeps none beside. */
export function partsOf(row: ConversionRow): Parts {
  return row.parts ? structuredClone(row.parts) : { own: plainPart(row), unnamed: null };
}

function plainPart({ firstPostbackId, statusFrom, status, ...row }: ConversionRow | Part): Part {
  const { revenue, revenueFrom, currency, currencyFrom } = row;
  return {
    firstPostbackId,
    ...{ status, statusFrom, revenue, revenueFrom, currency, currencyFrom },
    approvedFrom: null,
    decidedFrom: status === PENDING ? null : statusFrom,
    tidFrom: null,
  };
}

/** Takes over into a part what is said at an arrival, unless something that arrived later said it before. */
export function say(part: Part, { status, revenue, currency }: Said, arrival: string): void {
  const isDecision = status !== null && status.over !== "nothing" && status.status !== PENDING;
  if (isDecision) part.decidedFrom = earlier(part.decidedFrom, arrival);
  if (isDecision && status.over === "pending") part.approvedFrom = later(part.approvedFrom, arrival);
  const named = { status: status?.over === "everything" ? status.status : null, revenue, currency };
  for (const value of VALUES) {
    const said = named[value];
    if (said === null || arrival < (part[`${value}From`] ?? "")) continue;
    part[`${value}From`] = arrival;
    (part as Record<typeof value, string>)[value] = said;
  }
}

/** The same of a postback, which also may be the first. @param status  what it says where nothing else does. */
export function sayFirst(part: Part, said: Said & { status: StatusSaid }, arrival: string): void {
  if (arrival < part.firstPostbackId) {
    part.firstPostbackId = arrival;
    if (part.statusFrom === null) part.status = said.status.status;
  }
  say(part, said, arrival);
}

/**
 * Writes into a conversion what its parts say together, and the parts where its columns do not say everything. With a goal they
 * do: only Keitaro's path has more to say, and it has no goals.
 */
export function show(row: ConversionRow, { own, unnamed }: Parts): void {
  const whole = unnamed ? together(own, unnamed) : own;
  const { firstPostbackId, statusFrom, revenue, revenueFrom, currency, currencyFrom } = whole;
  Object.assign(row, {
    ...{ firstPostbackId, statusFrom, revenue, revenueFrom, currency, currencyFrom },
    status: statusOf(whole),
    parts: row.goalSentKey === "" && (unnamed || !saysAll(own)) ? { own, unnamed } : null,
  });
}

/** Whether a part had been approved or rejected when something arrived. */
export function isDecidedBefore({ decidedFrom, firstPostbackId, status, statusFrom }: Part, arrival: string): boolean {
  if (decidedFrom !== null && decidedFrom < arrival) return true;
  return statusFrom === null && status !== PENDING && firstPostbackId < arrival;
}

function statusOf({ status, statusFrom, firstPostbackId, approvedFrom }: Part): ConversionStatus {
  const isApproved = approvedFrom !== null && approvedFrom > (statusFrom ?? firstPostbackId);
  return status === PENDING && isApproved ? ConversionStatus.APPROVED : status;
}

function together(own: Part, unnamed: Part): Part {
  const [first, second] = own.firstPostbackId < unnamed.firstPostbackId ? [own, unnamed] : [unnamed, own];
  const whole = { ...first };
  for (const value of VALUES) {
    if ((second[`${value}From`] ?? "") <= (first[`${value}From`] ?? "")) continue;
    Object.assign(whole, { [value]: second[value], [`${value}From`]: second[`${value}From`] });
  }
  if (second.approvedFrom) whole.approvedFrom = later(first.approvedFrom, second.approvedFrom);
  return whole;
}

/** Whether a conversion's columns say all that its only part does. */
function saysAll(part: Part): boolean {
  const { approvedFrom, decidedFrom, tidFrom } = plainPart(part);
  return part.approvedFrom === approvedFrom && part.decidedFrom === decidedFrom && part.tidFrom === tidFrom;
}

export function earlier(one: string | null, other: string): string {
  return one !== null && one < other ? one : other;
}

function later(one: string | null, other: string): string {
  return one !== null && one > other ? one : other;
}
