import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { openDatabaseDoor } from "../kit/database-door.js";
import { cleanUp, freshEnvironment, start } from "../kit/processes.js";

/** Not every machine has IPv6, and a container often has none. In CI a test that is skipped fails the run. */
const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
);

describe("A database's address", () => {
  afterEach(cleanUp);

  it.runIf(hasIpv6)("may be an IPv6 address", async () => {
    const door = await openDatabaseDoor("::1");
    const environment = await freshEnvironment("MySQL");
    const DATABASE_URL = door.url + new URL(environment.DATABASE_URL ?? "").pathname;
    const main = await start("main", { ...environment, DATABASE_URL });
    expect(main.stdout).toContain("Waypost is running");
    main.kill("SIGTERM");
    expect((await main.ended()).code).toBe(0);
    await door.shut();
  });
});
