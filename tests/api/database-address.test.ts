import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, inject, it } from "vitest";
import { cleanUp, freshEnvironment, start } from "../kit/processes.js";

/** Not every machine has IPv6, and a container often has none. In CI a test that is skipped fails the run. */
const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
);

describe("A database's address", () => {
  afterEach(cleanUp);

  it.runIf(hasIpv6)("may be an IPv6 address", async () => {
    const { port } = new URL(inject("mysqlUrl"));
    const door = createServer((socket) => {
      const server = connect(Number(port), "127.0.0.1");
      socket.pipe(server).pipe(socket);
      for (const end of [socket, server]) end.on("error", () => {});
    });
    door.listen(0, "::1");
    await once(door, "listening");
    const environment = await freshEnvironment("MySQL");
    const name = new URL(environment.DATABASE_URL ?? "").pathname;
    const DATABASE_URL = `mysql://root@[::1]:${(door.address() as AddressInfo).port}${name}`;
    const main = await start("main", { ...environment, DATABASE_URL });
    expect(main.stdout).toContain("Waypost is running");
    main.kill("SIGTERM");
    expect((await main.ended()).code).toBe(0);
    door.close();
  });
});
