import { expect, it } from "vitest";
import { lengthText } from "../../admin/journey/since.js";

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
])("%d ms after the click are %s", (ms, text) => {
  expect(lengthText(ms)).toBe(text);
});
