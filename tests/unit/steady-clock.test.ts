import { expect, it } from "vitest";
import { createSteadyClock } from "../../server/kit/steady-clock.js";

const MINUTE = 60_000;
const NOON = Date.parse("2026-12-01T12:00:00Z");

it.each([
  ["stands still when it is set back by a minute", [NOON, NOON - MINUTE], [NOON, NOON]],
  ["goes on when the old time has come again", [NOON, NOON - MINUTE, NOON + 1], [NOON, NOON, NOON + 1]],
  ["follows what is set back by more than it can hold", [NOON, NOON - 3 * MINUTE], [NOON, NOON - 3 * MINUTE]],
  ["follows what is set forward", [NOON, NOON + 90 * MINUTE], [NOON, NOON + 90 * MINUTE]],
])("6.16 a tracker's time %s", (_, set, said) => {
  let index = 0;
  const clock = createSteadyClock(() => set[index] as number);
  expect(
    set.map((_, at) => {
      index = at;
      return clock.now();
    }),
  ).toEqual(said);
});

it("6.16 a tracker's time does not fall behind what others were told, unless that is far from its clock", () => {
  const clock = createSteadyClock(() => NOON);
  clock.raise(NOON + 3 * MINUTE);
  expect(clock.now()).toBe(NOON);
  clock.raise(NOON + MINUTE);
  expect([clock.now(), clock.raw()]).toEqual([NOON + MINUTE, NOON]);
});
