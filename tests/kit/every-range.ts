import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, type EngineAdmin, openEngine, watchedAdmin } from "./engines.js";
import { openFacts } from "./facts.js";
import { PATIENCE_MS } from "./until.js";
import { startWaypost, type Waypost } from "./waypost.js";

const ZONE = "Europe/Berlin";
/** When all of this is, on the clocks of browser and server. */
const NOW = Date.parse("2026-11-18T12:17:00Z");
/** Noon of days, and how many clicks each of two countries has on them: any sum says which days it is of. */
const DAYS: [day: string, clicks: number][] = [
  ["2026-11-18", 1],
  ["2026-11-17", 2],
  ["2026-11-14", 4],
  ["2026-11-02", 8],
  ["2026-10-25", 16],
  ["2026-10-05", 32],
  ["2026-09-01", 64],
];
const PER_PAGE = 3;

interface Days {
  from?: string;
  to?: string;
}

/** Every kind of range: how it is chosen, what the button says, and its days. */
const ranges: Record<string, { choice: string | Days; says: string; days: Days }> = {
  any: { choice: "Any time", says: "Any time", days: {} },
  today: { choice: "Today", says: "Today18 Nov", days: { from: "2026-11-18", to: "2026-11-18" } },
  yesterday: { choice: "Yesterday", says: "Yesterday17 Nov", days: { from: "2026-11-17", to: "2026-11-17" } },
  "7d": { choice: "Last 7 days", says: "Last 7 days12 Nov – 18 Nov", days: { from: "2026-11-12", to: "2026-11-18" } },
  "30d": {
    choice: "Last 30 days",
    says: "Last 30 days20 Oct – 18 Nov",
    days: { from: "2026-10-20", to: "2026-11-18" },
  },
  month: { choice: "This month", says: "This month1 Nov – 18 Nov", days: { from: "2026-11-01", to: "2026-11-18" } },
  lastMonth: { choice: "Last month", says: "Last month1 Oct – 31 Oct", days: { from: "2026-10-01", to: "2026-10-31" } },
  custom: custom("Custom1 Nov – 10 Nov", { from: "2026-11-01", to: "2026-11-10" }),
  "custom, one day": custom("Custom14 Nov", { from: "2026-11-14", to: "2026-11-14" }),
  "custom, open after": custom("Custom5 Oct – …", { from: "2026-10-05" }),
  "custom, open before": custom("Custom… – 10 Oct", { to: "2026-10-10" }),
};
function custom(says: string, days: Days) {
  return { choice: days, says, days };
}
const names = Object.keys(ranges);
type Name = string;

/** A range as an address carries it. */
function inAddress(name: Name): object | undefined {
  const { choice, days } = rangeOf(name);
  if (name === "any") return undefined;
  return { zone: ZONE, ...(typeof choice === "string" ? { word: name } : days) };
}
const rangeOf = (name: Name) => ranges[name] as (typeof ranges)[string];
const address = (name: Name, more: object = {}, list = "clicks") =>
  `/${list}?filter=${encodeURIComponent(JSON.stringify({ ...more, range: inAddress(name) }))}&perPage=${PER_PAGE}`;

/** A list of days on which nothing happened. */
const EMPTY_DAYS = `/clicks?filter=${encodeURIComponent(JSON.stringify({ range: { zone: ZONE, from: "2026-11-04", to: "2026-11-09" } }))}`;

/** What the page says of its range: the button, the total, the rows and their newest, and the address. */
interface Said {
  says: string;
  total: string;
  rows: number;
  newest: string | null;
  filter: object;
}

function expected(name: Name, { more = {}, perPage = PER_PAGE }: { more?: object; perPage?: number }): Said {
  const { says, days } = rangeOf(name);
  const { from = "", to = "9999" } = days;
  const inside = DAYS.filter(([day]) => day >= from && day <= to);
  const total = inside.reduce((sum, [, clicks]) => sum + clicks, 0) * ("country" in more ? 1 : 2);
  const range = inAddress(name);
  return {
    says,
    total: total.toLocaleString("en"),
    rows: Math.min(total, perPage),
    newest: inside[0] ? noonOf(inside[0][0]).toISOString() : null,
    filter: { ...more, ...(range ? { range } : {}) },
  };
}
const noonOf = (day: string) => new Date(`${day}T12:00:00Z`);

/** Every pair of different ranges in one walk, each step from where the last has led to. */
function walkOf(all: Name[]): Name[] {
  const left = new Map(all.map((name) => [name, all.filter((other) => other !== name)]));
  const [stack, walk] = [[all[0] as Name], [] as Name[]];
  while (stack.length > 0) {
    const next = left.get(stack.at(-1) as Name)?.shift();
    if (next) stack.push(next);
    else walk.unshift(stack.pop() as Name);
  }
  return walk;
}

/** Tests in one browser that button, rows, total and address say the same after every way from one range to another. */
export function tryEveryRange(engine: Engine): void {
  describe(`5.15 In ${engine} button, rows, total and address say the same`, () => {
    let waypost: Waypost;
    let admin: EngineAdmin;
    beforeAll(async () => {
      waypost = await startWaypost("SQLite", { now: () => NOW, adminFolder: watchedAdmin(NOW) });
      const facts = await openFacts(waypost);
      const flowId = Number((await waypost.seedFlow()).id);
      const clicks = DAYS.flatMap(([day, count]) =>
        ["DE", "BR"].flatMap((country) =>
          Array.from({ length: count }, () => ({ at: noonOf(day).getTime(), flowId, country })),
        ),
      );
      await facts.clicks(clicks);
      await facts.conversions(clicks.map(({ at }) => ({ at, flowId })));
      await facts.logs(clicks.map(({ at }) => ({ at, status: 404, code: "CLICK_UNKNOWN", message: "Unknown." })));
      await facts.close();
      admin = await openEngine(engine, waypost, ZONE);
    });
    afterAll(async () => {
      await admin?.close();
      await waypost.close();
    });

    it("every way from one range to another is in the walk, once", () => {
      const walk = walkOf(names);
      const steps = walk.slice(1).map((name, index) => `${walk[index]} → ${name}`);
      expect(new Set(steps).size).toBe(steps.length);
      expect(steps.length).toBe(names.length * (names.length - 1));
    });
    /** The page has come to say a range, by whatever way. */
    async function says(name: Name, way: string, options: Parameters<typeof expected>[1] = {}): Promise<void> {
      const said = await admin.run(saysAtLast, expected(name, options), PATIENCE_MS);
      expect(said, way).toEqual(expected(name, options));
    }

    it("after every way from one range to another by the menu, and back and forward again", async () => {
      const walk = walkOf(names);
      await admin.go(address(walk[0] as Name));
      for (const [index, name] of walk.entries()) {
        if (index > 0) await admin.run(choose, rangeOf(name).choice);
        await says(name, `${walk[index - 1]} → ${name}`);
      }
      for (const back of [2, 3, 4]) {
        await admin.run(() => history.back());
        await says(walk.at(-back) as Name, `back to ${walk.at(-back)}`);
      }
      await admin.run(() => history.forward());
      await says(walk.at(-3) as Name, "forward");
    });

    it("after every way from a saved address to another range, other filters set, and to a saved address", async () => {
      const more = { country: "DE" };
      for (const from of names) {
        for (const to of names) {
          await admin.run(show, address(from, more));
          await says(from, `address of ${from}`, { more });
          await admin.run(choose, rangeOf(to).choice);
          await says(to, `address of ${from} → ${to}`, { more });
        }
      }
    });

    it("after a reload in every range, and after every way on from a page that was loaded so", async () => {
      for (const [index, from] of names.entries()) {
        const to = names[(index + 3) % names.length] as Name;
        await admin.go(address(from));
        await says(from, `loaded with ${from}`);
        await admin.run(choose, rangeOf(to).choice);
        await says(to, `loaded with ${from} → ${to}`);
        await admin.reload();
        await says(to, `reloaded with ${to}`);
      }
    });

    it.for<[place: string, from: string, link: [selector: string, text?: string], says: string, more?: object]>([
      ["a tile of the dashboard", "/", ["[data-tile=clicks]"], "Today\n18 Nov"],
      ["the dashboard's conversions", "/", ["[data-panel=conversions] .entries-head a"], "Today\n18 Nov"],
      ["the dashboard's postbacks", "/", ["[data-panel=refused] .entries-head a"], "Today\n18 Nov", { refused: true }],
      ["days without rows", EMPTY_DAYS, ["main a", "Show that day"], "Custom\n18 Nov"],
    ])("after every way from the link at %s", async ([place, from, link, linked, more = {}]) => {
      for (const to of names) {
        await admin.show(from);
        await admin.click(...link);
        await admin.see(".list .range", linked);
        await admin.run(choose, rangeOf(to).choice);
        await says(to, `${place} → ${to}`, { more, perPage: 50 });
      }
    });
  });
}

/** Runs in the page. */
function show(place: string): void {
  location.hash = place;
}

/** Runs in the page: waits until it says this of its range. @returns what it says, at the latest after that time */
async function saysAtLast(expected: Said, patienceMs: number): Promise<Said> {
  for (const end = performance.now() + patienceMs; ; ) {
    const filter = new URLSearchParams(location.hash.split("?")[1]).get("filter");
    const said: Said = {
      says: document.querySelector(".list .range")?.textContent ?? "",
      total: document.querySelector(".page-head .total")?.textContent ?? "",
      rows: document.querySelectorAll(".list tbody tr").length,
      newest: document.querySelector(".list tbody time")?.getAttribute("datetime") ?? null,
      filter: JSON.parse(filter ?? "{}"),
    };
    const isBusy = document.querySelector("[aria-busy=true], [data-fetching=true]");
    if (!isBusy && JSON.stringify(said) === JSON.stringify(expected)) return said;
    if (performance.now() > end) return said;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Runs in the page: chooses a range from the menu by its name, or by two days. */
async function choose(choice: string | { from?: string; to?: string }): Promise<void> {
  const wait = async <T>(look: () => T | null | undefined): Promise<T> => {
    for (;;) {
      const seen = look();
      if (seen) return seen;
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  const button = await wait(() => document.querySelector<HTMLElement>(".list .range"));
  // One that was just closed stays for as long as it fades.
  await wait(() => !document.querySelector(".range-custom"));
  button.click();
  const days = await wait(() => document.querySelector<HTMLElement>(".range-custom"));
  if (typeof choice === "string") {
    const choices = [
      ...(days.closest(".MuiPopover-paper")?.querySelectorAll<HTMLElement>("[role=menuitem], button") ?? []),
    ];
    choices.find((each) => each.textContent?.startsWith(choice))?.click();
    return;
  }
  const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
  const [from, to] = [...days.querySelectorAll("input")];
  for (const [input, day = ""] of [
    [from, choice.from],
    [to, choice.to],
  ] as [HTMLInputElement, string | undefined][]) {
    value?.set?.call(input, day);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  await new Promise(requestAnimationFrame);
  days.querySelector("button")?.click();
}
