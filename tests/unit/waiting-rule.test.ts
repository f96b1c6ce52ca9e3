import { describe, expect, it } from "vitest";
import { seededRandom } from "../kit/chi-square.js";
import { RULE, RULE_OF_BEFORE, type Rule, TwoTrackersModel } from "../kit/two-trackers-model.js";

const SEED = Number(process.env.CHANCE_SEED ?? 1);
const RUNS = 10_000;
const STEPS = 100;

/** The first of so many runs in which something went wrong, with what had happened before. */
function firstWrong(rule: Rule, runs: number, isSettled: boolean): string | null {
  for (let run = 0; run < runs; run += 1) {
    const seed = SEED * 1_000_003 + run;
    const model = new TwoTrackersModel(rule, seededRandom(seed));
    model.run(STEPS);
    const left = isSettled && !model.wrong ? model.settle() : null;
    if (model.wrong ?? left) return `${model.wrong ?? left} (seed ${seed})\n${model.trace.join("\n")}`;
  }
  return null;
}

describe(`Two trackers in any order of start, end, kill, freeze, outage and clock (CHANCE_SEED=${SEED})`, () => {
  it(`6.12 6.13 call nothing unknown that was acknowledged, and completeUntil is never ahead, in ${RUNS} runs`, () => {
    expect(firstWrong(RULE, RUNS, false)).toBeNull();
  });

  it("6.12 6.13 wait for nothing any more once all is well again", () => {
    expect(firstWrong(RULE, RUNS / 50, true)).toBeNull();
  });

  it("6.12 6.13 break both by the rule of before", () => {
    const wrongs = [/calls a click unknown/, /completeUntil is ahead|is behind a completeUntil/];
    for (const wrong of wrongs) {
      let seen = "";
      for (let run = 0; run < RUNS && !wrong.test(seen); run += 1) {
        const model = new TwoTrackersModel(RULE_OF_BEFORE, seededRandom(SEED * 1_000_003 + run));
        model.run(STEPS);
        seen = model.wrong ?? "";
      }
      expect(seen).toMatch(wrong);
    }
  });
});
