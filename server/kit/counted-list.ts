import { keyOf } from "./column.js";
import { type Condition, type Where } from "./condition.js";
import { type EntityClass } from "./context.js";
import { type Counted, type CounterTable, countedOf } from "./counters.js";
import { momentOf } from "./id.js";
import { indexFor } from "./list-index.js";

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
  /** When its rows were changed last; null: at any time. */
  change: Time | null;
  /** The index in which such facts lie side by side in list order; none: the primary key. */
  index: string[] | undefined;
}

/** How a list is counted; undefined when the counters do not know all of its conditions. */
export function countedList(entity: EntityClass, where: Where): CountedList | undefined {
  const counted = countedOf(entity);
  if (!counted) return undefined;
  const equal: Condition[] = [];
  const [time, change] = [newTime(), newTime()];
  for (const condition of where) {
    if ("any" in condition) return undefined;
    const { property, is, value } = condition;
    if (is === "=") equal.push(condition);
    else if (property === keyOf(entity) && bound(time, is, momentOf(String(value)))) continue;
    else if (property === counted.changed && bound(change, is, value as Date)) continue;
    else return undefined;
  }
  const asked = equal.map(({ property }) => property);
  const fitting = counted.tables.filter(({ by }) => by.every((property) => asked.includes(property)));
  const counter = fitting.reduce((best, table) => (table.by.length > best.by.length ? table : best));
  const known = asked.every((property) => counter.by.includes(property) || counted.within.includes(property));
  const isChange = change.from !== null || change.to !== null;
  const index = indexFor(entity, equal);
  return known ? { counted, counter, equal, time, change: isChange ? change : null, index } : undefined;
}

/** All facts of a time. */
export function countedIn(entity: EntityClass, time: Time): CountedList {
  const list = countedList(entity, []);
  if (!list) throw new Error(`${entity.name} is not counted.`);
  return { ...list, time };
}

function newTime(): Time {
  return { from: null, to: null };
}

/** Takes a condition as an end of a time. @returns whether it is one */
function bound(time: Time, is: Condition["is"], moment: Date): boolean {
  if (is === ">=") time.from = moment.getTime();
  else if (is === "<") time.to = moment.getTime();
  else return false;
  return true;
}
