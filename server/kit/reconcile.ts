import { type EntityManager } from "@mikro-orm/sql";
import { keyOf } from "./column.js";
import { type EntityClass } from "./context.js";
import {
  ANY_CHANGE,
  type Counted,
  type CounterTable,
  countedOf,
  DAY,
  keyOfCounter,
  type Level,
  levelsOf,
  SECOND,
  SECOND_MS,
} from "./counters.js";
import { firstIdAt } from "./id.js";
import { spanOfId, spanOfInstant } from "./span-sql.js";
import { tableOf } from "./table.js";
import { type Increment, increment } from "./tally.js";
import { joinSum, sumParts } from "./wide-sum.js";

const DAY_MS = DAY * SECOND_MS;
/** The writer in whose rows what was lacking is added. */
const REPAIRER = 0;

/** Numbers of one counter table that are not what the facts say. */
export interface Difference {
  counter: CounterTable;
  /** What has to be added to make them right. */
  missing: Increment[];
}

/** Days of UTC, in Unix milliseconds: from the start of one to the start of another. */
export interface Days {
  from: number;
  to: number;
}

/** The days, as a whole, that a time touches; where an end is left out, up to the first or last fact or counter. */
export async function daysOf(em: EntityManager, entity: EntityClass, from?: Date, to?: Date): Promise<Days> {
  const counted = wanted(entity);
  const fact = tableOf(em, counted.fact);
  const key = fact.column(keyOf(counted.fact));
  const second = (id: string) => spanOfId(em, id, SECOND);
  const ends = await em.execute<{ first: number | null; last: number | null }[]>(
    [
      `select ${second(`min(${key})`)} as first, ${second(`max(${key})`)} as last from ${fact.name}`,
      ...counted.tables.map(({ entity }) => `select min(start), max(start) from ${tableOf(em, entity).name}`),
    ].join(" union all "),
  );
  const known = ends.flatMap(({ first, last }) => [first, last]).filter((second) => second !== null);
  const first = from?.getTime() ?? Math.min(...known.map(Number)) * SECOND_MS;
  const last = (to ? to.getTime() - 1 : undefined) ?? Math.max(...known.map(Number)) * SECOND_MS;
  if (!Number.isFinite(first) || !Number.isFinite(last)) return { from: 0, to: 0 };
  return { from: first - (first % DAY_MS), to: last - (last % DAY_MS) + DAY_MS };
}

/**
 * Compares the counters of a noun with its facts, a day at a time, each in one statement and so of one moment: right
 * while facts come in.
 */
export async function* differences(em: EntityManager, entity: EntityClass, days: Days): AsyncGenerator<Difference> {
  const counted = wanted(entity);
  for (let from = days.from; from < days.to; from += DAY_MS) {
    for (const counter of counted.tables) {
      for (const level of levelsOf(counted, counter)) {
        const missing = await compare(em, counted, counter, level, from);
        if (missing.length > 0) yield { counter, missing };
      }
    }
  }
}

/**
 * Makes numbers right by adding what they lack. Whoever writes meanwhile adds to facts and counters alike, so what is
 * lacking stays the same until it is added, and nobody has to be kept waiting. Two that do this at once would add it
 * twice: hold a lease.
 */
export async function repair(em: EntityManager, entity: EntityClass, { counter, missing }: Difference): Promise<void> {
  await increment(em, wanted(entity), counter, missing);
}

/** Facts less counters: the numbers of one level in one day that are not nothing. */
async function compare(
  em: EntityManager,
  counted: Counted,
  counter: CounterTable,
  { span, byChange }: Level,
  fromMs: number,
): Promise<Increment[]> {
  const { fact: noun, within, sums, changed } = counted;
  const [fact, table, key] = [tableOf(em, noun), tableOf(em, counter.entity), keyOf(noun)];
  const columns = [...counter.by, ...within].map(table.column);
  const parts = sums.flatMap((sum) => sumParts(em, table, sum));
  const totals = ["n", ...parts.map(({ column }) => column)];
  const names = [...columns, "start", "changed"].join(", ");
  const select = (start: string, changed: string, ...sums: string[]) =>
    `select ${[...columns, `${start} as start`, `${changed} as changed`, ...sums.map((sum, index) => `${sum} as ${totals[index]}`)].join(", ")}`;
  const changedDay = changed && byChange ? spanOfInstant(em, fact.column(changed), span) : `${ANY_CHANGE}`;
  const ofLevel = changed ? ` and changed ${byChange ? "<>" : "="} ${ANY_CHANGE}` : "";
  const present = counter.by.map((property) => ` and ${table.column(property)} is not null`).join("");
  const [from, to] = [fromMs, fromMs + DAY_MS].map((ms) => fact.toDatabase(key, firstIdAt(new Date(ms))));
  const start = fromMs / SECOND_MS;
  const answered = await em.execute<Record<string, unknown>[]>(
    `${select("start", "changed", "sum(n)", ...parts.map(({ column }) => `cast(sum(${column}) as char)`))} from (
      ${select(spanOfId(em, fact.column(key), span), changedDay, "count(*)", ...parts.map(({ ofFact }) => `sum(${ofFact})`))}
        from ${fact.name} where ${fact.column(key)} >= ? and ${fact.column(key)} < ?${present} group by ${names}
      union all ${select("start", changed ? "changed" : `${ANY_CHANGE}`, "-sum(n)", ...parts.map(({ column }) => `-sum(${column})`))}
        from ${table.name} where span = ?${ofLevel} and start >= ? and start < ? group by ${names}
    ) as compared group by ${names}
    having ${totals.map((total) => `sum(${total}) <> 0`).join(" or ")}`,
    [from, to, span, start, start + DAY],
  );
  const compared = answered.map((one) => {
    const row = table.toRow(one) as Record<string, unknown>;
    const place = { span, changed: Number(one.changed), start: Number(one.start), writer: REPAIRER };
    const all: Record<string, unknown> = { ...row, ...place };
    return {
      key: Object.fromEntries(keyOfCounter(counted, counter).map((column) => [column, all[column]])),
      n: Number(one.n),
      sums: sums.map((sum) => {
        const [rest, whole] = sumParts(em, table, sum).map(({ column }) => one[column.slice(1, -1)]);
        return joinSum(rest, whole);
      }),
    };
  });
  // The same sum may lie in its parts otherwise.
  return compared.filter(({ n, sums }) => n !== 0 || sums.some((sum) => sum !== 0n));
}

function wanted(entity: EntityClass): Counted {
  const counted = countedOf(entity);
  if (!counted) throw new Error(`${entity.name} is not counted.`);
  return counted;
}
