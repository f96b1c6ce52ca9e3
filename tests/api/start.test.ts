import { execFile } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { ownPort } from "../../scripts/ports.ts";
import { firstPassword, login, printed } from "../kit/first-start.js";
import { childrenOf, cleanUp, freshEnvironment, launch, launchCommand, start } from "../kit/processes.js";
import { createAsk, databases } from "../kit/waypost.js";

describe.each(databases)("The first start, on %s", (database) => {
  afterEach(cleanUp);

  it("tells the operator all that is needed, and docs/by-curl.md leads from there to a conversion", async () => {
    const environment = await freshEnvironment(database, {
      LOG_LEVEL: "trace",
      HOST: "",
      ADMIN_EMAIL: "owner@example.com",
    });
    const main = await start("main", environment);
    const api = `http://localhost:${environment.API_PORT}`;
    const tracker = `http://localhost:${environment.TRACKER_PORT}`;
    expect(printed(main.stdout, "Admin")).toBe(`${api}/`);
    expect(printed(main.stdout, "Tracker")).toBe(tracker);
    expect(printed(main.stdout, "E-mail")).toBe("owner@example.com");
    expect(main.stdout).toContain("Next: open the admin, sign in");
    const page = await fetch(printed(main.stdout, "Admin"));
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const password = firstPassword(environment);
    const [, key = ""] = /\/postback\/([A-Za-z0-9_-]+)\?click=/.exec(printed(main.stdout, "Postback")) ?? [];
    expect(password.length).toBeGreaterThanOrEqual(16);
    expect(key.length).toBeGreaterThanOrEqual(16);

    const output = await bash(
      commandsOf("docs/by-curl.md", {
        "http://localhost:4000": api,
        "http://localhost:4001": tracker,
        "admin@localhost": "owner@example.com",
        YOUR_PASSWORD: password,
        YOUR_KEY: key,
      }),
    );
    const [flow, postback, list, change, clicks, changed] = output
      .split(/(?<=\})\s*(?=\{"(?:data|status)")/)
      .map((answer) => JSON.parse(answer));
    expect(flow.data.createFlow.trackingUrl).toBe(`${tracker}/c/first`);
    expect(postback).toMatchObject({ status: 200, code: "RECORDED" });
    expect(list.data.conversions.items).toMatchObject([
      {
        status: "APPROVED",
        revenue: "2.5000",
        currency: "USD",
        flow: { name: "First flow" },
        click: { subId: "zone-7", source: "google", country: null },
      },
    ]);
    expect(change.data.changeConversions).toEqual({ changed: 1, unchanged: 0, overtaken: 0 });
    // A moment after the click it may not be told yet that nothing older can follow: then the page ends before it.
    const { items: read, completeUntil } = clicks.data.clicks;
    expect(read).toHaveLength(list.data.conversions.items[0].click.createdAt < completeUntil ? 1 : 0);
    expect(changed.data.conversions.items).toMatchObject([{ status: "REJECTED" }]);

    main.kill("SIGTERM");
    expect(await main.ended()).toEqual({ code: 0, signal: null });
    expect(main.stderr).not.toContain(password);
    expect(main.stderr).not.toContain(key);

    const again = await start("main", { ...environment, LOG_LEVEL: "info" });
    expect(again.stdout).toContain(`http://localhost:${environment.API_PORT}`);
    expect(again.stdout).not.toMatch(/password|postback\/|next:/i);
  });

  it("4.4 keeps all that it writes from other users of the machine, in a folder that was open to them", async () => {
    const environment = await freshEnvironment(database);
    chmodSync(environment.DATA_DIR, 0o755);
    writeFileSync(join(environment.DATA_DIR, "from-before"), "", { mode: 0o644 });
    await start("main", environment);
    const names = readdirSync(environment.DATA_DIR, { recursive: true, encoding: "utf8" });
    const open = ["", ...names].filter((name) => (statSync(join(environment.DATA_DIR, name)).mode & 0o077) !== 0);
    expect(names.length).toBeGreaterThan(3);
    expect(open).toEqual([]);
  });

  it("makes one user when two start at once, and both serve", async () => {
    const environment = await freshEnvironment(database);
    const other = { ...environment, API_PORT: `${await ownPort()}`, TRACKER_PORT: `${await ownPort()}` };
    const mains = await Promise.all([start("main", environment), start("main", other)]);
    expect(mains.filter(({ stdout }) => /Password {2}/.test(stdout))).toHaveLength(1);
    for (const each of [environment, other]) {
      expect(await login(each, "admin@localhost", firstPassword(environment))).toMatch(/^\S{20,}$/);
    }
    expect(mains.flatMap((main) => main.words())).toEqual([]);
  });

  it("works with processes that are started by themselves, the tracker first, several at once", async () => {
    const environment = await freshEnvironment(database);
    const second = { ...environment, API_PORT: `${await ownPort()}` };
    const [tracker, ...apis] = await Promise.all([
      start("tracker", environment),
      start("api", environment),
      start("api", second),
    ]);
    expect(tracker.stdout).toBe("");
    const told = apis.filter((api) => /Password {2}/.test(api.stdout));
    expect(told).toHaveLength(1);
    for (const each of [environment, second]) {
      expect(await login(each, "admin@localhost", firstPassword(environment))).toBeTruthy();
    }
  });
});

it("4.11 no process that is started by another has a secret in its environment", async () => {
  const secrets = { ADMIN_PASSWORD: "a secret for the owner", METRICS_TOKEN: "a-secret-for-metrics" };
  const environment = await freshEnvironment("SQLite", { ...secrets, TRACKER_WORKERS: "2" });
  const DATABASE_URL = `sqlite:${join(environment.DATA_DIR, "secret.sqlite")}`;
  const main = await start("main", { ...environment, DATABASE_URL });
  const children = [...main.children(), ...main.children("tracker.js").flatMap((pid) => childrenOf(pid))];
  expect(children).toHaveLength(4);
  for (const pid of children) {
    const shown = readFileSync(`/proc/${pid}/environ`, "utf8");
    expect(shown).toContain(environment.DATA_DIR);
    for (const secret of [...Object.keys(secrets), ...Object.values(secrets), "secret.sqlite"]) {
      expect(shown).not.toContain(secret);
    }
  }
  expect(await login(environment, "admin@localhost", secrets.ADMIN_PASSWORD)).toBeTruthy();
  for (const port of [environment.API_PORT, environment.TRACKER_PORT]) {
    const metrics = (headers: object) =>
      fetch(`http://127.0.0.1:${port}/metrics`, { headers: { ...headers, connection: "close" } });
    expect((await metrics({})).status).toBe(401);
    expect((await metrics({ authorization: `Bearer ${secrets.METRICS_TOKEN}` })).status).toBe(200);
  }
  expect(existsSync(join(environment.DATA_DIR, "secret.sqlite"))).toBe(true);
  await cleanUp();
});

describe("4.11 The first password", () => {
  afterEach(cleanUp);

  it("goes to a file that only its owner reads, which the output names and the first change of password deletes", async () => {
    const environment = await freshEnvironment("SQLite");
    const main = await start("main", environment);
    const file = join(environment.DATA_DIR, "first-password");
    expect(printed(main.stdout, "Password")).toBe(`in the file ${file}, until you change it`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const password = firstPassword(environment);
    expect(password.length).toBeGreaterThanOrEqual(16);
    expect(main.stdout + main.stderr).not.toContain(password);
    const ask = await createAsk(`http://127.0.0.1:${environment.API_PORT}`, password);
    const change = `mutation($current: String!) { changePassword(current: $current, new: "quite another one") }`;
    await expect(ask(change, { current: "wrong" })).rejects.toThrow("The current password is wrong");
    expect(existsSync(file)).toBe(true);
    await ask(change, { current: password });
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ["a", "has 1 character; 8 to 1024 are allowed."],
    ["seven 7", "has 7 characters; 8 to 1024 are allowed."],
    ["password", "is one of the most common ones, which are tried first: choose another."],
    ["PASSWORD1", "is one of the most common ones, which are tried first: choose another."],
    ["1234567890", "is one of the most common ones, which are tried first: choose another."],
    ["AbcabCabcabc", "is one of the most common ones, which are tried first: choose another."],
  ])("cannot be %s; the start says so in one line, without it, and makes nobody", async (ADMIN_PASSWORD, problem) => {
    const environment = await freshEnvironment("SQLite", { ADMIN_PASSWORD });
    const failed = launch("api", environment);
    expect((await failed.ended()).code).toBe(78);
    expect(failed.words()).toEqual([`ADMIN_PASSWORD ${problem}`]);
    expect(failed.stdout).toBe("");
  });

  it("is looked at only while the first user is made", async () => {
    const environment = await freshEnvironment("SQLite", { ADMIN_PASSWORD: "password" });
    expect((await launch("main", environment).ended()).code).toBe(78);
    const first = await start("api", { ...environment, ADMIN_PASSWORD: "" });
    first.kill("SIGTERM");
    await first.ended();
    await start("api", environment);
    expect(await login(environment, "admin@localhost", firstPassword(environment))).toBeTruthy();
  });

  it("4.6 that is forgotten is set anew by npm run reset-password, which ends all sessions", async () => {
    const environment = await freshEnvironment("SQLite");
    const main = await start("main", environment);
    const token = await login(environment, "admin@localhost", firstPassword(environment));
    const reset = launchCommand(["npm", "run", "--silent", "reset-password", "--", " Admin@LOCALHOST"], {
      ...environment,
      npm_config_update_notifier: "false",
    });
    expect((await reset.ended()).code).toBe(0);
    const [, password] = /^The password of admin@localhost is (\S{16}) now\./.exec(reset.stdout) ?? [];
    expect(reset.stderr).toContain('"event":"password_reset"');
    expect(main.stdout + main.stderr + reset.stderr).not.toContain(password);
    expect(existsSync(join(environment.DATA_DIR, "first-password"))).toBe(false);
    const me = await fetch(`http://127.0.0.1:${environment.API_PORT}/graphql?query={me{id}}`, {
      headers: { authorization: `Bearer ${token}`, "apollo-require-preflight": "1" },
    });
    expect(me.status).toBe(401);
    expect(await login(environment, "admin@localhost", password)).toBeTruthy();

    const program = resolve("dist/server/reset-password.js");
    for (const [words, line] of [
      [[], "Usage: npm run reset-password -- EMAIL"],
      [["nobody@localhost"], 'There is no user "nobody@localhost". These are: admin@localhost.'],
    ] as const) {
      const refused = launchCommand([process.execPath, program, ...words], environment);
      expect((await refused.ended()).code).toBe(78);
      expect(refused.words().at(-1)).toBe(line);
    }
  });

  it("does not print a password that was given, and it signs in", async () => {
    const PASSWORD = "  given 'by' the $operator\"  ";
    const environment = await freshEnvironment("SQLite", { ADMIN_PASSWORD: PASSWORD });
    const main = await start("main", environment);
    expect(main.stdout + main.stderr).not.toContain("the $operator");
    expect(printed(main.stdout, "Password")).toContain("ADMIN_PASSWORD");
    expect(await login(environment, "admin@localhost", PASSWORD)).toMatch(/^\S{20,}$/);
  });
});

/** The shell commands of a page of the docs, with values of one's own filled in, each of which must be there. */
function commandsOf(page: string, values: Record<string, string>): string {
  const blocks = [...readFileSync(page, "utf8").matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands]) => commands);
  return Object.entries(values).reduce((script, [placeholder, value]) => {
    expect(script).toContain(placeholder);
    return script.replaceAll(placeholder, value);
  }, blocks.join(""));
}

async function bash(script: string): Promise<string> {
  const { stdout } = await promisify(execFile)("bash", ["-c", script]);
  return stdout;
}
