import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPayload, PAYLOAD_MAX } from "../../server/conversions/payload.js";

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const isOwn = (name: string) => ["click", "status", "approved_status"].includes(name);
const payloadOf = (sent: [string, unknown[]][]) => createPayload(new Map(sent), isOwn);

describe("The payload of a log entry", () => {
  it.each<[string, [string, unknown[]][], unknown]>([
    ["nothing", [], {}],
    ["one value", [["a", ["1"]]], { a: "1" }],
    ["a repeated name as an array", [["a", ["1", "2"]]], { a: ["1", "2"] }],
    ["values that are no text", [["a", [{ b: [null, true] }]]], { a: { b: [null, true] } }],
    ["names of every object", [["constructor", ["1"]]], { constructor: "1" }],
  ])("keeps %s", (_, sent, payload) => {
    expect(payloadOf(sent)).toEqual({ payload, payloadCut: false });
  });

  it("keeps the name __proto__ as a name like others", () => {
    const { payload } = payloadOf([["__proto__", ["1"]]]);
    expect(JSON.stringify(payload)).toBe('{"__proto__":"1"}');
  });

  it("keeps exactly 8 KiB whole, and cuts one byte more", () => {
    const whole = PAYLOAD_MAX - '{"a":""}'.length;
    expect(payloadOf([["a", ["x".repeat(whole)]]]).payloadCut).toBe(false);
    const { payload, payloadCut } = payloadOf([["a", ["x".repeat(whole + 1)]]]);
    expect(payloadCut).toBe(true);
    expect(payload.a).toBe(`${"x".repeat(whole - 3)}…`);
    expect(bytesOf(payload)).toBe(PAYLOAD_MAX);
  });

  it("never cuts within a character", () => {
    const { payload } = payloadOf([["a", ["😀".repeat(PAYLOAD_MAX)]]]);
    expect(String(payload.a).isWellFormed()).toBe(true);
    expect(bytesOf(payload)).toBeGreaterThan(PAYLOAD_MAX - 8);
  });

  const items = Array.from({ length: 300 }, (_, place) => ({ sku: `SKU-${place}`, name: "A thing", price: "9.99" }));

  it("1.9 keeps what is read whole, wherever it stands, and short values beside a long one", () => {
    const { payload, payloadCut } = payloadOf([
      ["line_items", [items]],
      ["note", ["x".repeat(20_000)]],
      ["customer", ["7"]],
      ["click", ["019aab3c5d7e4f60718293a4b5c6d7e8"]],
      ["status", ["processing"]],
    ]);
    expect(payloadCut).toBe(true);
    expect(payload).toMatchObject({ customer: "7", click: "019aab3c5d7e4f60718293a4b5c6d7e8", status: "processing" });
    expect(Object.keys(payload)).toEqual(["line_items", "note", "customer", "click", "status"]);
    expect(payload.line_items).toMatch(/^\[\{"sku":"SKU-0","name":"A thing".*…$/);
    expect(payload.note).toMatch(/^x{3000,}…$/);
    expect(bytesOf(payload)).toBeGreaterThan(PAYLOAD_MAX - 24);
    expect(bytesOf(payload)).toBeLessThanOrEqual(PAYLOAD_MAX);
  });

  it("1.9 leaves out the last where there are too many, and cuts what is read when that alone is too long", () => {
    const many = Array.from({ length: 2000 }, (_, place): [string, unknown[]] => [`name-${place}`, ["value"]]);
    const { payload } = payloadOf([...many, ["click", ["1"]]]);
    const names = Object.keys(payload);
    expect(names.slice(0, -1)).toEqual(many.slice(0, names.length - 1).map(([name]) => name));
    expect(names.at(-1)).toBe("click");
    const long = payloadOf([...many, ["approved_status", ["word,".repeat(4000)]], ["status", ["1"]]]);
    expect(long.payload).toEqual({ approved_status: expect.stringMatching(/^word,.*…$/), status: "1" });
  });

  it("holds 8 KiB at most and is a beginning of what was sent, marked where something is missing", () => {
    const character = fc.constantFrom("a", "é", "😀", "\ud800", "\0", '"', "\\", "\u2028");
    const value = fc.tuple(character, fc.nat(6000)).map(([text, times]) => text.repeat(times));
    const name = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom("click", "status", "approved_status"));
    const sent = fc.dictionary(name, fc.oneof(value, fc.array(value, { maxLength: 3 })), {
      noNullPrototype: true,
      maxKeys: 6,
    });
    fc.assert(
      fc.property(sent, (parameters) => {
        const entries = Object.entries(parameters);
        const { payload, payloadCut } = payloadOf(
          entries.map(([key, given]) => [key, Array.isArray(given) ? given : [given]]),
        );
        expect(bytesOf(payload)).toBeLessThanOrEqual(PAYLOAD_MAX);
        const kept = Object.entries(payload);
        const isWhole = ([key, given]: [string, unknown]) =>
          JSON.stringify(given) === JSON.stringify(unwrapped(parameters[key]));
        expect(payloadCut).toBe(kept.length < entries.length || !kept.every(isWhole));
        const ownSize = bytesOf(Object.fromEntries(entries.filter(([key]) => isOwn(key))));
        if (ownSize < PAYLOAD_MAX - 100) expect(kept.filter(([key]) => isOwn(key)).every(isWhole)).toBe(true);
        for (const one of kept.filter((each) => !isWhole(each))) {
          const given = unwrapped(parameters[one[0]]);
          const text = typeof given === "string" ? given : JSON.stringify(given);
          expect(one[1]).toMatch(/…$/s);
          expect(text.startsWith(String(one[1]).slice(0, -1))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function unwrapped(given: unknown): unknown {
  return Array.isArray(given) && given.length === 1 ? given[0] : given;
}
