/**
 * Draws one of the paths with probability weight / sum of weights.
 *
 * @param paths   at least one; weights are whole, from 1.
 * @param random  from 0 (included) to 1 (excluded).
 */
export function choosePath<T extends { weight: number }>(paths: readonly T[], random: number): T {
  const total = paths.reduce((sum, path) => sum + path.weight, 0);
  let left = random * total;
  for (const path of paths) {
    left -= path.weight;
    if (left < 0) return path;
  }
  return paths[paths.length - 1] as T;
}
