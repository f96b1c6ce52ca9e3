import { describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { readDestination } from "../../server/catalog/destination.js";
import { NO_RULES } from "../../server/catalog/postback-key.js";
import { foldWord } from "../../server/catalog/words.js";
import { labelParameters, PARAM_NAME_MAX, PARAMS_MAX } from "../../server/clicks/visitor.js";
import { networks } from "../../server/presets/network.js";
import { networkPreset } from "../../server/presets/network-preset.js";
import { trafficSourcePreset, trafficSources } from "../../server/presets/traffic-source.js";
import { openClickDoor, PLAIN_FLOW } from "../kit/doors.js";
import { filledLink, labelsOf } from "../kit/traffic-source-clicks.js";

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
      defaultStatus: null,
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
    ["status", {}, "a new conversion has this key's default status, pending. Set it to approved"],
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

describe("2.1 The preset of a network that sends no status", () => {
  const silent = networks.filter(({ status }) => status === undefined);

  it.each(silent)("2.1 leaves the status to the key's default: $name", (network) => {
    const { postbackUrl, defaultStatus, notes } = networkPreset(network, "");
    expect(postbackUrl).not.toContain("status=REPLACE");
    expect(new URLSearchParams(postbackUrl).has("status")).toBe(false);
    expect(defaultStatus).toBe("APPROVED");
    expect(notes.find(({ parameter }) => parameter === "status")?.text).toContain("Set it to approved");
  });

  it("2.1 asks for nothing where the key's default is approved already", () => {
    const [network] = silent as [(typeof silent)[number]];
    const { defaultStatus, notes } = networkPreset(network, "", {
      ...NO_RULES,
      defaultStatus: ConversionStatus.APPROVED,
    });
    expect(defaultStatus).toBeNull();
    expect(notes.find(({ parameter }) => parameter === "status")?.text).toMatch(/default status, approved\.$/);
  });
});

describe("A traffic source's preset", () => {
  const door = openClickDoor();
  const path = { id: 1, weight: 1, url: "", destination: readDestination("https://example.com/") };
  door.flows.set("flow", { flow: { ...PLAIN_FLOW, id: 1, key: "flow" }, paths: [path as never] } as never);

  it.each(trafficSources)("brings labels, the source's click id and everything else: $name", async (source) => {
    const response = await door.track(filledLink(trafficSourcePreset(source, "/c/flow").trackingUrl));
    expect(response.status).toBe(302);
    expect(door.clicks.at(-1)).toMatchObject(labelsOf(source));
  });
});
