import { type TestProject } from "vitest/node";
import { startMariaDb } from "../../scripts/mariadb.ts";
import { type EmptyTables, migrateOnce } from "./empty-tables.js";
import { bundleLoader } from "./loader-program.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Base of a `DATABASE_URL` on the suite's own MariaDB server. */
    mysqlUrl: string;
    /** File with everything the server logged. */
    mysqlLog: string;
    emptyTables: EmptyTables;
    /** The program of the loader's thread: Node cannot run our TypeScript itself. */
    loaderFile: string;
  }
}

/** One MariaDB server for the whole run; each test file makes databases of its own on it. */
export default async function setup(project: TestProject) {
  const mariaDb = await startMariaDb();
  project.provide("mysqlUrl", mariaDb.url);
  project.provide("mysqlLog", mariaDb.logFile);
  project.provide("loaderFile", await bundleLoader());
  const { tables, remove } = await migrateOnce(mariaDb.url);
  project.provide("emptyTables", tables);
  return async () => {
    remove();
    await mariaDb.remove();
  };
}
