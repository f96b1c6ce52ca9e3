import { type EntityManager } from "@mikro-orm/sql";
import { keyOf } from "./column.js";
import { isSqlite } from "./column-types.js";
import { type EntityClass } from "./context.js";
import { type Counted, type CounterTable, countedOf, MINUTE_MS, SPANS } from "./counters.js";
import { firstIdAt } from "./id.js";
import { tableOf } from "./table.js";
import { type Increment, increment } from "./tally.js";
import { joinSum, sumParts } from "./wide-sum.js";

const DAY_MS = SPANS[0] * MINUTE_MS;
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
  const minute = (id: string) => startOf(em, id, 1);
  const ends = await em.execute<{ first: number | null; last: number | null }[]>(
    [
      `select ${minute(`min(${key})`)} as first, ${minute(`max(${key})`)} as last from ${fact.name}`,
      ...counted.tables.map(({ entity }) => `select min(start), max(start) from ${tableOf(em, entity).name}`),
    ].join(" union all "),
  );
  const known = ends.flatMap(({ first, last }) => [first, last]).filter((minute) => minute !== null);
  const first = from?.getTime() ?? Math.min(...known.map(Number)) * MINUTE_MS;
  const last = (to ? to.getTime() - 1 : undefined) ?? Math.max(...known.map(Number)) * MINUTE_MS;
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
      for (const span of SPANS) {
        const missing = await compare(em, counted, counter, span, from);
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

/** Facts less counters: the numbers of one span in one day that are not nothing. */
async function compare(
  em: EntityManager,
  { fact: noun, within, sums }: Counted,
  { entity, by }: CounterTable,
  span: number,
  fromMs: number,
): Promise<Increment[]> {
  const [fact, table, key] = [tableOf(em, noun), tableOf(em, entity), keyOf(noun)];
  const columns = [...by, ...within].map(table.column);
  const parts = sums.flatMap((sum) => sumParts(em, table, sum));
  const totals = ["n", ...parts.map(({ column }) => column)];
  const names = [...columns, "start"].join(", ");
  const select = (first: string, ...sums: string[]) =>
    `select ${[...columns, `${first} as start`, ...sums.map((sum, index) => `${sum} as ${totals[index]}`)].join(", ")}`;
  const present = by.map((property) => ` and ${table.column(property)} is not null`).join("");
  const [from, to] = [fromMs, fromMs + DAY_MS].map((ms) => fact.toDatabase(key, firstIdAt(new Date(ms))));
  const start = fromMs / MINUTE_MS;
  const answered = await em.execute<Record<string, unknown>[]>(
    `${select("start", "sum(n)", ...parts.map(({ column }) => `cast(sum(${column}) as char)`))} from (
      ${select(startOf(em, fact.column(key), span), "count(*)", ...parts.map(({ ofFact }) => `sum(${ofFact})`))}
        from ${fact.name} where ${fact.column(key)} >= ? and ${fact.column(key)} < ?${present} group by ${names}
      union all ${select("start", "-sum(n)", ...parts.map(({ column }) => `-sum(${column})`))}
        from ${table.name} where span = ? and start >= ? and start < ? group by ${names}
    ) as compared group by ${names}
    having ${totals.map((total) => `sum(${total}) <> 0`).join(" or ")}`,
    [from, to, span, start, start + SPANS[0]],
  );
  const compared = answered.map((one) => {
    const row = table.toRow(one) as Record<string, unknown>;
    const values = (properties: string[]) => properties.map((property) => row[property]);
    return {
      key: [...values(by), span, Number(one.start), ...values(within), REPAIRER],
      n: Number(one.n),
      sums: sums.map((sum) => {
        const [rest, units] = sumParts(em, table, sum).map(({ column }) => one[column.slice(1, -1)]);
        return joinSum(rest, units);
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

/** Where the span begins that an id's moment is in, in minutes since 1970. SQLite reads hexadecimal only as JSON5. */
function startOf(em: EntityManager, id: string, span: number): string {
  return isSqlite(em.getPlatform())
    ? `json_extract('0x' || hex(substr(${id}, 1, 6)), '$') / ${span * MINUTE_MS} * ${span}`
    : `conv(hex(left(${id}, 6)), 16, 10) div ${span * MINUTE_MS} * ${span}`;
}
