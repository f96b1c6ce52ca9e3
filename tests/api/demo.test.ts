import { afterEach, expect, it } from "vitest";
import { cleanUp, freshEnvironment, launchCommand, start } from "../kit/processes.js";
import { until } from "../kit/until.js";
import { PASSWORD } from "../kit/waypost.js";

afterEach(cleanUp);

const demo = (environment: Record<string, string>, ...words: string[]) =>
  launchCommand([process.execPath, "dist/server/demo/demo.js", ...words], environment);

it("the demo sends clicks from many countries and postbacks through the doors of a default start, for as long as asked", async () => {
  const environment = await freshEnvironment("SQLite", { ADMIN_PASSWORD: PASSWORD });
  await start("main", environment);
  const sent = { clicks: 0, postbacks: 0 };
  const send = async () => {
    const running = demo(environment, "--for", "2s", "--rate", "100");
    expect(await running.ended(), running.stderr).toEqual({ code: 0, signal: null });
    const [, clicks, postbacks] = /(\d+) clicks and (\d+) postbacks sent, 0 failed/.exec(running.stdout) ?? [];
    sent.clicks += Number(clicks);
    sent.postbacks += Number(postbacks);
  };

  const ask = async (query: string, token = "") => {
    const response = await fetch(`http://127.0.0.1:${environment.API_PORT}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    return ((await response.json()) as { data: Record<string, never> }).data;
  };
  const login = `mutation { login(email: "admin@localhost", password: "${PASSWORD}") { token } }`;
  const { token } = (await ask(login)).login as unknown as { token: string };
  const read = () =>
    ask(
      `{ clicks(perPage: 500) { totalCount items { country device language referrer } } conversions { totalCount } postbackLogs { totalCount }
         flows { totalCount } }`,
      token,
    ) as unknown as Promise<Record<string, { totalCount: number; items: Record<string, string | null>[] }>>;
  const kinds = ({ clicks }: Awaited<ReturnType<typeof read>>, column: string) =>
    new Set(clicks?.items.map((click) => click[column])).size;
  // How many come from where, and whether one of them converts, is chance: it goes on until they have.
  for (
    let data = await read();
    data.conversions?.totalCount === 0 || kinds(data, "country") < 6 || kinds(data, "language") < 6;
  ) {
    await send();
    await until(async () => (await read()).clicks?.totalCount === sent.clicks);
    data = await read();
    expect(data.postbackLogs?.totalCount).toBe(sent.postbacks);
    expect(data.flows?.totalCount).toBe(4);
  }
  const data = await read();
  expect(kinds(data, "device")).toBeGreaterThan(2);
  expect(kinds(data, "referrer")).toBeGreaterThan(3);
});

it.each([
  [["--for", "soon"], '--for is "soon": it must be a time such as 90s, 10m or 8h.'],
  [["--rate", "0"], '--rate is "0": it must be a number up to 1000.'],
  [["--what"], "--what"],
  [[], "The password is missing: give --password or set ADMIN_PASSWORD."],
  [["--password", "any-password"], "start Waypost first"],
])("the demo says what is wrong: %s", async (words, message) => {
  const running = demo(await freshEnvironment("SQLite"), ...words);
  expect((await running.ended()).code).not.toBe(0);
  expect(running.stderr).toContain(message);
});
