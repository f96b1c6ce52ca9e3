import { mergeConfig } from "vitest/config";
import config from "./vitest.config.ts";

/** The long tests of `npm run faults`: hundreds of kills at random moments. FAULT_ROUNDS says how many, FAULT_SEED which. */
export default mergeConfig(config, {
  test: { include: ["tests/faults/*.faults.ts"], testTimeout: 2 * 60 * 60_000, hookTimeout: 120_000, maxWorkers: 1 },
});
