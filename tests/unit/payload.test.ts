import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPayload, PAYLOAD_MAX } from "../../server/conversions/payload.js";

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe("The payload of a log entry", () => {
  it.each<[string, [string, unknown[]][], unknown]>([
    ["nothing", [], {}],
    ["one value", [["a", ["1"]]], { a: "1" }],
    ["a repeated name as an array", [["a", ["1", "2"]]], { a: ["1", "2"] }],
    ["values that are no text", [["a", [{ b: [null, true] }]]], { a: { b: [null, true] } }],
    ["names of every object", [["constructor", ["1"]]], { constructor: "1" }],
  ])("keeps %s", (_, sent, payload) => {
    expect(createPayload(new Map(sent))).toEqual({ payload, payloadCut: false });
  });

  it("keeps the name __proto__ as a name like others", () => {
    const { payload } = createPayload(new Map([["__proto__", ["1"]]]));
    expect(JSON.stringify(payload)).toBe('{"__proto__":"1"}');
  });

  it("keeps exactly 8 KiB whole, and cuts one byte more", () => {
    const whole = PAYLOAD_MAX - '{"a":""}'.length;
    expect(createPayload(new Map([["a", ["x".repeat(whole)]]])).payloadCut).toBe(false);
    const { payload, payloadCut } = createPayload(new Map([["a", ["x".repeat(whole + 1)]]]));
    expect(payloadCut).toBe(true);
    expect(payload.a).toBe(`${"x".repeat(whole - 3)}…`);
    expect(bytesOf(payload)).toBe(PAYLOAD_MAX);
  });

  it("never cuts within a character", () => {
    const { payload } = createPayload(new Map([["a", ["😀".repeat(PAYLOAD_MAX)]]]));
    expect(String(payload.a).isWellFormed()).toBe(true);
    expect(bytesOf(payload)).toBeGreaterThan(PAYLOAD_MAX - 8);
  });

  it("holds 8 KiB at most and is a beginning of what was sent, marked where something is missing", () => {
    const character = fc.constantFrom("a", "é", "😀", "\ud800", "\0", '"', "\\", "\u2028");
    const value = fc.tuple(character, fc.nat(6000)).map(([text, times]) => text.repeat(times));
    const sent = fc.dictionary(fc.string({ maxLength: 20 }), fc.oneof(value, fc.array(value, { maxLength: 3 })), {
      noNullPrototype: true,
      maxKeys: 6,
    });
    fc.assert(
      fc.property(sent, (parameters) => {
        const entries = Object.entries(parameters);
        const { payload, payloadCut } = createPayload(
          new Map(entries.map(([name, given]) => [name, Array.isArray(given) ? given : [given]])),
        );
        expect(bytesOf(payload)).toBeLessThanOrEqual(PAYLOAD_MAX);
        const kept = Object.entries(payload);
        const isWhole = ([name, given]: [string, unknown]) =>
          JSON.stringify(given) === JSON.stringify(unwrapped(parameters[name]));
        expect(payloadCut).toBe(kept.length < entries.length || !kept.every(isWhole));
        expect(kept.slice(0, -1).every(isWhole)).toBe(true);
        const [last] = kept.slice(-1);
        if (last && !isWhole(last)) {
          expect(last[1]).toMatch(/…$/);
          expect(String(parameters[last[0]]).startsWith(String(last[1]).slice(0, -1))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function unwrapped(given: unknown): unknown {
  return Array.isArray(given) && given.length === 1 ? given[0] : given;
}
