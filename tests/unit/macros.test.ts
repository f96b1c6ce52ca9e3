import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DESTINATION_MAX, type Destination, readDestination } from "../../server/catalog/destination.js";
import { macros, macroTable } from "../../server/catalog/macros.js";
import { FILLED_MAX, fillMacros, type MacroValues } from "../../server/clicks/fill-macros.js";

const NO_VALUES = Object.fromEntries(Object.keys(macros).map((name) => [name, ""])) as MacroValues["named"];
const values = (named: Partial<MacroValues["named"]>, query: Record<string, string> = {}): MacroValues => ({
  named: { ...NO_VALUES, ...named },
  query,
});

function destination(url: string): Destination {
  const read = readDestination(url);
  if ("problem" in read) throw new Error(read.problem);
  return read;
}

const problemOf = (url: string) => {
  const read = readDestination(url);
  return "problem" in read ? read.problem : null;
};

describe("A destination URL", () => {
  it.each([
    "https://example.com",
    "http://example.com/",
    "HTTPS://Example.COM/Path?a=b#c",
    "https://example.com:8443/p",
    "https://user:secret@example.com/p",
    "https://127.0.0.1/p",
    "https://[2001:db8::1]:8443/p",
    "https://example.com/a%20b%2F?x=%7Bno-macro%7D",
    "https://example.com//double//slash",
    "https://example.com/?redirect=https://other.example/",
    "https://example.com/@user:1/",
  ])("is sent as typed: %s", (url) => {
    expect(fillMacros(destination(url), values({}))).toBe(url);
  });

  it.each([
    ["letters beyond ASCII", "https://example.com/ü?ö=ß", "https://example.com/%C3%BC?%C3%B6=%C3%9F"],
    ["an international host", "https://bücher.example/x", "https://xn--bcher-kva.example/x"],
    ["an international host with a port", "https://bücher.example:8443/x", "https://xn--bcher-kva.example:8443/x"],
    [
      "user and password before one",
      "https://us%40er:pä@bücher.example/x",
      "https://us%40er:p%C3%A4@xn--bcher-kva.example/x",
    ],
    ["a user beyond ASCII", "https://jürgen@example.com?x", "https://j%C3%BCrgen@example.com?x"],
    ["an emoji", "https://example.com/😀", "https://example.com/%F0%9F%98%80"],
    ["half of a character", "https://example.com/\ud83d", "https://example.com/%EF%BF%BD"],
  ])("with %s goes into a header encoded", (_, url, sent) => {
    expect(fillMacros(destination(url), values({}))).toBe(sent);
  });

  it.each([
    ["nothing", "", "absolute"],
    ["a relative URL", "/landing", "absolute"],
    ["a host alone", "example.com", "absolute"],
    ["a URL without scheme", "//evil.example/x", "absolute"],
    ["a script", "javascript:alert(1)", "absolute"],
    ["data", "data:text/html,x", "absolute"],
    ["another scheme", "ftp://example.com/", "absolute"],
    ["one slash", "https:/example.com/", "absolute"],
    ["backslashes", "https:\\\\example.com/", "absolute"],
    ["a space before", " https://example.com/", "absolute"],
    ["no host", "https://", ""],
    ["no host and a path", "https:///example.com/", ""],
    ["no host and a query", "https://?x", ""],
    ["a space within", "https://example.com/a b", "encode"],
    ["a tab", "https://example.com/a\tb", "encode"],
    ["CR LF", "https://example.com/\r\nSet-Cookie: a=b", "encode"],
    ["NUL", "https://example.com/\0", "encode"],
    ["a backslash", "https://example.com\\@evil.example/", "encode"],
    ["a line separator", "https://example.com/\u2028", "encode"],
    ["a port out of range", "https://example.com:99999/", "open"],
    ["a host that is none", "https://exa%20mple.com/", "open"],
    ["a full-width slash in the host", "https://example.com／x/", "open"],
    ["an unclosed bracket", "https://[::1/", "open"],
    ["a macro as host", "https://{sub_id}/", "macro"],
    ["a macro as host, host left empty", "https:///{sub_id}/", ""],
    ["a macro after the host without slash", "https://example.com{sub_id}", "macro"],
    ["a macro as subdomain", "https://{sub_id}.example.com/", "macro"],
    ["a macro as port", "https://example.com:{sub_id}/", "macro"],
    ["a macro as user", "https://{sub_id}@example.com/", "macro"],
    ["a macro as password", "https://user:{sub_id}@example.com/", "macro"],
    ["a macro as scheme", "{sub_id}://example.com/", "absolute"],
    ["a macro as everything", "{query.url}", "absolute"],
    ["a brace in the host", "https://exa}mple.com/", "macro"],
    ["an unknown macro", "https://example.com/{klick}", "unknown"],
    ["a macro in capitals", "https://example.com/{CLICK}", "unknown"],
    ["a macro with spaces", "https://example.com/{%20click}", "unknown"],
    ["an empty macro", "https://example.com/{}", "unknown"],
    ["a macro of every object", "https://example.com/{constructor}", "unknown"],
    ["a macro of every prototype", "https://example.com/{__proto__}", "unknown"],
    ["a query macro without name", "https://example.com/{query.}", "unknown"],
    ["a query macro with a name too long", `https://example.com/{query.${"n".repeat(65)}}`, "unknown"],
    ["a brace alone", "https://example.com/{click", "brace"],
    ["a closing brace alone", "https://example.com/click}", "brace"],
    ["a macro within a macro", "https://example.com/{query.{click}}", "brace"],
    ["65 macros", `https://example.com/${"{click}".repeat(65)}`, "64"],
    ["too long", `https://example.com/${"x".repeat(DESTINATION_MAX)}`, String(DESTINATION_MAX)],
  ])("is refused in words: %s", (_, url, words) => {
    expect(problemOf(url)).toContain(words);
  });

  it("names all macros where one is unknown", () => {
    const problem = problemOf("https://example.com/{what}") ?? "";
    for (const { macro } of macroTable()) expect(problem).toContain(macro);
  });
});

describe("Filling macros", () => {
  it("knows every macro that is offered", () => {
    for (const name of Object.keys(macros) as (keyof typeof macros)[]) {
      expect(fillMacros(destination(`https://example.com/{${name}}`), values({ [name]: "a/b" }))).toBe(
        "https://example.com/a%2Fb",
      );
    }
  });

  it.each([
    ["the visitor's parameter", "{query.a}", { a: "1" }, "1"],
    ["another one", "{query.a}", { b: "1" }, ""],
    ["a name with a dot", "{query.a.b}", { "a.b": "1" }, "1"],
    ["a name of every object", "{query.constructor}", {}, ""],
    ["a name of every prototype", "{query.__proto__}", {}, ""],
    ["a method of every object", "{query.toString}", {}, ""],
    ["a parameter that is a macro", "{query.a}", { a: "{click}" }, "%7Bclick%7D"],
    ["two in a row", "{query.a}{query.b}", { a: "&", b: "=" }, "%26%3D"],
    ["a replacement pattern", "{query.a}", { a: "$&$1" }, "%24%26%241"],
  ])("puts in %s", (_, macro, query, filled) => {
    expect(fillMacros(destination(`https://example.com/${macro}`), values({ click: "HASH" }, query))).toBe(
      `https://example.com/${filled}`,
    );
  });

  it.each([
    "//evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "@evil.example",
    ".evil.example",
    ":80@evil.example",
    "\r\nLocation: https://evil.example",
    "%0d%0aSet-Cookie:a=b",
    "%2f%2fevil.example",
    "?evil#evil",
    "\0",
    "／／evil.example",
    "\u202eevil",
  ])("keeps %j from changing host or structure, wherever it stands", (value) => {
    for (const place of ["/{query.v}", "?{query.v}", "#{query.v}", "/a/{query.v}/b?c={query.v}#{query.v}"]) {
      const sent = fillMacros(destination(`https://example.com${place}`), values({}, { v: value }));
      expect(new URL(sent).origin).toBe("https://example.com");
      expect(sent).toMatch(/^[\x21-\x7e]+$/);
      expect(sent.split("/").length).toBe(place.split("/").length + 2);
    }
  });

  it.each([
    ["two dots as a folder", "/a/{query.v}/b", "..", "/a//b"],
    ["one dot as a folder", "/a/{query.v}/b", ".", "/a//b"],
    ["two dots at the end of the path", "/a/{query.v}?b={query.v}", "..", "/a/?b=.."],
    ["two dots from two values", "/a/{query.v}{query.v}/b", ".", "/a//b"],
    ["two dots with a dot of the operator's", "/a/.{query.v}", ".", "/a/."],
    ["three dots, which are a name", "/a/{query.v}", "...", "/a/..."],
    ["dots in a longer value", "/a/{query.v}", "v1.2", "/a/v1.2"],
    ["dots in the query", "?a={query.v}", "..", "?a=.."],
    ["dots in the fragment", "#/{query.v}/", "..", "#/../"],
  ])("lets no value step to another folder: %s", (_, place, v, filled) => {
    const sent = fillMacros(destination(`https://example.com${place}`), values({}, { v }));
    expect(sent).toBe(`https://example.com${filled}`);
  });

  const text = fc.string({ unit: "binary", maxLength: 60 }).map((value) => value.toWellFormed());

  it("always gives a URL of the configured host, from which the values can be read again", () => {
    fc.assert(
      fc.property(text, text, text, (sub_id, utm_term, own) => {
        const template = destination("https://example.com:8443/p/?a={sub_id}&b={utm_term}&c={query.own}&d={click}");
        const sent = fillMacros(template, values({ sub_id, utm_term, click: "HASH" }, { own }));
        expect(sent).toMatch(/^[\x21-\x7e]+$/);
        const url = new URL(sent);
        expect(url.origin).toBe("https://example.com:8443");
        expect([...url.searchParams]).toEqual([
          ["a", sub_id],
          ["b", utm_term],
          ["c", own],
          ["d", "HASH"],
        ]);
      }),
    );
  });

  it("gives the configured host for whatever operators are allowed to save", () => {
    const piece = fc.oneof(
      fc.constantFrom("/", "?", "#", "@", ":", "\\", "{sub_id}", "{query.v}", "{", "}", "//", "evil.example", "ü", " "),
      fc.string({ unit: "binary", maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), text, (pieces, value) => {
        const url = `https://example.com/${pieces.join("")}`;
        const read = readDestination(url);
        if ("problem" in read) return;
        const sent = fillMacros(read, values({ sub_id: value }, { v: value }));
        expect(new URL(sent).origin).toBe("https://example.com");
        expect(sent).toMatch(/^[\x21-\x7e]+$/);
      }),
      { numRuns: 2000 },
    );
  });

  it("has the same host with every value, wherever operators are allowed to put a macro", () => {
    const piece = fc.constantFrom("/", "?", "#", "@", ":", "{sub_id}", "//", "example.com", "user", "443", ".");
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 7 }), text, (pieces, value) => {
        const read = readDestination(`https://${pieces.join("")}`);
        if ("problem" in read) return;
        const hostWith = (sub_id: string) => new URL(fillMacros(read, values({ sub_id }))).host;
        expect(hostWith(value)).toBe(hostWith("x"));
        expect(hostWith("evil.example")).toBe(hostWith("x"));
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves out what would make the URL too long, never the click hash", () => {
    const template = destination("https://example.com/?a={user_agent}&b={referrer}&c={sub_id}&click={click}");
    const long = "ü".repeat(FILLED_MAX / 6 - 20);
    const sent = new URL(
      fillMacros(template, values({ user_agent: long, referrer: long, sub_id: "s", click: "HASH" })),
    );
    expect(Object.fromEntries(sent.searchParams)).toEqual({ a: long, b: "", c: "s", click: "HASH" });
  });
});
