import { type EntityManager } from "@mikro-orm/sql";
import { isSqlite } from "./column-types.js";
import { MONEY_SCALE } from "./money.js";
import { type Table } from "./table.js";

/**
 * Sums of amounts, exact however many and large these are. A 64-bit integer holds the sum of 92 of the largest amounts; beyond
 * it MySQL refuses and SQLite fails or goes on with a float. So a sum is kept in two columns: how many whole ones of its
 * currency, and the rest in the smallest unit. Both are only ever added to, and may each hold any part of the sum.
 *
 * No part can overflow. An amount has fewer than 10⁹ whole ones and its rest is less than 10⁸, and 9.2 × 10⁹ times 10⁹ fit
 * into 64 bits. One row of a counter table counts at most 2³¹ facts, since that is what its number of them holds, so its parts
 * stay under 2³¹ × 10⁹ < 2⁶¹. Rows are added up as decimals without end by MySQL; SQLite adds up those of 9.2 billion facts of
 * the largest amount, each by itself or in one row.
 */
const UNIT = 10n ** BigInt(MONEY_SCALE);

/** The properties in which the sum of a property is kept: the rest, under its own name, and the whole ones. */
export function partsOf(property: string): [rest: string, whole: string] {
  return [property, `${property}Whole`];
}

/** An amount in parts, in the order of `partsOf`. */
export function splitSum(amount: bigint): [rest: bigint, whole: bigint] {
  return [amount % UNIT, amount / UNIT];
}

/** @param rest, whole  whole numbers as the database answers them. */
export function joinSum(rest: unknown, whole: unknown): bigint {
  return BigInt(String(rest)) + BigInt(String(whole)) * UNIT;
}

/** A column of a counter table that keeps a part of a sum, and the same part of a fact's amount, as SQL. */
export interface SumPart {
  column: string;
  ofFact: string;
}

export function sumParts(em: EntityManager, counter: Table, property: string): SumPart[] {
  const divide = isSqlite(em.getPlatform()) ? "/" : "div";
  const amount = counter.column(property);
  return partsOf(property).map((part, index) => ({
    column: counter.column(part),
    ofFact: `${amount} ${index === 0 ? "%" : divide} ${UNIT}`,
  }));
}
