import { describe, expect, it } from "vitest";
import { createChosen } from "../../admin/lists/chosen.js";

/** A list whose page follows its address only when it is told to. */
function slowList() {
  const asked: Record<string, unknown>[] = [];
  const list = {
    filterValues: {} as Record<string, unknown>,
    setFilters: (filter: object) => void asked.push({ ...filter }),
  };
  const chosen = createChosen(() => list);
  const show = (filter: Record<string, unknown>) => {
    list.filterValues = filter;
    return chosen.follow(filter);
  };
  return { chosen, asked, show };
}
const RANGE = { zone: "UTC", word: "today" };

describe("5.15 What is chosen in a list's filters", () => {
  it("is set whole, also when the page has not followed what was chosen before", () => {
    const { chosen, asked, show } = slowList();
    chosen.note("flowId", "2");
    chosen.apply();
    chosen.note("range", RANGE);
    chosen.apply();
    expect(asked).toEqual([{ flowId: "2" }, { flowId: "2", range: RANGE }]);
    expect(show({ flowId: "2" })).toBe(true);
    chosen.note("country", "DE");
    chosen.apply();
    expect(asked.at(-1)).toEqual({ flowId: "2", range: RANGE, country: "DE" });
    expect(show({ range: RANGE, flowId: "2" })).toBe(true);
    expect(show({ country: "DE", range: RANGE, flowId: "2" })).toBe(true);
    chosen.apply();
    expect(asked).toHaveLength(3);
  });

  it("is taken out again", () => {
    const { chosen, asked, show } = slowList();
    show({ flowId: "2", range: RANGE });
    chosen.note("range", null);
    chosen.note("flowId", "");
    chosen.apply();
    expect(asked).toEqual([{ range: null, flowId: "" }]);
    expect(show({})).toBe(true);
    chosen.apply();
    expect(asked).toHaveLength(1);
  });

  it("gives way to what somebody else has set meanwhile, a link or the way back", () => {
    const { chosen, asked, show } = slowList();
    chosen.note("goal", "sa");
    expect(show({ status: "PENDING" })).toBe(false);
    chosen.apply();
    expect(asked).toEqual([]);
    chosen.note("goal", "sale");
    chosen.apply();
    expect(asked).toEqual([{ status: "PENDING", goal: "sale" }]);
    expect(show({ status: "APPROVED" })).toBe(false);
    expect(show({ status: "PENDING", goal: "sale" })).toBe(false);
  });
});
