import { SMALL } from "./lists.ts";
import { percentile } from "./load.ts";
import { type BenchOptions, startSeeded } from "./seed.ts";

const ROUNDS = 300;
const ZONES = ["UTC", "Asia/Kathmandu", "America/New_York", "Pacific/Kiritimati"];

/** The dashboard by HTTP, in zones with whole and other offsets, at two sizes. */
export async function dashboard(options: BenchOptions): Promise<object> {
  const small = await measure(options, SMALL);
  const p95Ms = await measure(options, options.clicks);
  return { p95Ms, growth: p95Ms / small };
}

async function measure(options: BenchOptions, clicks: number): Promise<number> {
  const { ask, stop } = await startSeeded(options, clicks);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const asked = performance.now();
    await ask(
      `query($zone: String) { dashboard(timeZone: $zone) { clicksToday conversionsToday revenueToday { currency amount } activeFlows } }`,
      { zone: ZONES[round % ZONES.length] },
    );
    times.push(performance.now() - asked);
  }
  await stop();
  return percentile(times.slice(ZONES.length), 0.95);
}
