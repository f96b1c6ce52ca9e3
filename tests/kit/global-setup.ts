import { type TestProject } from "vitest/node";
import { startMariaDb } from "../../scripts/mariadb.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Base of a `DATABASE_URL` on the suite's own MariaDB server. */
    mysqlUrl: string;
    /** File with everything the server logged. */
    mysqlLog: string;
  }
}

/** One MariaDB server for the whole run; each test file makes databases of its own on it. */
export default async function setup(project: TestProject) {
  const mariaDb = await startMariaDb();
  project.provide("mysqlUrl", mariaDb.url);
  project.provide("mysqlLog", mariaDb.logFile);
  return () => mariaDb.remove();
}
