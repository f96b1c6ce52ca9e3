import { describe, expect, it } from "vitest";
import { type Step, stepsOf } from "../admin/conversions/steps.js";
import { type ConversionChange } from "../admin/generated/types.js";
import { lengthText } from "../admin/journey/since.js";

describe("The time since the click", () => {
  it.each([
    [0, "0.0 s"],
    [449, "0.4 s"],
    [-200, "−0.2 s"],
    [9_999, "10.0 s"],
    [10_000, "10 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [192_000, "3 min 12 s"],
    [3_600_000, "1 h"],
    [3_605_000, "1 h"],
    [187_200_000, "2 d 4 h"],
    [-86_460_000, "−1 d"],
  ])("%d ms is %s", (ms, text) => {
    expect(lengthText(ms)).toBe(text);
  });
});

describe("What the entries of a history changed", () => {
  const entry = (id: string, said: Partial<ConversionChange>): ConversionChange => ({
    id,
    applied: true,
    createdAt: "2026-11-25T00:00:00.000Z",
    ...said,
  });
  const recorded = (id: string) => entry(id, { status: "PENDING", revenue: "2.0000", currency: "USD" });
  const words = (steps: Map<string, Step>) =>
    [...steps].map(([id, { before, after }]) => [
      id,
      `${before.status} ${before.revenue}`,
      `${after.status} ${after.revenue}`,
    ]);

  it.each<[string, string, ConversionChange[], string[][]]>([
    [
      "follow each other",
      "1",
      [recorded("1"), entry("2", { revenue: "3.0000" }), entry("3", { status: "APPROVED" })],
      [
        ["1", "null null", "PENDING 2.0000"],
        ["2", "PENDING 2.0000", "PENDING 3.0000"],
        ["3", "PENDING 3.0000", "APPROVED 3.0000"],
      ],
    ],
    [
      "leave out what had no effect",
      "1",
      [recorded("1"), entry("2", { status: "REJECTED", applied: false }), entry("3", { status: "APPROVED" })],
      [
        ["1", "null null", "PENDING 2.0000"],
        ["3", "PENDING 2.0000", "APPROVED 2.0000"],
      ],
    ],
    [
      "begin with the one that was processed first, although another arrived before",
      "2",
      [entry("1", { revenue: "9.0000" }), recorded("2")],
      [
        ["2", "null null", "PENDING 2.0000"],
        ["1", "PENDING 2.0000", "PENDING 9.0000"],
      ],
    ],
    [
      "say what they know where the beginning is missing",
      "0",
      [entry("1", { status: "APPROVED" })],
      [["1", "null null", "APPROVED null"]],
    ],
    ["are none without a history", "0", [], []],
  ])("%s", (_, id, history, expected) => {
    expect(words(stepsOf({ id, history }))).toEqual(expected);
  });
});
