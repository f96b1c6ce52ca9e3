const { FAULT_ROUNDS = "1", FAULT_SEED: seed } = process.env;

/** Rounds of each fault: a short one in CI; `npm run faults` asks for many more. */
export const ROUNDS = Number(FAULT_ROUNDS);
/** Fixes the moments of faults; the titles of their tests tell it. CI tries the same moments each time, many rounds new ones. */
export const FAULT_SEED = Number(seed ?? (ROUNDS > 1 ? Date.now() % 1_000_000 : 1));

/** How long a test of so many rounds may take, in milliseconds: beyond what the slowest machine needs. */
export function timeOf(rounds: number): number {
  return 10 * 60_000 + rounds * 60_000;
}
