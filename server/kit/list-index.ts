import { keyOf, type ListIndex, listIndexesOf } from "./column.js";
import { type Condition, type Where } from "./condition.js";
import { type EntityClass } from "./context.js";
import { countedOf } from "./counters.js";

/**
 * The index in which the rows of a list lie side by side, in list order: the one of most columns that are asked for.
 * What is not counted names few rows (a uid, a click), so its index comes first.
 *
 * @returns its properties; undefined: the primary key, or what the database chooses.
 */
export function indexFor(entity: EntityClass, where: Where): string[] | undefined {
  const key = keyOf(entity);
  const asked = where.filter((part): part is Condition => !("any" in part) && part.property !== key);
  if (asked.some(({ is }) => is === "in")) return undefined;
  const counted = countedOf(entity)?.columns ?? [];
  const rare = asked.map(({ property }) => property).filter((property) => !counted.includes(property));
  const fits = ({ by }: ListIndex) =>
    rare.length > 0
      ? by.length === 1 && rare.includes(by[0] as string)
      : by.every((property) => asked.some((condition) => condition.property === property));
  return listIndexesOf(entity)
    .filter(fits)
    .reduce<ListIndex | undefined>(
      (best, index) => (best && best.by.length >= index.by.length ? best : index),
      undefined,
    )?.properties;
}

/** The list index by just these columns. */
export function indexBy(entity: EntityClass, ...by: string[]): string[] {
  const found = listIndexesOf(entity).find((index) => JSON.stringify(index.by) === JSON.stringify(by));
  if (!found) throw new Error(`${entity.name} has no list index by ${by.join(" and ") || "its key alone"}.`);
  return found.properties;
}
