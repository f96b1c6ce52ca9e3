import { keyOf, listIndexesOf } from "./column.js";
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
  const fits = (leading: string[]) =>
    rare.length > 0
      ? leading.length === 1 && rare.includes(leading[0] as string)
      : leading.every((property) => asked.some((condition) => condition.property === property));
  return listIndexesOf(entity)
    .filter((index) => fits(index.slice(0, -1)))
    .reduce<string[] | undefined>((best, index) => (best && best.length >= index.length ? best : index), undefined);
}
