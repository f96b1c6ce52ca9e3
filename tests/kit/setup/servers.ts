import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestProject } from "vitest/node";
import { installMariaDb, startMariaDb } from "../../../scripts/mariadb.ts";
import { type EmptyTables, migrateOnce } from "../empty-tables.js";
import { bundleLoader } from "../loader-program.js";
import { shared } from "./shared.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Base of a `DATABASE_URL` on the run's own MariaDB server. */
    mysqlUrl: string;
    /** File with everything the server logged. */
    mysqlLog: string;
    /** Data directory from which servers of tests' own are copied. */
    installedMariaDb: string;
    emptyTables: EmptyTables;
    /** The program of the loader's thread: Node cannot run our TypeScript itself. */
    loaderFile: string;
  }
}

/** One MariaDB server for the whole run; each test file makes databases of its own on it. */
export default async function startServers(project: TestProject): Promise<() => Promise<void>> {
  const { value, release } = await shared("servers", async () => {
    const installedMariaDb = installMariaDb(mkdtempSync(join(tmpdir(), "waypost-mariadb-")));
    const [mariaDb, loaderFile] = await Promise.all([startMariaDb({ installed: installedMariaDb }), bundleLoader()]);
    const emptyTables = await migrateOnce(mariaDb.url);
    const { url: mysqlUrl, logFile: mysqlLog, kill: remove } = mariaDb;
    return { value: { mysqlUrl, mysqlLog, installedMariaDb, emptyTables, loaderFile }, remove };
  });
  for (const [name, context] of Object.entries(value)) project.provide(name as keyof typeof value, context as never);
  return release;
}
