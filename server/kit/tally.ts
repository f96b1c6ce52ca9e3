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
  levelsOf,
  SECOND,
  startOf,
} from "./counters.js";
import { momentOf } from "./id.js";
import { insertRows } from "./insert-rows.js";
import { readMoney } from "./money.js";
import { partsOf, splitSum } from "./wide-sum.js";

/** Rows of one statement. */
const ROWS_MAX = 1000;

/** Rows that are alike in everything that is counted: of one second, with the same values. */
interface Cell {
  /** In seconds since 1970; `changed` is where the day of their last change begins. */
  second: number;
  changed: number;
  values: Record<string, unknown>;
  n: number;
  sums: bigint[];
}

/** What a transaction has counted so far. */
type Tally = Map<Counted, Map<string, Cell>>;

const tallies = new WeakMap<EntityManager, Tally>();

/** Begins to count in a transaction; `writeTransaction` does. */
export function openTally(em: EntityManager): void {
  tallies.set(em, new Map());
}

/**
 * Counts rows that the caller's transaction stores, or takes them out again with `times` -1: a change is the row as it was
 * taken out and the row as it is counted. A noun that is not counted is left alone.
 *
 * @param em  the one that `writeTransaction` gave.
 */
export function count(em: EntityManager, entity: EntityClass, rows: readonly object[], times: 1 | -1 = 1): void {
  const tally = tallies.get(em);
  if (!tally) throw new Error(`${entity.name} is counted outside of a writeTransaction.`);
  const counted = countedOf(entity);
  if (!counted) return;
  const cells = tally.get(counted) ?? new Map<string, Cell>();
  tally.set(counted, cells);
  for (const row of rows as readonly Record<string, unknown>[]) addTo(cells, counted, row, times);
}

/**
 * Writes what was counted, as increments: never read and written back, so no writer can lose another's. Last in the
 * transaction and always in the same order, so that locks are short and nobody waits in a circle.
 *
 * @param writer  whose rows take it; sums do not ask.
 */
export async function writeTally(em: EntityManager, writer: number): Promise<void> {
  const tally = [...(tallies.get(em) ?? [])].sort(([a], [b]) => (a.fact.name < b.fact.name ? -1 : 1));
  for (const [counted, cells] of tally) {
    for (const table of counted.tables)
      await increment(em, counted, table, incrementsOf(counted, table, cells, writer));
  }
}

/** What is added to one row of a counter table. */
export interface Increment {
  /** The values of its key. */
  key: Record<string, unknown>;
  n: number;
  sums: bigint[];
}

/** Adds to rows of a counter table, in the order in which they are given, and makes those that are missing. */
export async function increment(
  em: EntityManager,
  { sums: summed }: Counted,
  counter: CounterTable,
  increments: Increment[],
): Promise<void> {
  const parts = summed.flatMap(partsOf);
  const rows = increments.map(({ key, n, sums }) => {
    const split = sums.flatMap(splitSum);
    return { ...key, n, ...Object.fromEntries(parts.map((part, index) => [part, split[index]])) };
  });
  for (let first = 0; first < rows.length; first += ROWS_MAX) {
    await insertRows(em, counter.entity, rows.slice(first, first + ROWS_MAX), { known: { add: ["n", ...parts] } });
  }
}

function addTo(cells: Map<string, Cell>, counted: Counted, row: Record<string, unknown>, times: 1 | -1): void {
  const second = startOf(momentOf(row[keyOf(counted.fact)] as string).getTime(), SECOND);
  const changed = counted.changed ? startOf((row[counted.changed] as Date).getTime(), DAY) : ANY_CHANGE;
  const name = JSON.stringify([second, changed, ...counted.columns.map((column) => row[column])]);
  const cell = cells.get(name) ?? newCell(counted, row, { second, changed });
  cells.set(name, cell);
  cell.n += times;
  for (const [index, sum] of counted.sums.entries()) {
    cell.sums[index] = (cell.sums[index] ?? 0n) + BigInt(times) * (readMoney(row[sum] as string) ?? 0n);
  }
}

/** The row's values are copied: it may be an entity that is about to change. */
function newCell(
  { columns, sums }: Counted,
  row: Record<string, unknown>,
  when: Pick<Cell, "second" | "changed">,
): Cell {
  const values = Object.fromEntries(columns.map((column) => [column, row[column]]));
  return { ...when, values, n: 0, sums: sums.map(() => 0n) };
}

function incrementsOf(counted: Counted, counter: CounterTable, cells: Map<string, Cell>, writer: number): Increment[] {
  const increments = new Map<string, Increment>();
  const columns = keyOfCounter(counted, counter);
  for (const { second, changed, values, n, sums } of cells.values()) {
    if (counter.by.some((column) => values[column] == null)) continue;
    for (const { span, byChange } of levelsOf(counted, counter)) {
      const start = second - (second % span);
      const place: Record<string, number> = { span, changed: byChange ? changed : ANY_CHANGE, start, writer };
      const key = Object.fromEntries(columns.map((column) => [column, place[column] ?? values[column]]));
      const name = JSON.stringify(Object.values(key));
      const known = increments.get(name);
      increments.set(name, {
        key,
        n: n + (known?.n ?? 0),
        sums: sums.map((sum, index) => sum + (known?.sums[index] ?? 0n)),
      });
    }
  }
  const inOrder = [...increments].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  return inOrder.filter(({ n, sums }) => n !== 0 || sums.some((sum) => sum !== 0n));
}
