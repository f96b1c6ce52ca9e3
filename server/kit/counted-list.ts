import { keyOf } from "./column.js";
import { type Condition, type Where } from "./condition.js";
import { type EntityClass } from "./context.js";
import { type Counted, type CounterTable, countedOf } from "./counters.js";
import { momentOf } from "./id.js";

/** A time in Unix milliseconds, from the first to before the last; null: open. */
export interface Time {
  from: number | null;
  to: number | null;
}

/** A list of facts whose conditions the counters know: columns that are counted, and a time. */
export interface CountedList {
  counted: Counted;
  counter: CounterTable;
  /** Conditions of equality. */
  equal: Condition[];
  time: Time;
  /** The index in which such facts lie side by side in list order; none: the primary key. */
  index: string[] | undefined;
}

/** How a list is counted; undefined when the counters do not know all of its conditions. */
export function countedList(entity: EntityClass, where: Where, index: string[] | undefined): CountedList | undefined {
  const counted = countedOf(entity);
  if (!counted) return undefined;
  const [equal, time] = [[] as Condition[], { from: null, to: null } as Time];
  for (const condition of where) {
    if ("any" in condition) return undefined;
    const isKey = condition.property === keyOf(entity);
    if (condition.is === "=") equal.push(condition);
    else if (isKey && condition.is === ">=") time.from = momentOf(String(condition.value)).getTime();
    else if (isKey && condition.is === "<") time.to = momentOf(String(condition.value)).getTime();
    else return undefined;
  }
  const asked = equal.map(({ property }) => property);
  const fitting = counted.tables.filter(({ by }) => by.every((property) => asked.includes(property)));
  const counter = fitting.reduce((best, table) => (table.by.length > best.by.length ? table : best));
  const known = asked.every((property) => counter.by.includes(property) || counted.within.includes(property));
  return known ? { counted, counter, equal, time, index } : undefined;
}

/** All facts of a time. */
export function countedIn(entity: EntityClass, time: Time): CountedList {
  const list = countedList(entity, [], undefined);
  if (!list) throw new Error(`${entity.name} is not counted.`);
  return { ...list, time };
}
