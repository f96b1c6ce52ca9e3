import { beforeEach, describe, expect, it } from "vitest";
import { readDestination } from "../../server/catalog/destination.js";
import { type Flow } from "../../server/catalog/flow.js";
import { type TrackedPath } from "../../server/catalog/tracked-catalog.js";
import { type ClickRow } from "../../server/clicks/store-clicks.js";
import { PARAMS_MAX } from "../../server/clicks/visitor.js";
import { type ClickDoor, openClickDoor, PLAIN_FLOW } from "../kit/doors.js";

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const DEFAULTS = { defaultSubId: "di", defaultSource: "ds", defaultMedium: "dm" };
const pathTo = (url: string) =>
  ({ id: 7, weight: 100, url, destination: readDestination(url) }) as unknown as TrackedPath;

let door: ClickDoor;
const addFlow = (key: string, url = "https://example.com/", flow: object = DEFAULTS) =>
  door.flows.set(key, { flow: { ...PLAIN_FLOW, id: 1, key, ...flow } as Flow, paths: [pathTo(url)] });
beforeEach(() => {
  door = openClickDoor();
  addFlow("flow");
});

/** Opens a target as it is written, and what of it is counted. */
async function open(target: string, headers: Record<string, string> = {}, method = "GET") {
  const lines = Object.entries({ host: "x", connection: "close", ...headers }).map((header) => header.join(": "));
  const wire = await door.connect();
  await wire.send([`${method} ${target} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
  const [head = "", body] = (await wire.finish()).split("\r\n\r\n");
  const { values } = (await door.metrics.registry.getSingleMetric("clicks_total")?.get()) ?? { values: [] };
  const counted = values.filter(({ value }) => value > 0).map(({ labels }) => labels.answer);
  return { status: Number(head.split(" ")[1]), head, body, counted, click: door.clicks.at(-1) as ClickRow };
}

describe("A tracking URL's path", () => {
  it.each([
    ["one slash at the end", "/c/flow/?sub_id=1"],
    ["capitals", "/c/FLOW?sub_id=1"],
    ["capitals and small letters", "/c/Flow/?sub_id=1"],
    ["escapes", "/c/%66l%6Fw?sub_id=1"],
    ["escapes of capitals", "/c/%46LOW?sub_id=1"],
    ["an ampersand for the question mark", "/c/flow&sub_id=1"],
    ["one behind a slash", "/c/flow/&sub_id=1"],
    ["one behind capitals", "/c/FLOW&sub_id=1"],
    ["one as an escape", "/c/flow%26sub_id=1"],
    ["one as HTML writes it", "/c/flow&amp;sub_id=1"],
    ["one as WordPress writes it", "/c/flow&#038;sub_id=1"],
    ["another host", "http://track.example/c/flow/?sub_id=1"],
    ["another host and an ampersand", "http://track.example/c/flow&sub_id=1"],
    ["an ampersand behind the question mark", "/c/flow?&sub_id=1"],
    ["nothing but an escape in the route", "/%63/flow&sub_id=1"],
    ["capitals in the query, too", "/c/FLOW?SUB_ID=1"],
    ["a question mark as an escape", "/c/flow%3Fsub_id=1"],
    ["one behind a slash, in small letters", "/c/flow/%3fsub_id=1"],
    ["all of it encoded once more", "/c/flow%3Fsub_id%3D1%26amp%3Bsub_id%3D2"],
    ["two question marks", "/c/flow??sub_id=1"],
  ])("1.7 is the flow's: %s", async (_, target) => {
    for (const method of ["HEAD", "GET"]) {
      const { status, click } = await open(target, {}, method);
      expect(status).toBe(302);
      if (method === "GET") expect([click.flowId, click.subId, click.params]).toEqual([1, "1", {}]);
    }
  });

  it.each([
    ["values with escapes", "/c/flow&sub_id=a%26b&kw=caf%C3%A9+100%", { sub_id: "a&b", kw: "café 100%" }],
    [
      "values with slashes",
      "/c/flow&sub_id=a/b&url=https://x.example/y/",
      { sub_id: "a/b", url: "https://x.example/y/" },
    ],
    ["what a traffic source adds behind its own `?`", "/c/flow&sub_id=1?fbclid=2", { sub_id: "1", fbclid: "2" }],
    ["nothing", "/c/flow&", {}],
    ["escapes once more", "/c/flow%26sub_id%3Da%252Fb%26kw%3D1", { sub_id: "a/b", kw: "1" }],
  ])("1.7 may have %s behind an ampersand", async (_, target, values) => {
    const { sub_id = "di", ...params } = values as Record<string, string>;
    const { status, click } = await open(target);
    expect([status, click.subId, click.params]).toEqual([302, sub_id, params]);
  });

  it.each([
    ["two slashes at the end", "/c/flow//"],
    ["two slashes within", "/c//flow"],
    ["nothing", "/c/"],
    ["a further folder", "/c/flow/more"],
    ["a semicolon", "/c/flow;sub_id=1"],
    ["a space", "/c/flow%20"],
    ["a slash as an escape", "/c/a%2Fflow"],
    ["two letters in one", "/c/%EF%AC%82ow"],
    ["NUL", "/c/flow%00"],
    ["what is no UTF-8", "/c/flow%ff"],
    ["the Kelvin sign, which is k in small letters", "/c/%E2%84%AA"],
  ])("1.7 is nobody's, and counted: %s", async (_, target) => {
    addFlow("k");
    const { status, counted } = await open(target);
    expect([status, counted]).toEqual([404, ["FLOW_NOT_FOUND"]]);
    expect(door.clicks).toEqual([]);
  });
});

describe("A look ahead", () => {
  it.each([
    ["sec-purpose", "prefetch"],
    ["sec-purpose", "prefetch;prerender"],
    ["sec-purpose", "prefetch;anonymous-client-ip"],
    ["Sec-Purpose", "PREFETCH"],
    ["purpose", "prefetch"],
    ["purpose", "preview"],
    ["x-purpose", "preview"],
    ["x-purpose", ": preview"],
    ["x-moz", "prefetch"],
    ["purpose", "prerender"],
  ])("1.8 is answered 503, empty, and not recorded: %s: %s", async (name, value) => {
    for (const method of ["GET", "HEAD"]) {
      const { status, head, body, counted } = await open("/c/flow", { "user-agent": CHROME, [name]: value }, method);
      expect([status, body, counted]).toEqual([503, "", ["LOOK_AHEAD"]]);
      expect(head).toMatch(/^cache-control: no-store\r$/im);
      expect(head).not.toMatch(/^(location|retry-after):/im);
    }
    expect(door.clicks).toEqual([]);
  });

  it("1.8 is one if any of the headers says so", async () => {
    expect((await open("/c/flow", { "sec-purpose": "", purpose: "other", "x-moz": "prefetch" })).status).toBe(503);
  });

  it.each([
    ["sec-purpose", ""],
    ["purpose", "other"],
    ["sec-fetch-dest", "document"],
  ])("1.8 is none with %s: %s", async (name, value) => {
    const { status, click } = await open("/c/flow", { "user-agent": CHROME, [name]: value });
    expect([status, click.bot]).toEqual([302, false]);
  });
});

describe("The labels of a link", () => {
  it.each([
    ["copied from HTML", "sub_id=1&amp;utm_source=fb&amp;utm_medium=cpc"],
    ["copied so, three times over", "sub_id=1&amp;amp;utm_source=fb&amp;amp;amp;utm_medium=cpc"],
    ["copied so and encoded", "amp%3Bsub_id=1&amp%3butm_source=fb&%61mp;utm_medium=cpc"],
    ["written by WordPress", "sub_id=1&%23038;utm_source=fb&#038;utm_medium=cpc"],
    ["in capitals", "SUB_ID=1&UTM_SOURCE=fb&UTM_MEDIUM=cpc"],
    ["with capitals", "Sub_Id=1&Source=fb&Utm_Medium=cpc"],
    ["with escapes", "sub%5Fid=1&utm%5fsource=fb&utm%5Fmedium=cpc"],
    ["with spaces", "%20sub_id=1&utm_source+=fb&%09utm_medium%C2%A0=cpc"],
    ["with characters that nobody sees", "%E2%80%8Bsub_id=1&utm%C2%AD_source=fb&%E2%80%8Eutm_medium%E2%81%A0=cpc"],
    ["behind a question mark more", "?sub_id=1&utm_source=fb&?utm_medium=cpc"],
    ["behind a byte order mark", "%EF%BB%BFsub_id=1&utm_source=fb&utm_medium=cpc"],
    ["with spaces around the values", "sub_id=+1+&utm_source=%09fb&utm_medium=cpc%20"],
    ["and plainly too", "SUB_ID=2&sub_id=1&amp;utm_source=x&utm_source=fb&utm_medium=cpc"],
    ["and plainly by another name", "SUB_ID=2&subid=1&UTM_SOURCE=x&source=fb&utm_medium=cpc"],
    ["and plainly but empty", "sub_id=&SUB_ID=1&utm_source=%20&amp;utm_source=fb&utm_medium=cpc"],
    ["twice, of which the first counts", "SUB_ID=1&Sub_Id=2&UTM_SOURCE=fb&UTM_SOURCE=x&utm_medium=cpc"],
  ])("1.3 are read by names as they are written: %s", async (_, query) => {
    addFlow("flow", "https://example.com/?s={sub_id}&u={source}");
    const { click } = await open(`/c/flow?${query}`);
    expect(click).toMatchObject({
      subId: "1",
      source: "fb",
      medium: "cpc",
      params: {},
      destinationUrl: "https://example.com/?s=1&u=fb",
    });
  });

  it("1.3 leave what is no name of ours as it is written", async () => {
    const { click } = await open("/c/flow?Key=1&amp;kw=2&sub id=3&ampsub_id=4&utm-source=5");
    expect(click.subId).toBe("di");
    expect(click.params).toEqual({ Key: "1", "amp;kw": "2", "sub id": "3", ampsub_id: "4", "utm-source": "5" });
  });

  it.each([
    ["as in the macro", "kw=1&KW=2", "1"],
    ["copied from HTML", "sub_id=1&amp;kw=1", "1"],
    ["in capitals", "KW=1", "1"],
    ["with spaces", "+kw+=1", "1"],
    ["twice, of which the first counts", "Kw=1&KW=2", "1"],
    ["not at all", "kv=1", ""],
  ])("1.3 are no different from {query.NAME}, whose name is written %s", async (_, query, value) => {
    addFlow("flow", "https://example.com/?k={query.kw}");
    expect((await open(`/c/flow?${query}`)).click.destinationUrl).toBe(`https://example.com/?k=${value}`);
  });

  it.each([
    ["caf%C3%A9+100%", "café 100%", "caf%C3%A9%20100%25"],
    ["%adid%", "%adid%", "%25adid%25"],
    ["%u00e9", "%u00e9", "%25u00e9"],
    ["%2541", "%41", "%2541"],
    ["%00", "\0", "%00"],
    ["M%FCller", "M%FCller", "M%25FCller"],
    ["%C0%AF", "%C0%AF", "%25C0%25AF"],
    ["a\\b", "a\\b", "a%5Cb"],
    ["a?b?c", "a?b?c", "a%3Fb%3Fc"],
    ["a#b", "a#b", "a%23b"],
    ["a=b==", "a=b==", "a%3Db%3D%3D"],
    ["a;b", "a;b", "a%3Bb"],
  ])("1.4 are decoded run by run, and so are parameters and macros: %s", async (sent, value, filled) => {
    addFlow("flow", "https://example.com/?s={sub_id}&k={query.kw}");
    const { click } = await open(`/c/flow?sub_id=${sent}&kw=${sent}`);
    expect([click.subId, click.params.kw]).toEqual([value, value]);
    expect(click.destinationUrl).toBe(`https://example.com/?s=${filled}&k=${filled}`);
  });
});

describe("What is too long or too much", () => {
  const x = (length: number) => "x".repeat(length);

  it.each([
    ["sub_id", "subId"],
    ["utm_source", "source"],
    ["utm_medium", "medium"],
    ["utm_campaign", "campaign"],
    ["utm_content", "content"],
    ["utm_term", "term"],
  ] as const)("1.6 is more than 512 characters: %s", async (name, field) => {
    addFlow("flow", `https://example.com/?v={${name}}`);
    for (const whole of [x(310), x(512), "😀".repeat(512)]) {
      const { click } = await open(`/c/flow?${name}=${encodeURIComponent(whole)}`);
      expect([click[field], click.truncated]).toEqual([whole, null]);
      expect(click.destinationUrl).toBe(`https://example.com/?v=${encodeURIComponent(whole)}`);
    }
    for (const [sent, kept] of [
      [x(513), x(512)],
      [`${x(511)}😀x`, `${x(511)}😀`],
      [`  ${x(513)}  `, x(512)],
    ] as const) {
      const { click } = await open(`/c/flow?${name}=${encodeURIComponent(sent)}`);
      expect([click[field], click.truncated]).toEqual([kept, name]);
    }
    expect((await open(`/c/flow?${name}=${x(512)}%20%20`)).click.truncated).toBeNull();
  });

  it.each([
    ["a label by another name", `subid=${x(600)}`, {}, "sub_id"],
    ["a label that is not plainly written", `amp;SUB_ID=${x(600)}`, {}, "sub_id"],
    ["a label that does not count", `sub1=${x(600)}&sub_id=1`, {}, null],
    ["a further value", `kw=${x(513)}&a=1`, {}, "query.kw"],
    ["a further name", `${"n".repeat(65)}=1`, {}, `query.${"n".repeat(64)}`],
    ["two of them", `kw=${x(513)}&a=${x(513)}`, {}, "query.kw, query.a"],
    ["too many", Array.from({ length: PARAMS_MAX + 1 }, (_, index) => `p${index}=1`).join("&"), {}, "query"],
    ["as many as may be", Array.from({ length: PARAMS_MAX }, (_, index) => `p${index}=1`).join("&"), {}, null],
    ["1,000 parameters", Array.from({ length: 1000 }, (_, index) => `p${index}=1`).join("&"), {}, "query"],
    ["the browser", "", { "user-agent": x(513) }, "user_agent"],
    ["the page", "", { referer: `https://ref.example/${x(1024)}` }, "referrer"],
    ["the language", "", { "accept-language": x(36) }, "language"],
    ["a repeated name, of which the first counts", "kw=1&kw=2", {}, null],
  ])("1.6 is marked on the click: %s", async (_, query, headers, truncated) => {
    expect((await open(`/c/flow?${query}`, headers)).click.truncated).toBe(truncated);
  });

  it("1.6 is marked when a value is left out of the destination", async () => {
    addFlow("flow", `https://example.com/?a=${"{query.a}".repeat(30)}`);
    const { click } = await open(`/c/flow?a=${"%C3%A9".repeat(512)}`);
    expect(click.truncated).toBe("destination");
  });

  it("1.6 is marked in at most 512 characters", async () => {
    const names = Array.from({ length: PARAMS_MAX }, (_, index) => `${"n".repeat(62)}${index + 10}${index}`);
    const { status, click } = await open(`/c/flow?${names.map((name) => `${name}=1`).join("&")}`);
    expect([status, click.truncated?.length]).toEqual([302, 512]);
  });
});
