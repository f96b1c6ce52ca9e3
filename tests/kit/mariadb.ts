import { inject } from "vitest";
import { type MariaDb, startMariaDb } from "../../scripts/mariadb.ts";

/** A MariaDB server of a test's own, to be stopped, killed and frozen. */
export function startOwnMariaDb(options: string[] = []): Promise<MariaDb> {
  return startMariaDb({ installed: inject("installedMariaDb"), options });
}
