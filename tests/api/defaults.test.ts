import { mkdirSync, readdirSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { cleanUp, freshEnvironment, start } from "../kit/processes.js";

const addresses = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []);

describe("Where nothing is set", () => {
  afterEach(cleanUp);

  it("both servers listen on IPv4 and on IPv6", async () => {
    const environment = await freshEnvironment("SQLite", { HOST: "" });
    await start("main", environment);
    const hosts = ["127.0.0.1", ...(addresses.includes("::1") ? ["[::1]"] : [])];
    for (const host of hosts) {
      for (const port of [environment.API_PORT, environment.TRACKER_PORT]) {
        expect((await fetch(`http://${host}:${port}/healthz`)).status).toBe(200);
      }
    }
  });

  it.each([
    ["DATA_DIR", "kept"],
    ["the folder data where it was started", ""],
  ])("all that is written to disk is in %s", async (_, dataDir) => {
    const { DATA_DIR: folder, ...environment } = await freshEnvironment("SQLite");
    const place = (name: string) => {
      mkdirSync(join(folder, name));
      return join(folder, name);
    };
    const [cwd, HOME, TMPDIR] = [place("cwd"), place("home"), place("tmp")];
    const DATA_DIR = dataDir && join(folder, dataDir);
    const main = await start("main", { ...environment, DATA_DIR, HOME, TMPDIR }, cwd);
    await fetch(`http://127.0.0.1:${environment.TRACKER_PORT}/postback/unknown?click=x`);
    main.kill("SIGTERM");
    expect((await main.ended()).code).toBe(0);

    expect(readdirSync(cwd)).toEqual(dataDir ? [] : ["data"]);
    expect([readdirSync(HOME), readdirSync(TMPDIR)]).toEqual([[], []]);
    expect(readdirSync(folder).sort()).toEqual(["cwd", "home", ...(dataDir ? [dataDir] : []), "tmp"]);
    expect(readdirSync(DATA_DIR || join(cwd, "data"))).toContain("waypost.sqlite");
  });
});
