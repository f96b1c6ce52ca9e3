import { type EntityManager } from "@mikro-orm/sql";
import { type Condition } from "../kit/condition.js";
import { insertRows } from "../kit/insert-rows.js";
import { type Direction, readIds, readRows } from "../kit/rows.js";
import { CONVERSION_KEY, Conversion, type ConversionRow } from "./conversion.js";
import { VALUES } from "./conversion-values.js";

const IDENTITY = ["clickHash", "goalSentKey", "uidKey"] as const;
/** What tells conversions apart. Absent counts as a value: an empty text, since a column without one would let repeats in. */
export type Identity = Pick<Conversion, (typeof IDENTITY)[number]>;

/** What may change of a conversion. */
const CHANGING = [...VALUES, ...VALUES.map((value) => `${value}From`), CONVERSION_KEY, "updatedAt"];

/**
 * Stores conversions, where there is none of the same identity yet: the insert that meets the unique key does nothing, so there
 * is never a second one, however many arrive at once. Which ones are new is asked by their ids: how many rows an insert
 * affected depends on the server's settings.
 *
 * @returns what is stored now, as `readForChange` would.
 */
export async function storeNew(em: EntityManager, conversions: ConversionRow[]): Promise<Map<string, ConversionRow>> {
  await insertRows(em, Conversion, conversions, { known: "leave" });
  const made = await readIds(
    em,
    Conversion,
    conversions.map(({ id }) => id),
  );
  const stored = await readForChange(
    em,
    conversions.filter(({ id }) => !made.has(id)),
  );
  for (const conversion of conversions) if (made.has(conversion.id)) stored.set(keyOf(conversion), conversion);
  return stored;
}

/**
 * Conversions to be changed, by `keyOf`, locked until the caller's transaction ends; in the order of their identities, so
 * that of several who take the same ones none waits for another in a circle.
 */
export async function readForChange(em: EntityManager, identities: Identity[]): Promise<Map<string, ConversionRow>> {
  if (identities.length === 0) return new Map();
  const distinct = new Map(identities.map((identity) => [keyOf(identity), identity]));
  const any = [...distinct.values()].map((identity) =>
    IDENTITY.map((property): Condition => ({ property, is: "=", value: identity[property] })),
  );
  const order = IDENTITY.map((property): [string, Direction] => [property, "asc"]);
  const stored = await readRows(em, Conversion, { where: [{ any }], order, lock: true });
  return new Map(stored.map((conversion) => [keyOf(conversion), conversion]));
}

/** Writes what was changed of them, in the same transaction. */
export function storeChanged(em: EntityManager, conversions: Iterable<ConversionRow>): Promise<void> {
  return insertRows(em, Conversion, [...conversions], { known: { write: CHANGING } });
}

export function keyOf({ clickHash, goalSentKey, uidKey }: Identity): string {
  return JSON.stringify([clickHash, goalSentKey, uidKey]);
}
