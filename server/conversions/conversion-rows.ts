import { type EntityManager } from "@mikro-orm/sql";
import { Click } from "../clicks/click.js";
import { type Condition } from "../kit/condition.js";
import { insertRows } from "../kit/insert-rows.js";
import { type Direction, readRows } from "../kit/rows.js";
import { CONVERSION_KEY, Conversion, type ConversionRow } from "./conversion.js";
import { ConversionChange } from "./conversion-change.js";
import { VALUES } from "./conversion-values.js";
import { type ConversionReport, Family, type Moved } from "./family.js";
import { PostbackLog } from "./postback-log.js";

const IDENTITY = ["clickHash", "goalSentKey", "uidKey"] as const;
/** What tells conversions apart. Absent counts as a value: an empty text, since a column without one would let repeats in. */
export type Identity = Pick<Conversion, (typeof IDENTITY)[number]>;

/** What may change of a conversion. */
const CHANGING = [...VALUES, ...VALUES.map((value) => `${value}From`), CONVERSION_KEY, "uidKey", "parts", "updatedAt"];

/**
 * Lets one transaction at a time record what names these clicks: which conversion a postback means depends on what others
 * for its click have made. SQLite has one writer anyway.
 */
export async function lockClicks(em: EntityManager, reports: ConversionReport[]): Promise<void> {
  const ids = [...new Set(reports.map(({ clickHash }) => clickHash))].sort();
  await readRows(em, Click, { where: [{ property: "id", is: "in", value: ids }], only: ["id"], lock: true });
}

/** Which conversions a postback has to do with: those of its click with its goal. */
export function familyOf({ clickHash, postback }: ConversionReport): string {
  return JSON.stringify([clickHash, postback.goal ?? ""]);
}

/** The conversions that postbacks have to do with, by `familyOf`, locked until the caller's transaction ends. */
export async function readFamilies(em: EntityManager, reports: ConversionReport[]): Promise<Map<string, Family>> {
  const any = new Map<string, Condition[]>();
  for (const { clickHash, postback } of reports) {
    const { goal, uid } = postback;
    const identity = { clickHash, goalSentKey: goal ?? "", uidKey: uid ?? "" };
    // Only Keitaro's path has a conversion taken over by another, and it has no goals.
    const asked = IDENTITY.filter((property) => goal !== null || property !== "uidKey");
    const where = asked.map((property): Condition => ({ property, is: "=", value: identity[property] }));
    any.set(JSON.stringify(where), where);
  }
  const rows = await readLocked(em, [...any.values()]);
  const byFamily = Map.groupBy(rows, ({ clickHash, goalSentKey }) => JSON.stringify([clickHash, goalSentKey]));
  return new Map(reports.map(familyOf).map((name) => [name, new Family(byFamily.get(name) ?? [])]));
}

/**
 * Conversions to be changed, by id, locked until the caller's transaction ends; in the order of their identities, so that of
 * several who take the same ones none waits for another in a circle. One that is there no longer is left out.
 *
 * @param conversions  as they were a moment ago: a postback may have given one a uid since.
 */
export async function readForChange(
  em: EntityManager,
  conversions: (Identity & { id: string })[],
): Promise<Map<string, ConversionRow>> {
  const any = conversions.map((identity) =>
    IDENTITY.map((property): Condition => ({ property, is: "=", value: identity[property] })),
  );
  const found = new Map((await readLocked(em, any)).map((row) => [row.id, row]));
  const missing = conversions.filter(({ id }) => !found.has(id)).map(({ id }) => id);
  const renamed = await readLocked(em, missing.length > 0 ? [[{ property: "id", is: "in", value: missing }]] : []);
  return new Map([...found.values(), ...renamed].map((row) => [row.id, row]));
}

async function readLocked(em: EntityManager, any: Condition[][]): Promise<ConversionRow[]> {
  if (any.length === 0) return [];
  const order = IDENTITY.map((property): [string, Direction] => [property, "asc"]);
  return readRows(em, Conversion, { where: [{ any }], order, lock: true });
}

/** Writes what was changed of them, in the same transaction. */
export function storeChanged(em: EntityManager, conversions: Iterable<ConversionRow>): Promise<void> {
  return insertRows(em, Conversion, [...conversions], { known: { write: CHANGING } });
}

/** Takes out conversions that others have taken over. */
export async function removeConversions(em: EntityManager, conversions: ConversionRow[]): Promise<void> {
  if (conversions.length === 0) return;
  await em.nativeDelete(Conversion, { id: { $in: conversions.map(({ id }) => id) } });
}

/** Lets history and log name the conversion that what they say went over to. */
export async function moveEntries(em: EntityManager, { click, from, to, all }: Moved): Promise<void> {
  const where: Condition[] = [
    { property: "clickKey", is: "=", value: click },
    { property: "conversionId", is: "=", value: from },
  ];
  const entries = await readRows(em, PostbackLog, { where, only: ["id", "reading"] });
  const hasUid = ({ reading }: Pick<PostbackLog, "reading">) =>
    (reading ?? []).some(({ parameter, means }) => parameter === "uid" && means !== undefined);
  const ids = entries.filter((entry) => all || !hasUid(entry)).map(({ id }) => id);
  const said = all ? { conversionId: from } : { id: { $in: ids } };
  await em.nativeUpdate(PostbackLog, { id: { $in: ids } }, { conversionId: to });
  await em.nativeUpdate(ConversionChange, said, { conversionId: to });
}
