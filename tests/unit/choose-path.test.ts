import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choosePath } from "../../server/clicks/choose-path.js";
import { fitsWeights, seededRandom } from "../kit/chi-square.js";

const paths = (weights: number[]) => weights.map((weight, index) => ({ id: index, weight }));

describe("Choosing a path", () => {
  it.each([
    ["the first of one", [5], 0, 0],
    ["the only one at the very end", [5], 0.999999, 0],
    ["the first at zero", [1, 9999], 0, 0],
    ["the last at the end", [1, 9999], 0.999999, 1],
    ["the last at the largest number below one", [10_000, 1], 1 - Number.EPSILON / 2, 1],
    ["the first just below its border", [70, 30], 0.699999, 0],
    ["the second at the border", [1, 1], 0.5, 1],
    ["the second at the border of a half of many", [2, 1, 1], 0.5, 1],
    ["the third at its border", [1, 1, 2], 0.5, 2],
    ["one in the middle", [1, 1, 1, 1], 0.26, 1],
  ])("takes %s", (_, weights, random, chosen) => {
    expect(choosePath(paths(weights), random).id).toBe(chosen);
  });

  it("takes the path in whose share the number lies, for any weights", () => {
    const weights = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(weights, fc.nat(), (given, point) => {
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const place = point % total;
        let end = 0;
        const expected = given.findIndex((weight) => {
          end += weight;
          return place < end;
        });
        expect(choosePath(paths(given), (place + 0.5) / total).id).toBe(expected);
      }),
    );
  });

  it.each([
    { weights: [70, 30], others: [71, 29] },
    { weights: [1, 1], others: [51, 49] },
    { weights: [1, 10_000], others: [4, 10_000] },
    { weights: [1, 2, 3, 4], others: [1, 2, 4, 3] },
    { weights: [10_000, 10_000, 1], others: [10_000, 9500, 1] },
    { weights: Array(10).fill(5), others: [...Array(9).fill(50), 45] },
  ])("keeps the weights $weights over 200,000 draws, and not others", ({ weights, others }) => {
    const random = seededRandom(20_261_122);
    const counts = weights.map(() => 0);
    for (let draw = 0; draw < 200_000; draw += 1) {
      const { id } = choosePath(paths(weights), random());
      counts[id] = (counts[id] ?? 0) + 1;
    }
    expect(fitsWeights(counts, weights), String(counts)).toBe(true);
    expect(fitsWeights(counts, others)).toBe(false);
  });
});
