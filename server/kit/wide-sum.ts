import { type EntityManager } from "@mikro-orm/sql";
import { isSqlite } from "./column-types.js";
import { type Table } from "./table.js";

/**
 * Sums of amounts, exact however many and large these are: a 64-bit integer holds the sum of 922,000 of the largest amounts,
 * and beyond it MySQL refuses and SQLite goes on with a float. So a sum is kept in two columns: how many whole units, and
 * the rest. Both are only ever added to, and may each hold any part of the sum.
 */
const UNIT = 10_000_000n;

/** The properties in which the sum of a property is kept: the rest, under its own name, and the units. */
export function partsOf(property: string): [rest: string, units: string] {
  return [property, `${property}Units`];
}

/** An amount in parts, in the order of `partsOf`. */
export function splitSum(amount: bigint): [rest: bigint, units: bigint] {
  return [amount % UNIT, amount / UNIT];
}

/** @param rest, units  whole numbers as the database answers them. */
export function joinSum(rest: unknown, units: unknown): bigint {
  return BigInt(String(rest)) + BigInt(String(units)) * UNIT;
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
