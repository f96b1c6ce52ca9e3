import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { borrowWaypost } from "../kit/lent-waypost.js";
import { databases, type Waypost } from "../kit/waypost.js";

const ROWS = 50;

describe.each(databases)("Statements of a page, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await borrowWaypost(database);
    const flows = [];
    for (const name of ["one", "two", "three", "four", "five"]) {
      const paths = [1, 2, 3].map((number) => ({
        name: `${name} ${number}`,
        url: `https://${number}.example/?click={click}`,
      }));
      flows.push(await waypost.seedFlow({ name, paths, goals: [{ key: "sale" }, { key: "lead" }] }));
    }
    for (let index = 0; index < ROWS; index += 1) {
      const click = await waypost.click(flows[index % flows.length]?.key ?? "");
      await waypost.postback({ click, goal: "sale" });
      await waypost.postback({ click, goal: "sale", status: "approved" });
    }
  });
  afterAll(() => waypost.close());

  /** Which tables a query reads, one entry for each statement, without those that find the caller or keep trackers fresh. */
  async function statementsOf(query: string): Promise<{ data: Record<string, { items: object[] }>; tables: string[] }> {
    const before = waypost.logLines.length;
    const data = await waypost.ask(query);
    const statements = waypost.logLines.slice(before).filter((line) => line.includes("[query]"));
    const tables = statements.flatMap((line) => /from `(\w+)`/.exec(line)?.[1] ?? []);
    return { data, tables: tables.filter((table) => !["session", "user", "catalog_revision"].includes(table)).sort() };
  }

  it.each([
    [
      "clicks with flow and path",
      "{ list: clicks { items { flow { id name } path { id name } } totalCount } }",
      ["click", "click_count", "flow", "path"],
    ],
    [
      "clicks with the flow's paths and goals",
      "{ list: clicks { items { id flow { paths { id } goals { id } } } } }",
      ["click", "click_count", "flow", "goal", "path"],
    ],
    [
      "conversions with click, flow and history",
      "{ list: conversions { items { click { id } flow { name } history { id } } } }",
      ["click", "conversion", "conversion_change", "conversion_count", "flow"],
    ],
    [
      "conversions with the click's path",
      "{ list: conversions { items { flow { name } click { flow { name } path { name } } } } }",
      ["click", "conversion", "conversion_count", "flow", "path"],
    ],
    [
      "flows with paths and goals",
      "{ list: flows { items { paths { url } goals { key } } } }",
      ["flow", "flow", "goal", "path"],
    ],
    [
      "postback logs with all they name",
      "{ list: postbackLogs { items { flow { name } postbackKey { name } conversion { id status } } } }",
      ["conversion", "flow", "postback_key", "postback_log", "postback_log_count"],
    ],
  ])("are few for %s, however many rows there are", async (_, query, tables) => {
    const answer = await statementsOf(query);
    expect(answer.data.list?.items.length).toBeGreaterThanOrEqual(5);
    expect(JSON.stringify(answer.data)).not.toMatch(/"(flow|path|click)":null|\[\]/);
    expect(answer.tables).toEqual(tables);
  });

  it("are one for the dashboard", async () => {
    const { tables } = await statementsOf(
      "{ dashboard { clicksToday conversionsToday revenueToday { amount } activeFlows } }",
    );
    expect(tables).toEqual(["click_count"]);
  });

  it("are as many for one row as for all", async () => {
    const query = (perPage: number) =>
      `{ list: conversions(perPage: ${perPage}) { items { click { path { id } } history { id } } } }`;
    const [one, all] = [await statementsOf(query(1)), await statementsOf(query(ROWS))];
    expect(one.tables).toEqual(all.tables);
    expect([one.data.list?.items.length, all.data.list?.items.length]).toEqual([1, ROWS]);
  });

  it("are one for each list of flows, asked for by several names", async () => {
    const { tables } = await statementsOf(
      "{ a: flows { items { paths { id } } } b: flows { items { paths { id } } } }",
    );
    expect(tables.filter((table) => table === "path").length).toBeLessThanOrEqual(2);
    expect(tables.filter((table) => table === "flow")).toHaveLength(4);
  });
});
