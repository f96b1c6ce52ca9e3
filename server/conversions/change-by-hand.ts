import { type EntityManager } from "@mikro-orm/sql";
import { type ConversionStatus } from "../catalog/conversion-status.js";
import { insertRows } from "../kit/insert-rows.js";
import { count } from "../kit/tally.js";
import { giveWay, writeTransaction } from "../kit/transaction.js";
import { Conversion } from "./conversion.js";
import { ConversionChange, type ConversionChangeRow } from "./conversion-change.js";
import { type Identity, readForChange, storeChanged } from "./conversion-rows.js";
import { valuesOf } from "./conversion-values.js";
import { partsOf, say, show } from "./part.js";
import { touch } from "./touch.js";

/** Conversions of one transaction: few enough that postbacks for them do not wait long. */
const TOGETHER_MAX = 500;

/** What somebody says of conversions. */
export interface HandChange {
  status: ConversionStatus;
  userId: number;
  note: string | null;
}

/** A conversion to be changed, and the arrival of that change. */
export type HandTarget = Identity & { id: string; arrival: string };

/** How many conversions were changed, had the status already, or have another that arrived later. */
export interface HandResult {
  changed: number;
  unchanged: number;
  overtaken: number;
}

/**
 * Sets the status of conversions by hand. Each change is an arrival like a postback's: what arrives later wins over it, what
 * arrived before and is processed later does not, even where the status was the same already.
 *
 * Some at a time, each transaction with its history and counts: when one fails, those before it stay done, and the same
 * again does the rest.
 */
export async function changeByHand(em: EntityManager, targets: HandTarget[], change: HandChange): Promise<HandResult> {
  const result: HandResult = { changed: 0, unchanged: 0, overtaken: 0 };
  for (let first = 0; first < targets.length; first += TOGETHER_MAX) {
    if (first > 0) await giveWay();
    const some = targets.slice(first, first + TOGETHER_MAX);
    const outcomes = await writeTransaction(em, (own) => changeTogether(own, some, change));
    for (const outcome of outcomes) result[outcome] += 1;
  }
  return result;
}

async function changeTogether(
  em: EntityManager,
  targets: HandTarget[],
  { status, userId, note }: HandChange,
): Promise<(keyof HandResult)[]> {
  const conversions = await readForChange(em, targets);
  const history: ConversionChangeRow[] = [];
  const outcomes = targets.map((target): keyof HandResult => {
    const conversion = conversions.get(target.id);
    // Another conversion has taken it over a moment ago.
    if (!conversion) return "overtaken";
    const before = valuesOf(conversion);
    count(em, Conversion, [conversion], -1);
    const parts = partsOf(conversion);
    say(parts.own, { status: { status, over: "everything" }, revenue: null, currency: null }, target.arrival);
    show(conversion, parts);
    const isChanged = conversion.status !== before.status;
    if (isChanged) touch(conversion, target.arrival);
    count(em, Conversion, [conversion]);
    const isOvertaken = conversion.status !== status;
    const outcome = isOvertaken ? "overtaken" : isChanged ? "changed" : "unchanged";
    if (outcome !== "unchanged" || note !== null) {
      const { arrival: id } = target;
      const change = isChanged ? { before, after: valuesOf(conversion) } : null;
      const said = { status, revenue: null, currency: null };
      history.push({ ...said, id, conversionId: conversion.id, applied: !isOvertaken, change, userId, note });
    }
    return outcome;
  });
  await storeChanged(em, conversions.values());
  await insertRows(em, ConversionChange, history);
  return outcomes;
}
