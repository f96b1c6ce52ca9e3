import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROVEN_ADDRESS, proveAddress } from "../../server/kit/proven-address.js";
import { mmdb } from "../kit/mmdb.js";
import { until } from "../kit/until.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

const GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

describe.each(databases)("A tracking URL, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost(database, { environment: { TRUST_PROXY: "127.0.0.1" } });
  });
  afterAll(() => waypost.close());

  const clickById = async (id: string) =>
    (
      await waypost.ask(
        `query($id: ID!) { click(id: $id) { id flow { id key } path { id name } ip country subId source medium campaign content term
           destinationUrl userAgent referrer language device os browser bot params createdAt } }`,
        { id },
      )
    ).click;

  it("redirects to the flow's path with the click hash in the destination, and the click is in the list at once", async () => {
    const flow = await waypost.seedFlow();
    const before = Date.now();
    const response = await waypost.track(`/c/${flow.key}`);
    expect(response.status).toBe(302);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const location = response.headers.get("location") ?? "";
    const hash = new URL(location).searchParams.get("click") ?? "";
    expect(hash).toMatch(/^[0-9a-f]{32}$/);
    expect(Number.parseInt(hash.slice(0, 12), 16)).toBeGreaterThanOrEqual(before);
    const click = await clickById(hash);
    expect(click).toMatchObject({
      id: hash,
      flow: { key: flow.key },
      path: { id: flow.paths[0]?.id },
      destinationUrl: location,
    });
    expect(Date.parse(click.createdAt)).toBe(Number.parseInt(hash.slice(0, 12), 16));
  });

  const countClicks = async () => (await waypost.ask("{ clicks { totalCount } }")).clicks.totalCount;

  it.each([
    ["an unknown flow", "unknown-flow", 404],
    ["a key that no flow can have", "NO%20KEY", 404],
    ["a path that cannot be decoded", "%ff", 404],
  ])("answers %s with its status and records nothing", async (_, key, status) => {
    const before = await countClicks();
    expect((await waypost.track(`/c/${key}`)).status).toBe(status);
    expect(await countClicks()).toBe(before);
  });

  it.each([
    ["paused", { status: "PAUSED" }, 403],
    ["archived", { status: "ARCHIVED" }, 410],
    ["without a path", { paths: [] }, 503],
    ["without an active path", { paths: [{ url: "https://example.com/", active: false }] }, 503],
  ])(
    "answers a flow that is %s with its status, HEAD without a body, and records nothing",
    async (_, input, status) => {
      const flow = await waypost.seedFlow(input);
      const before = await countClicks();
      for (const method of ["GET", "HEAD"]) {
        const response = await waypost.track(`/c/${flow.key}`, { method });
        expect([response.status, response.headers.get("cache-control")]).toEqual([status, "no-store"]);
        expect((await response.text()) === "").toBe(method === "HEAD");
      }
      expect(await countClicks()).toBe(before);
    },
  );

  it("answers HEAD as GET, without a click: its hash is empty", async () => {
    const flow = await waypost.seedFlow();
    const before = await countClicks();
    const response = await waypost.track(`/c/${flow.key}`, { method: "HEAD" });
    expect([response.status, response.headers.get("cache-control")]).toEqual([302, "no-store"]);
    expect(response.headers.get("location")).toBe("https://example.com/?click=");
    expect(await countClicks()).toBe(before);
  });

  it.each(["POST", "PROPFIND"])("answers %s with 405 and records nothing", async (method) => {
    const flow = await waypost.seedFlow();
    const before = await countClicks();
    const response = await waypost.track(`/c/${flow.key}`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    expect(await countClicks()).toBe(before);
  });

  it("fills every macro with its value, encoded", async () => {
    const names = [
      ..."click flow path sub_id source utm_source utm_medium utm_campaign utm_content utm_term".split(" "),
      ..."country ip user_agent referrer timestamp query.extra".split(" "),
    ];
    const url = `https://example.com/p?${names.map((name) => `${name}={${name}}`).join("&")}`;
    const flow = await waypost.seedFlow({ paths: [{ url }] });
    const response = await waypost.track(
      `/c/${flow.key}?sub_id=s%261&utm_source=src&utm_medium=med%20ium&utm_campaign=c%C3%A4mp&utm_content=co/nt&utm_term=te%23rm&extra=x%26y`,
      {
        headers: {
          "user-agent": CHROME,
          referer: "https://ref.example/a?b=c",
          "accept-language": "de-CH, en;q=0.5",
          "x-forwarded-for": "8.8.8.8",
        },
      },
    );
    const location = new URL(response.headers.get("location") ?? "");
    const values = Object.fromEntries(location.searchParams);
    const click = await clickById(values.click ?? "");
    expect(values).toEqual({
      click: click.id,
      flow: flow.key,
      path: flow.paths[0]?.id,
      sub_id: "s&1",
      source: "src",
      utm_source: "src",
      utm_medium: "med ium",
      utm_campaign: "cämp",
      utm_content: "co/nt",
      utm_term: "te#rm",
      country: "US",
      ip: "8.8.8.8",
      user_agent: CHROME,
      referrer: "https://ref.example/a?b=c",
      timestamp: String(Math.floor(Date.parse(click.createdAt) / 1000)),
      "query.extra": "x&y",
    });
    expect(click).toMatchObject({
      ip: "8.8.8.8",
      country: "US",
      subId: "s&1",
      source: "src",
      medium: "med ium",
      campaign: "cämp",
      content: "co/nt",
      term: "te#rm",
      userAgent: CHROME,
      referrer: "https://ref.example/a?b=c",
      language: "de-CH",
      device: "desktop",
      os: "Windows",
      browser: "Chrome",
      bot: false,
      params: { extra: "x&y" },
    });
  });

  it("puts the flow's defaults where the link says nothing, also an empty value", async () => {
    const flow = await waypost.seedFlow({
      defaultSource: "ds",
      defaultMedium: "dm",
      defaultCampaign: "dc",
      defaultContent: "dk",
      defaultTerm: "dt",
      defaultSubId: "di",
      paths: [{ url: "https://example.com/?click={click}&s={source}&i={sub_id}" }],
    });
    const click = await clickById(await waypost.click(flow.key, "?utm_medium=given&sub_id="));
    expect(click).toMatchObject({
      source: "ds",
      medium: "given",
      campaign: "dc",
      content: "dk",
      term: "dt",
      subId: "di",
    });
    expect(click.destinationUrl).toContain("&s=ds&i=di");
  });

  it("redirects and records Googlebot like others, marked as bot", async () => {
    const flow = await waypost.seedFlow();
    const hash = await waypost.click(flow.key, "", { "user-agent": GOOGLEBOT });
    expect((await clickById(hash)).bot).toBe(true);
  });

  it("counts X-Forwarded-For from the right over trusted proxies only", async () => {
    const flow = await waypost.seedFlow();
    for (const [forwarded, ip] of [
      ["1.1.1.1, 9.9.9.9", "9.9.9.9"],
      ["2001:4860:4860::8888", "2001:4860:4860::8888"],
    ] as const) {
      const hash = await waypost.click(flow.key, "", { "x-forwarded-for": forwarded });
      expect((await clickById(hash)).ip).toBe(ip);
    }
  });

  it("believes no address of a stranger's that claims to be proven", async () => {
    const flow = await waypost.seedFlow();
    for (const header of ["49.36.1.2", proveAddress("0".repeat(64), "49.36.1.2")]) {
      const hash = await waypost.click(flow.key, "", { [PROVEN_ADDRESS]: header });
      expect(await clickById(hash)).toMatchObject({ ip: "127.0.0.1", country: null });
    }
  });

  it("3.3 finds clicks by whether they are bots', with flow and country, and counts a visit without a user agent among them", async () => {
    const flow = await waypost.seedFlow();
    const from = { "x-forwarded-for": "8.8.8.8" };
    const person = await waypost.click(flow.key, "", { "user-agent": CHROME, ...from });
    const bots = [
      await waypost.click(flow.key, "", { "user-agent": GOOGLEBOT, ...from }),
      await waypost.click(flow.key, "", { "user-agent": "", ...from }),
    ];
    const found = async (filter: object) => {
      const query = "query($filter: ClickFilter) { clicks(filter: $filter) { totalCount items { id bot } } }";
      return (await waypost.ask(query, { filter: { flowId: flow.id, ...filter } })).clicks;
    };
    const newestFirst = [...bots].reverse().map((id) => ({ id, bot: true }));
    expect(await found({ bot: true })).toEqual({ totalCount: 2, items: newestFirst });
    expect(await found({ bot: true, country: "US" })).toEqual({ totalCount: 2, items: newestFirst });
    expect(await found({ bot: false })).toEqual({ totalCount: 1, items: [{ id: person, bot: false }] });
    expect((await found({ bot: null })).totalCount).toBe(3);
    expect((await found({ bot: true, country: "DE" })).totalCount).toBe(0);
  });

  it("3.4 keeps versions of system and browser, and 3.5 the network where there is a file of them", async () => {
    writeFileSync(
      join(waypost.config.dataDir, "asn.mmdb"),
      mmdb({
        networks: { "8.8.8.0/24": { autonomous_system_number: 15169, autonomous_system_organization: "Google LLC" } },
      }),
    );
    const flow = await waypost.seedFlow();
    const columns = "device os osVersion browser browserVersion bot asn isp";
    const visit = async () => {
      const id = await waypost.click(flow.key, "", { "user-agent": CHROME, "x-forwarded-for": "8.8.8.8" });
      return (await waypost.ask(`query($id: ID!) { click(id: $id) { ${columns} } }`, { id })).click;
    };
    const known = {
      device: "desktop",
      os: "Windows",
      osVersion: "10.0",
      browser: "Chrome",
      browserVersion: "140.0",
      bot: false,
    };
    expect(await visit()).toMatchObject(known);
    await until(async () => (await visit()).asn !== null);
    expect(await visit()).toEqual({ ...known, asn: 15169, isp: "Google LLC" });
  });

  it("asks crawlers to stay away, tells its health, and answers 404 to the rest", async () => {
    expect(await (await waypost.track("/robots.txt")).text()).toBe("User-agent: *\nDisallow: /\n");
    for (const base of [waypost.trackerUrl, waypost.apiUrl]) {
      expect((await fetch(`${base}/healthz`)).status).toBe(200);
      expect((await fetch(`${base}/readyz`)).status).toBe(200);
      expect(await (await fetch(`${base}/metrics`)).text()).toContain("process_cpu_seconds_total");
      for (const header of ["x-forwarded-for", "x-real-ip", "forwarded", "cf-connecting-ip", "via"]) {
        expect((await fetch(`${base}/metrics`, { headers: { [header]: "8.8.8.8" } })).status).toBe(404);
      }
      expect((await fetch(`${base}/nothing`)).status).toBe(404);
    }
  });

  it("answers 431 to a head over 16 KiB", async () => {
    expect((await waypost.track(`/c/${"a".repeat(17_000)}`)).status).toBe(431);
  });
});
