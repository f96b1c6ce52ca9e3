/** Made here and not by a migration: migrations need it. */
export const MIGRATION_PROGRESS_TABLE = "migration_progress";

/** Runs one statement on the connection that migrates. */
type Execute = (sql: string, values?: unknown[]) => Promise<unknown>;

/**
 * What a server says of a change of a table that it has made already: the table, column or index is there, is gone, or has
 * another name.
 */
const MADE_ALREADY = new Set([1050, 1051, 1054, 1060, 1061, 1068, 1091]);
/** A change of rows is never made without being noted. */
const CHANGES_ROWS = /^(insert|update|delete)/;

/**
 * Takes the statements of a step one after the other, each once, on a server that commits every change of a table by itself
 * (MySQL, MariaDB). A step that broke off (the server or we died) goes on where it stood when it is taken again.
 *
 * What changes rows is committed together with how far the step has come. What changes a table is not: the one that was under
 * way may have been made, and then the server says so.
 */
export async function takeOneByOne(execute: Execute, step: string, statements: string[]): Promise<void> {
  await execute(
    `create table if not exists ${MIGRATION_PROGRESS_TABLE} (step varchar(255) not null primary key, taken int not null)`,
  );
  const [row] = (await execute(`select taken from ${MIGRATION_PROGRESS_TABLE} where step = ?`, [step])) as {
    taken: number;
  }[];
  const note = (taken: number) =>
    execute(
      `insert into ${MIGRATION_PROGRESS_TABLE} (step, taken) values (?, ?) on duplicate key update taken = values(taken)`,
      [step, taken],
    );
  await note(row?.taken ?? 0);
  for (const [index, sql] of statements.entries()) {
    if (index < (row?.taken ?? 0)) continue;
    await execute("start transaction");
    await execute(sql).catch((error: { errno?: number }) => {
      const isMade = index === row?.taken && !CHANGES_ROWS.test(sql) && MADE_ALREADY.has(error.errno ?? 0);
      if (!isMade) throw error;
    });
    await note(index + 1);
    await execute("commit");
  }
}

/** Forgets how far a step came, before it is taken back. */
export async function forgetProgress(execute: Execute, step: string): Promise<void> {
  await execute(`delete from ${MIGRATION_PROGRESS_TABLE} where step = ?`, [step]).catch((error: { errno?: number }) => {
    if (error.errno !== NO_SUCH_TABLE) throw error;
  });
}

const NO_SUCH_TABLE = 1146;
