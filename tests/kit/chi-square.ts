/** A bound that chi-square exceeds with probability 0.0001, by degrees of freedom (standard tables). */
const BOUNDS = [0, 15.137, 18.421, 21.108, 23.513, 25.745, 27.856, 29.878, 31.828, 33.72];

/** Whether counts are as the weights would have it: a fair draw fails once in 10,000 times. */
export function fitsWeights(counts: number[], weights: number[]): boolean {
  const bound = BOUNDS[counts.length - 1];
  if (bound === undefined) throw new RangeError(`There is no bound for ${counts.length} weights.`);
  const drawn = counts.reduce((sum, count) => sum + count, 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const chiSquare = counts.reduce((sum, count, index) => {
    const expected = (drawn * (weights[index] ?? 0)) / total;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  return chiSquare <= bound;
}

/** Numbers from 0 (included) to 1 (excluded) that a seed fixes (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
