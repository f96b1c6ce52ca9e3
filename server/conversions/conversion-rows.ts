import { type EntityManager } from "@mikro-orm/sql";
import { type Condition } from "../kit/condition.js";
import { insertRows } from "../kit/insert-rows.js";
import { type Direction, readRows } from "../kit/rows.js";
import { CONVERSION_KEY, Conversion } from "./conversion.js";
import { VALUES } from "./conversion-values.js";

const IDENTITY = ["clickHash", "goalSentKey", "uidKey"] as const;
/** What tells conversions apart. Absent counts as a value: an empty text, since a column without one would let repeats in. */
export type Identity = Pick<Conversion, (typeof IDENTITY)[number]>;

/** What may change of a conversion. */
const CHANGING = [...VALUES, ...VALUES.map((value) => `${value}From`), CONVERSION_KEY, "updatedAt"];

/**
 * Conversions to be changed, by `keyOf`, locked until the caller's transaction ends; in the order of their identities, so
 * that of several who take the same ones none waits for another in a circle.
 */
export async function readForChange(em: EntityManager, identities: Identity[]): Promise<Map<string, Conversion>> {
  const distinct = new Map(identities.map((identity) => [keyOf(identity), identity]));
  const any = [...distinct.values()].map((identity) =>
    IDENTITY.map((property): Condition => ({ property, is: "=", value: identity[property] })),
  );
  const order = IDENTITY.map((property): [string, Direction] => [property, "asc"]);
  const stored = await readRows(em, Conversion, { where: [{ any }], order, lock: true });
  return new Map(stored.map((conversion) => [keyOf(conversion), conversion]));
}

/** Writes what was changed of them, in the same transaction. */
export function storeChanged(em: EntityManager, conversions: Iterable<Conversion>): Promise<void> {
  return insertRows(em, Conversion, [...conversions], { known: CHANGING });
}

export function keyOf({ clickHash, goalSentKey, uidKey }: Identity): string {
  return JSON.stringify([clickHash, goalSentKey, uidKey]);
}
