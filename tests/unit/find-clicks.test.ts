import { describe, expect, it } from "vitest";
import { findClicks } from "../../server/conversions/find-clicks.js";
import { readQuery, type SentParameters } from "../../server/conversions/read-body.js";
import { newId } from "../../server/kit/id.js";
import { parseParameters } from "../../server/kit/parameters.js";
import { form, json, post } from "../kit/bodies.js";
import { openPostbackDoor } from "../kit/doors.js";

const HASH = newId(Date.parse("2026-12-01T12:00:00Z"));
const OTHER = newId(Date.parse("2026-12-02T12:00:00Z"));
const nothing: SentParameters = new Map();
const paths = (body: SentParameters) => findClicks({ query: nothing, body }).map(({ path }) => path);
const ofForm = (text: string) => paths(readQuery(parseParameters(text)));
const ofJson = (value: object) => paths(new Map(Object.entries(value).map(([name, one]) => [name, [one]])));
const enc = encodeURIComponent;
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("A click hash that stands elsewhere", () => {
  it.each<[string, string[], string]>([
    ["under another name", ofForm(`sub1=${HASH}`), "sub1"],
    ["in capitals, with spaces", ofForm(`ref=+${HASH.toUpperCase()}+`), "ref"],
    ["under a name of arrays", ofForm(`click[]=${HASH}`), "click[]"],
    ["under a name of objects", ofForm(`data[click]=${HASH}`), "data[click]"],
    ["among several of one name", ofForm(`x=1&x=${HASH}`), "x[1]"],
    ["in the place of a name", ofForm(HASH), "a name without a value"],
    ["in an object", ofJson({ data: { click_id: HASH } }), "data.click_id"],
    ["in a list", ofJson({ clicks: ["x", HASH] }), "clicks[1]"],
    ["in lists of objects", ofJson({ a: [{ b: [{ c: HASH }] }] }), "a[0].b[0].c"],
    ["deep", ofJson({ a: { b: { c: { d: { e: { f: { g: { h: HASH } } } } } } } }), "a.b.c.d.e.f.g.h"],
    [
      "in JSON as a form",
      ofForm(`{"click":"${HASH}","status":"approved"}`),
      "click inside JSON that was sent as a form",
    ],
    ["in a list as a form", ofForm(`[{"click":"${HASH}"}]`), "[0].click inside JSON that was sent as a form"],
    ["in JSON as a text", ofForm(`payload=${enc(`{"data":{"click_id":"${HASH}"}}`)}`), "data.click_id inside payload"],
    ["in JSON as a text in JSON", ofJson({ event: { body: `{"cid":"${HASH}"}` } }), "cid inside event.body"],
    ["in a text in quotes", ofForm(`sub1=${enc(`"${HASH}"`)}`), "sub1"],
    ["in a URL", ofForm(`url=${enc(`https://x.example/?a=1&click_id=${HASH}#top`)}`), "click_id inside url"],
    [
      "in a URL that is encoded once more",
      ofForm(`url=${enc(enc(`https://x.example/?cid=${HASH}`))}`),
      "cid inside url",
    ],
    ["in a path", ofForm(`url=${enc(`https://x.example/t/${HASH}/1`)}`), "url, among other characters"],
    ["in a query", ofForm(`data=${enc(`a=1&click=${HASH}`)}`), "click inside data"],
    ["with something behind it", ofForm(`sub1=${HASH}_17`), "sub1, among other characters"],
    ["in Base64", ofForm(`cid=${enc(base64(HASH))}`), "cid in Base64"],
    ["in JSON in Base64", ofForm(`d=${enc(base64(JSON.stringify({ click: HASH })))}`), "click inside d in Base64"],
    ["in XML", paths(new Map([["(body)", [`<click>${HASH}</click>`]]])), "(body), among other characters"],
  ])("2.10 is found %s", (_, found, path) => {
    expect(found).toEqual([path]);
  });

  it("2.10 is told once, and others beside it", () => {
    expect(ofForm(`sub1=${HASH}&sub2=${HASH}&sub3=${OTHER}`)).toEqual(["sub1", "sub3"]);
    expect(ofForm(Array.from({ length: 9 }, (_, at) => `sub${at}=${newId(1.8e12 + at)}`).join("&"))).toHaveLength(3);
  });

  it("2.10 is none of another system's: a checksum, a longer text of the same characters, an id with dashes", () => {
    const md5 = "d41d8cd98f00b204e9800998ecf8427e";
    for (const other of [
      `sig=${md5}`,
      `token=${HASH}${HASH}`,
      `order_id=0193a1b2-5d7e-7f60-8182-93a4b5c6d7e8`,
      "x=1",
      "",
    ])
      expect([other, ofForm(other)]).toEqual([other, []]);
    // By its name it might be one of another tracker's.
    expect(ofForm(`click_hash=${md5}`)).toEqual(["click_hash"]);
  });

  it("2.10 is looked for within bounds, whatever comes", () => {
    const nested = `${'{"a":'.repeat(15)}"x"${"}".repeat(15)}`;
    const quoted = (levels: number): string => (levels ? JSON.stringify(quoted(levels - 1)) : HASH);
    for (const hostile of [
      Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`a${at}`, "x".repeat(40)])),
      { a: Array.from({ length: 5000 }, () => nested) },
      { a: "[".repeat(60_000), b: "=&".repeat(30_000), c: "%25".repeat(20_000), d: "A".repeat(60_000) },
      { a: quoted(12) },
    ])
      expect(ofJson(hostile).length).toBeLessThanOrEqual(1);
  });
});

describe("A postback without a click", () => {
  const door = openPostbackDoor();
  const fresh = newId(Date.parse("2026-12-01T12:00:00Z"));

  it("2.10 is told where a click hash stands, and is found by it", async () => {
    const { answer, entry, received } = await door.send(
      "/postback/~key~?status=approved",
      json({ data: { click_id: fresh.toUpperCase() } }),
    );
    expect(answer).toEqual({
      status: 422,
      code: "CLICK_ELSEWHERE",
      message: 'The parameter "click" is missing, but a click hash stands under data.click_id: send it as click.',
      conversionId: null,
    });
    expect(entry).toMatchObject({ clickHash: fresh, clickKey: fresh });
    expect(entry.reading).toContainEqual({
      parameter: "click",
      name: "data.click_id",
      place: "body",
      value: fresh,
      code: "CLICK_ELSEWHERE",
      message: answer.message,
    });
    expect(received).toBeNull();
  });

  it.each<[string, string, RequestInit | undefined, string]>([
    ["Keitaro's name", `/~key~/postback?click=${fresh}`, undefined, "under click: send it as subid."],
    ["an empty click", `/postback/~key~?click=&sub1=${fresh}`, undefined, "under sub1: send it as click."],
    [
      "two hashes",
      `/postback/~key~?sub1=${fresh}&sub2=${OTHER}`,
      undefined,
      "under sub1 and under sub2: send the one that counts",
    ],
    [
      "JSON as a form",
      "/postback/~key~",
      form(`{"click":"${fresh}"}`),
      "under click inside JSON that was sent as a form: send",
    ],
    [
      "the query beside an unreadable body",
      `/postback/~key~?sub1=${fresh}`,
      post("text/plain", "ok"),
      "under sub1: send it",
    ],
  ])("2.10 is told of %s", async (_, path, init, words) => {
    const { answer, entry } = await door.send(path, init);
    expect(answer.code).toBe("CLICK_ELSEWHERE");
    expect(answer.message).toContain(words);
    expect(entry.clickKey).toBe(fresh);
  });

  const elsewhere = `${fresh}&txid=7`;
  it.each<[string, string, RequestInit | undefined, string, string[]]>([
    ["a macro", `?click={clickid}&sub1=${elsewhere}`, undefined, "CLICK_UNREPLACED", ["sub1"]],
    ["a word for nothing", `?cid=null&ref=${elsewhere}`, undefined, "CLICK_UNREPLACED", ["ref"]],
    ["a macro before a name that is read", `?cid={cid}&subid=${elsewhere}`, undefined, "CLICK_UNREPLACED", ["subid"]],
    ["a macro beside a list", "?click=(clickid)", json({ ids: ["x", fresh] }), "CLICK_UNREPLACED", ["ids[1]"]],
    [
      "a macro in a nested text",
      "?click=__CLICK__",
      form(`d=${enc(`{"cid":"${fresh}"}`)}`),
      "CLICK_UNREPLACED",
      ["cid inside d"],
    ],
    ["a macro beside two", `?click=%7Bx%7D&s1=${elsewhere}&s2=${OTHER}`, undefined, "CLICK_UNREPLACED", ["s1", "s2"]],
    ["another's id", `?click=8731&aff_sub=${elsewhere}`, undefined, "CLICK_TOO_SHORT", ["aff_sub"]],
    ["another's long id", `?click=${"1".repeat(40)}&aff_sub=${elsewhere}`, undefined, "CLICK_TOO_LONG", ["aff_sub"]],
    ["a name", `?click=John&s=${elsewhere}`, undefined, "CLICK_WRONG_CHARACTER", ["s"]],
    ["escapes", `?click=%2541&s=${elsewhere}`, undefined, "CLICK_ENCODED_TWICE", ["s"]],
    ["two", `?click=a&click=b&s=${elsewhere}`, undefined, "PARAMETER_TWICE", ["s"]],
    ["a list", `?s=${elsewhere}`, json({ click: ["a"] }), "PARAMETER_NOT_TEXT", ["s"]],
  ])("2.10 is told where a hash stands beside %s, and is found by it", async (_, query, init, code, places) => {
    const { answer, entry, received } = await door.send(`/postback/~key~${query}`, init);
    expect([answer.code, received]).toEqual([code, null]);
    const isOne = places.length === 1;
    const stand = isOne ? "a click hash stands" : "click hashes stand";
    const which = isOne ? "it" : "the one that counts";
    const warning = `Warning: ${stand} under ${places.join(" and under ")}: send ${which} as click.`;
    expect(answer.message.endsWith(` ${warning}`), answer.message).toBe(true);
    expect([entry.clickKey, entry.warned]).toEqual([fresh, true]);
    expect(entry.reading).toContainEqual(
      expect.objectContaining({ parameter: "click", name: places[0], value: fresh, warning }),
    );
    expect(new Set(entry.reading?.map(({ name, place }) => `${place} ${name}`)).size).toBe(entry.reading?.length);
  });

  it("2.10 is told by Keitaro's name on his path, also where ours has the hash", async () => {
    const { answer, entry } = await door.send(`/~key~/postback?subid={sub}&click=${fresh}`);
    expect([answer.code, entry.clickKey]).toEqual(["CLICK_UNREPLACED", fresh]);
    expect(answer.message).toMatch(/ Warning: a click hash stands under click: send it as subid\.$/);
  });

  it("2.10 is told nothing of the hash that its own click has in it, nor of what nobody can tell from a checksum", async () => {
    for (const query of [
      `click="${fresh}"`,
      `click=${fresh}&click=${fresh}`,
      "click={x}&sig=d41d8cd98f00b204e9800998ecf8427e",
    ])
      expect((await door.send(`/postback/~key~?${query}`)).answer.message).not.toContain("Warning");
    const { entry } = await door.send(`/postback/~key~?click="${fresh}"&s=${OTHER}`);
    expect(entry.clickKey).toBe(fresh);
  });

  it("2.10 shows the macro as sent, in the log of the hash that stands beside it", async () => {
    const { entry } = await door.send(`/postback/~key~?click={clickid}&sub1=${fresh.toUpperCase()}`);
    expect(entry).toMatchObject({ clickHash: "{clickid}", clickKey: fresh, payload: { click: "{clickid}" } });
  });

  it("2.10 is found by the hash in a body that cannot be read, which is told first", async () => {
    for (const body of [
      post("text/plain", `click=${fresh}`),
      post("text/xml", `<click>${fresh}</click>`),
      json(`{"click":"${fresh}",`),
    ]) {
      const { answer, entry } = await door.send("/postback/~key~?status=approved", body);
      expect(answer.code).toBe("BODY_UNREADABLE");
      expect(entry).toMatchObject({ clickHash: fresh, clickKey: fresh });
    }
  });

  it.each<[string, string, RequestInit | undefined]>([
    ["quotes", `?click=${enc(`"${fresh}"`)}`, undefined],
    ["brackets", `?click=(${fresh})`, undefined],
    ["a zero width space", `?click=%E2%80%8B${fresh}`, undefined],
    ["dashes", `?click=${fresh.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}`, undefined],
    ["spaces in it", `?click=${fresh.slice(0, 8)}+${fresh.slice(8)}`, undefined],
    ["something behind it", `?click=${fresh.toUpperCase()}_17`, undefined],
    ["a separator that is none", `?click=${fresh};status=approved`, undefined],
    ["an encoding too many", `?click=%25${fresh.charCodeAt(0).toString(16)}${fresh.slice(1)}`, undefined],
    ["a list around it", "", json({ click: [fresh] })],
    ["an object around it", "", json({ click: { id: fresh } })],
    ["the same beside it", `?click=${fresh}&click=${fresh}`, undefined],
  ])("2.10 is found by the hash that it has with %s, though it is refused", async (_, query, init) => {
    const { answer, entry, received } = await door.send(`/postback/~key~${query}`, init);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(received).toBeNull();
    expect([answer.code, entry.clickKey]).toEqual([expect.stringMatching(/^CLICK_|^PARAMETER_/), fresh]);
    expect(answer.code).not.toBe("CLICK_MISSING");
  });

  it.each([
    ["clickId", json({ clickId: fresh })],
    ["CLICK", form(`CLICK=${fresh}`)],
    ["amp;click", form(`a=1&amp;click=${fresh}`)],
    [" click ", json({ " click ": fresh })],
  ])("1.2 has one where its name is only written otherwise: %s", async (_, init) => {
    const { answer, received } = await door.send("/postback/~key~", init);
    expect([answer.code, received?.clickHash]).toEqual(["RECORDED", fresh]);
  });
});
