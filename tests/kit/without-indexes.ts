import { type EntityManager } from "@mikro-orm/sql";
import { type DatabaseName } from "./waypost.js";

/** Fills tables without their indexes and makes these afterwards: in one go that takes a fraction of the time. */
export async function withoutIndexes(
  em: EntityManager,
  database: DatabaseName,
  tables: string[],
  fill: () => Promise<void>,
): Promise<void> {
  const indexes = database === "SQLite" ? await indexesOnSqlite(em, tables) : await indexesOnMySql(em, tables);
  for (const { drop } of indexes) await em.execute(drop);
  await fill();
  for (const { make } of indexes) await em.execute(make);
}

interface Indexes {
  drop: string;
  make: string;
}

async function indexesOnSqlite(em: EntityManager, tables: string[]): Promise<Indexes[]> {
  const rows = await em.execute<{ name: string; sql: string }[]>(
    `select name, sql from sqlite_schema where type = 'index' and sql is not null and tbl_name in (${quoted(tables)})`,
  );
  return rows.map(({ name, sql }) => ({ drop: `drop index ${name}`, make: sql }));
}

/** One statement a table for all of them: MariaDB sorts its rows for several indexes at once. */
async function indexesOnMySql(em: EntityManager, tables: string[]): Promise<Indexes[]> {
  const rows = await em.execute<{ table: string; name: string; columns: string; other: number }[]>(
    `select table_name as \`table\`, index_name as name, non_unique as other,
       group_concat(concat('\`', column_name, '\`') order by seq_in_index) as columns
     from information_schema.statistics
     where table_schema = database() and index_name <> 'PRIMARY' and table_name in (${quoted(tables)})
     group by table_name, index_name, non_unique`,
  );
  return tables.flatMap((table) => {
    const own = rows.filter((row) => row.table === table);
    const made = own.map(({ name, columns, other }) => `add ${other ? "" : "unique "}index ${name} (${columns})`);
    const gone = own.map(({ name }) => `drop index ${name}`);
    return own.length === 0
      ? []
      : [{ drop: `alter table ${table} ${gone.join(", ")}`, make: `alter table ${table} ${made.join(", ")}` }];
  });
}

function quoted(names: string[]): string {
  return names.map((name) => `'${name}'`).join(", ");
}
