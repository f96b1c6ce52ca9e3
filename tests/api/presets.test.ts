import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foldWord } from "../../server/catalog/status-words.js";
import { labelParameters, PARAM_NAME_MAX, PARAMS_MAX } from "../../server/clicks/visitor.js";
import { networks } from "../../server/presets/network.js";
import { networkPreset } from "../../server/presets/network-preset.js";
import { trafficSourcePreset, trafficSources } from "../../server/presets/traffic-source.js";
import { networkPostbacks } from "../kit/network-postbacks.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const URL_TEXT = /^[^\s&]+$/;
const namesOf = (all: { name: string }[]) => all.map(({ name }) => name);

describe("The networks' data", () => {
  it("names each of at least 192 networks once, in order", () => {
    const names = namesOf(networks);
    expect(names.length).toBeGreaterThanOrEqual(192);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
    expect(names).toEqual(names.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
  });

  it.each(networks)("is of one shape: $name", ({ destination, click, revenue, currency, uid, status, ...words }) => {
    expect(destination).toMatch(/^([\w-]+=|\/(\{source\}\/)?)\{click\}$/);
    for (const value of [click, revenue, currency, uid, status].flat()) {
      if (value !== undefined) expect(value).toMatch(URL_TEXT);
    }
    const { pending = [], approved = [], rejected = [] } = words;
    const all = [...pending, ...approved, ...rejected].map(foldWord);
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((word) => word === "" || word.includes(","))).toEqual([]);
  });
});

describe("The traffic sources' data", () => {
  it("names each of at least 98 sources once, in order", () => {
    const names = namesOf(trafficSources);
    expect(names.length).toBeGreaterThanOrEqual(98);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
    expect(names).toEqual(names.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
  });

  it.each(trafficSources)("is of one shape: $name", ({ link }) => {
    const pairs = link.split("&").map((pair) => pair.split(/=(.*)/s) as [string, string]);
    for (const [name, macro] of pairs) {
      expect(name).toMatch(new RegExp(`^[\\w-]{1,${PARAM_NAME_MAX}}$`));
      expect(macro).toMatch(URL_TEXT);
    }
    const names = pairs.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    const labels = Object.values(labelParameters).map((label) => label.names as readonly string[]);
    for (const [place, label] of labels.entries()) {
      // The source is named by the preset itself.
      const most = place === Object.keys(labelParameters).indexOf("source") ? 0 : 1;
      expect(names.filter((name) => label.includes(name)).length).toBeLessThanOrEqual(most);
    }
    expect(names.filter((name) => !labels.flat().includes(name)).length).toBeLessThanOrEqual(PARAMS_MAX);
  });
});

describe("A network's preset", () => {
  const presetOf = (template: object) =>
    networkPreset(
      { name: "n", destination: "sub1={click}", click: "{sub1}", ...template },
      "https://t.example/postback/k",
    );

  it("keeps the network's macros letter by letter, and maps its words in the URL", () => {
    const template = {
      click: "##CLICK_ID##",
      revenue: "$sum",
      currency: "usd",
      uid: "[TID]",
      status: "%TYPE%",
      pending: ["hold", "в работе"],
      approved: ["1"],
      rejected: ["3", "trash"],
    };
    expect(presetOf(template)).toEqual({
      postbackUrl:
        "https://t.example/postback/k?click=##CLICK_ID##&revenue=$sum&currency=usd&uid=[TID]&status=%TYPE%&pending_status=hold,%D0%B2%20%D1%80%D0%B0%D0%B1%D0%BE%D1%82%D0%B5&approved_status=1&rejected_status=3,trash",
      destination: "sub1={click}",
      notes: [],
    });
  });

  it("leaves to the operator which of two amounts the network is to send, where its own template names both", () => {
    const two = networks.filter(({ revenue }) => Array.isArray(revenue) && revenue.includes("##CPA_AMOUNT##"));
    expect(two).toHaveLength(7);
    for (const network of two) {
      const { postbackUrl, notes } = networkPreset(network, "");
      expect(postbackUrl).toContain("&revenue=REPLACE");
      expect(notes).toContainEqual({
        parameter: "revenue",
        text: "Write for REPLACE what you are paid by: ##CPA_AMOUNT## or ##RS_AMOUNT##.",
      });
    }
  });

  it.each([
    ["revenue", {}, "the revenue of its goal"],
    ["revenue", { revenue: "REPLACE" }, "Write the amount for REPLACE"],
    ["revenue", { revenue: ["{a}", "{b}"] }, "Write for REPLACE what you are paid by: {a} or {b}."],
    ["currency", {}, "else in USD"],
    ["currency", { currency: "REPLACE" }, "Write for REPLACE the currency"],
    ["currency", { currency: ["usd", "eur"] }, "that you are paid in: usd or eur."],
    ["status", {}, "sends no status. Write for REPLACE what its postbacks mean: pending, approved or rejected."],
    ["status", { status: "REPLACE", pending: ["reg"], approved: ["dep"] }, "one URL for each of its events"],
    ["status", { status: "REPLACE", pending: ["reg"], approved: ["dep"] }, "reg or dep."],
  ])("says of the %s of %j what is left to do", (parameter, template, text) => {
    const full = { revenue: "{r}", currency: "{c}", status: "{s}", [parameter]: undefined, ...template };
    const { notes, postbackUrl } = presetOf(full);
    expect(notes.map((note) => note.parameter)).toEqual([parameter]);
    expect(notes[0]?.text).toContain(text);
    expect(postbackUrl.includes(`${parameter}=REPLACE`)).toBe(notes[0]?.text.includes("REPLACE"));
  });
});

describe.each(databases)("Presets, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost(database);
  });
  afterAll(() => waypost.close());

  it("are listed by name, and made for a postback key and for a flow", async () => {
    const { key } = await waypost.seedFlow();
    const {
      networks: listed,
      trafficSources: sources,
      ...presets
    } = await waypost.ask(`{
      networks { name } trafficSources { name }
      networkPreset(name: "cake", postbackKeyId: "1") { postbackUrl destination notes { parameter } }
      trafficSourcePreset(name: "adcash.com", flowId: "1") { trackingUrl clickIdParameter }
    }`);
    expect(listed).toEqual(networks.map(({ name }) => ({ name })));
    expect(sources).toEqual(trafficSources.map(({ name }) => ({ name })));
    expect(presets).toEqual({
      networkPreset: {
        postbackUrl: `${waypost.trackerUrl}/postback/${waypost.postbackKey}?click=#s2#&revenue=#price#&uid=#tid#&status=REPLACE`,
        destination: "s2={click}",
        notes: [{ parameter: "currency" }, { parameter: "status" }],
      },
      trafficSourcePreset: {
        trackingUrl: `${waypost.trackerUrl}/c/${key}?utm_source=adcash.com&sub_id=[zone]&utm_campaign=[campaign]&external_id=[clickid]`,
        clickIdParameter: "external_id",
      },
    });
  });

  it("are none where there is no such network, source, key or flow", async () => {
    const { generatePostbackKey: gone } = await waypost.ask("mutation { generatePostbackKey { id } }");
    await waypost.ask("mutation($id: ID!) { deletePostbackKey(id: $id) { id } }", gone);
    const answer = await waypost.ask(
      `query($id: ID!) {
        a: networkPreset(name: "nobody", postbackKeyId: "1") { postbackUrl }
        b: networkPreset(name: "cake", postbackKeyId: $id) { postbackUrl }
        c: networkPreset(name: "cake", postbackKeyId: "x") { postbackUrl }
        d: trafficSourcePreset(name: "nobody", flowId: "1") { trackingUrl }
        e: trafficSourcePreset(name: "Bing.com", flowId: "999") { trackingUrl }
      }`,
      gone,
    );
    expect(Object.values(answer)).toEqual([null, null, null, null, null]);
  });

  /** All of them on one database, some on the other. */
  const someOf = <T>(all: T[]) => (database === "SQLite" ? all : all.filter((_, place) => place % 16 === 0));

  it("of a traffic source bring labels, the source's click id and everything else with the click", async () => {
    const { id, key } = await waypost.seedFlow();
    const expected = new Map<string, object>();
    for (const source of someOf(trafficSources)) {
      const { trackingUrl } = trafficSourcePreset(source, `/c/${key}`);
      // The source fills in its macros: here each with the name of the parameter that it is for.
      const filled = trackingUrl.replace(/([?&])([^=&]+)=([^&]+)/g, (whole, mark, name) =>
        name === "utm_source" ? whole : `${mark}${name}=value+of+${name}`,
      );
      const hash = await waypost.click(filled.slice("/c/".length));
      const { sub_id, utm_campaign, utm_content, utm_term, ...params } = Object.fromEntries(
        source.link.split("&").map((pair) => [pair.split("=")[0], `value of ${pair.split("=")[0]}`]),
      );
      const orNull = (value: string | undefined) => value ?? null;
      expected.set(hash, {
        id: hash,
        source: source.name,
        subId: orNull(sub_id),
        medium: null,
        campaign: orNull(utm_campaign),
        content: orNull(utm_content),
        term: orNull(utm_term),
        params,
      });
    }
    const { clicks } = await waypost.ask(
      "query($id: ID) { clicks(filter: {flowId: $id}, perPage: 500) { items { id source subId medium campaign content term params } } }",
      { id },
    );
    expect(new Map(clicks.items.map((click: { id: string }) => [click.id, click]))).toEqual(expected);
  });

  it("of a network report conversions with the right click, status, amount, currency and uid", async () => {
    const { key } = await waypost.seedFlow();
    const templates = someOf(networks);
    const count = templates.flatMap((network) => networkPostbacks(network, String)).length;
    const clicks = await Promise.all(Array.from({ length: count }, () => waypost.click(key)));
    const postbacks = templates.flatMap((network) => networkPostbacks(network, () => clicks.pop() as string));
    const answers = await Promise.all(
      postbacks.map(async ({ query }) => (await waypost.track(`/postback/${waypost.postbackKey}?${query}`)).json()),
    );
    expect(new Set(answers.map((answer) => (answer as { code: string }).code))).toEqual(new Set(["RECORDED"]));

    const recorded = new Map<string, object>();
    for (let page = 1; recorded.size < count; page += 1) {
      const { conversions } = await waypost.ask(
        "query($page: Int) { conversions(page: $page, perPage: 500) { items { clickHash status revenue currency uid } } }",
        { page },
      );
      for (const { clickHash, ...says } of conversions.items) recorded.set(clickHash, says);
      if (conversions.items.length === 0) break;
    }
    const expected = postbacks.map(({ query, says }) => [
      new URLSearchParams(query).get("click"),
      { ...says, revenue: says.revenue ?? "0.0000", currency: says.currency ?? "USD" },
    ]);
    expect(recorded).toEqual(new Map(expected as [string, object][]));
  });
});
