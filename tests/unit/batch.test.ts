import { expect, it } from "vitest";
import { createBatches } from "../../server/kit/batch.js";

/** Batches that are worked on until they are let go, in their order. */
function startBatches(lanes: number) {
  const begun: number[][] = [];
  const ends: (() => void)[] = [];
  const give = createBatches(
    async (items: number[]) => {
      begun.push(items);
      await new Promise<void>((resolve) => ends.push(resolve));
      return items.map((item) => item * 10);
    },
    { sizeMax: 4, waitingMax: 100, lanes, isHopeless: () => true },
  );
  return { begun, give, endNext: () => ends.shift()?.() };
}

/** Batches begin a turn of the loop after what came with their items: after so many nothing is left to begin. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
}

it("begins a lone item at once, a batch beside it when half of one waits, and what is left when one ends", async () => {
  const { begun, give, endNext } = startBatches(2);
  const results = [give(1)];
  await turns();
  results.push(give(2));
  await turns();
  expect(begun).toEqual([[1]]);
  results.push(give(3));
  await turns();
  expect(begun).toEqual([[1], [2, 3]]);
  results.push(give(4));
  endNext();
  await turns();
  expect(begun).toEqual([[1], [2, 3]]);
  endNext();
  await turns();
  expect(begun).toEqual([[1], [2, 3], [4]]);
  endNext();
  expect(await Promise.all(results)).toEqual([10, 20, 30, 40]);
});

it("has one batch under way where nothing else is said, of no more items than fit", async () => {
  const { begun, give, endNext } = startBatches(1);
  const results = [1, 2, 3, 4, 5, 6].map((item) => give(item));
  await turns();
  expect(begun).toEqual([[1, 2, 3, 4]]);
  endNext();
  await turns();
  expect(begun).toEqual([
    [1, 2, 3, 4],
    [5, 6],
  ]);
  endNext();
  expect(await Promise.all(results)).toEqual([10, 20, 30, 40, 50, 60]);
});
