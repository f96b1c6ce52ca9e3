import { type EntityManager } from "@mikro-orm/sql";
import { isSqlite } from "./column-types.js";
import { type Sql, type Where, whereSql } from "./condition.js";
import { type EntityClass } from "./context.js";
import { tableOf } from "./table.js";

export type Direction = "asc" | "desc";

interface Identified {
  id: string;
}

/** What is read of a table. */
export interface RowsAsked {
  where: Where;
  order?: [property: string, direction: Direction][];
  limit?: number;
  offset?: number;
  /** The properties of the index that must be taken; left out: the database chooses. */
  index?: string[] | undefined;
  /** That index tells all that is asked for: what is passed over in it is not read. The rows come in any order. */
  told?: boolean | undefined;
  /** Nobody else may change the rows until the caller's transaction ends. SQLite has one writer at a time anyway. */
  lock?: boolean;
}

/**
 * Reads rows of a noun, with its getters and methods, that no entity manager knows or watches: less than half the work of
 * entities, and nothing a list would need them for.
 *
 * @param asked  `only` these properties; left out: all.
 */
export async function readRows<T extends object>(
  em: EntityManager,
  entity: EntityClass<T>,
  asked: RowsAsked,
): Promise<T[]>;
export async function readRows<T extends object, P extends keyof T>(
  em: EntityManager,
  entity: EntityClass<T>,
  asked: RowsAsked & { only: P[] },
): Promise<Pick<T, P>[]>;
export async function readRows<T extends object>(
  em: EntityManager,
  entity: EntityClass<T>,
  asked: RowsAsked & { only?: (keyof T)[] },
): Promise<T[]> {
  const table = tableOf(em, entity);
  const columns = asked.only?.map((property) => table.column(String(property))).join(", ") ?? table.columns;
  const { sql, values } = selectSql(em, entity, columns, asked);
  const answered = await em.execute<Record<string, unknown>[]>(sql, values);
  return answered.map(table.toRow);
}

/** Those of some ids that a table has. */
export async function readIds(em: EntityManager, entity: EntityClass<Identified>, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await readRows(em, entity, { where: [{ property: "id", is: "in", value: ids }], only: ["id"] });
  return new Set(rows.map(({ id }) => id));
}

/** A statement that reads columns of rows in an order. */
export function selectSql(em: EntityManager, entity: EntityClass, columns: string, asked: RowsAsked): Sql {
  const { where, order = [], limit, offset = 0, index, told, lock } = asked;
  const table = tableOf(em, entity);
  const condition = whereSql(table, where);
  const inOrder = order.map(([property, direction]) => `${table.column(property)} ${direction}`).join(", ");
  const orderBy = inOrder && ` order by ${inOrder}`;
  const part = limit === undefined ? "" : ` limit ${limit}${offset > 0 ? ` offset ${offset}` : ""}`;
  const locked = lock && !isSqlite(em.getPlatform()) ? " for update" : "";
  const rest = `from ${tableSql(em, entity, index)}${condition.sql}${orderBy}${part}${locked}`;
  const id = table.column("id");
  const sql = told
    ? `select ${columns} from (select ${id} ${rest}) as told join ${table.name} using (${id})`
    : `select ${columns} ${rest}`;
  return { sql, values: condition.values };
}

/** Counts rows one by one. */
export async function countRows(
  em: EntityManager,
  entity: EntityClass,
  where: Where,
  index?: string[],
): Promise<number> {
  const { sql, values } = whereSql(tableOf(em, entity), where);
  const [row] = await em.execute<{ n: number }[]>(
    `select count(*) as n from ${tableSql(em, entity, index)}${sql}`,
    values,
  );
  return row?.n ?? 0;
}

/** A table, and the index that a statement on it must take: statistics may be old, our lists know better. */
export function tableSql(em: EntityManager, entity: EntityClass, index?: string[]): string {
  const { tableName, properties } = em.getMetadata().get(entity);
  const { name } = tableOf(em, entity);
  if (!index) return name;
  const platform = em.getPlatform();
  const columns = index.map(
    (property) => (properties as Record<string, { fieldNames: string[] }>)[property]?.fieldNames[0] as string,
  );
  const indexName = platform.quoteIdentifier(platform.getIndexName(tableName, columns, "index"));
  return isSqlite(platform) ? `${name} indexed by ${indexName}` : `${name} force index (${indexName})`;
}
