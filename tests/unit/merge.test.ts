import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { differencesOf, merged, type Versions } from "../../admin/forms/merge.js";
import { columns } from "../../admin/generated/columns.js";
import { type Field, readResources } from "../../admin/schema/resources.js";

const schema = JSON.parse(readFileSync("admin/generated/introspection.json", "utf8"));
const flows = readResources(schema, columns).find(({ name }) => name === "flows");
const fields = flows?.update?.fields as Field[];

const path = (id: string | undefined, rest: object = {}) => ({
  id,
  name: `Path ${id ?? "new"}`,
  url: "https://example.com/",
  weight: 100,
  active: true,
  ...rest,
});
const base = {
  name: "Flow",
  status: "ACTIVE",
  paths: [path("1"), path("2")],
  goals: [{ id: "7", key: "sale", revenue: "2.5000" }],
};

/** What is shown of a difference: its key, both sides, and who has changed it. */
const shown = (versions: Versions) =>
  differencesOf(fields, versions).map(({ key, stored, mine, isTheirs, isMine }) => [
    key,
    stored,
    mine,
    [isTheirs && "theirs", isMine && "mine"].filter(Boolean).join(" "),
  ]);

describe("Two versions of a flow", () => {
  it.each<[string, object, object, unknown[]]>([
    ["nothing", {}, {}, []],
    ["the same by both", { name: "Same" }, { name: "Same" }, []],
    ["a name by them", { name: "Theirs" }, {}, [["name", "Theirs", "Flow", "theirs"]]],
    ["a name by me", {}, { name: "Mine" }, [["name", "Flow", "Mine", "mine"]]],
    ["a name by both", { name: "Theirs" }, { name: "Mine" }, [["name", "Theirs", "Mine", "theirs mine"]]],
    ["an amount, written otherwise", {}, { goals: [{ id: "7", key: "sale", revenue: "2.5" }] }, []],
    ["an amount", {}, { goals: [{ id: "7", key: "sale", revenue: "3" }] }, [["goals.7.revenue", "2.5", "3", "mine"]]],
    ["a weight, typed as text", {}, { paths: [path("1", { weight: "100" }), path("2")] }, []],
    [
      "weights of different paths",
      { paths: [path("1", { weight: 70 }), path("2")] },
      { paths: [path("1"), path("2", { weight: 30, active: false })] },
      [
        ["paths.1.weight", "70", "100", "theirs"],
        ["paths.2.weight", "100", "30", "mine"],
        ["paths.2.active", "Yes", "No", "mine"],
      ],
    ],
    [
      "a path removed by me and changed by them",
      { paths: [path("1"), path("2", { weight: 5 })] },
      { paths: [path("1")] },
      [["paths.2", expect.stringContaining("Weight: 5"), null, "theirs mine"]],
    ],
    [
      "a path removed by them",
      { paths: [path("1")] },
      {},
      [["paths.2", null, expect.stringContaining("Path 2"), "theirs"]],
    ],
    [
      "a path added by each",
      { paths: [path("1"), path("2"), path("3")] },
      { paths: [path("1"), path("2"), path(undefined)] },
      [
        ["paths.3", expect.stringContaining("Path 3"), null, "theirs"],
        ["paths.new2", null, expect.stringContaining("Path new"), "mine"],
      ],
    ],
    ["an order", {}, { paths: [path("2"), path("1")] }, [["paths.order", "Path 1, Path 2", "Path 2, Path 1", "mine"]]],
  ])("5.2 differ by %s", (_, theirs, own, expected) => {
    expect(shown({ base, stored: { ...base, ...theirs }, mine: { ...base, ...own } })).toEqual(expected);
  });

  const stored = { ...base, name: "Theirs", paths: [path("2", { weight: 9 }), path("3"), path("1")] };
  const mine = { ...base, status: "PAUSED", paths: [path("1", { name: "Mine" }), path(undefined)] };
  const idsOf = (values: Record<string, unknown>) => (values.paths as { id?: string }[]).map(({ id }) => id);

  it("5.2 become what is stored, what was typed, or field by field some of both", () => {
    expect(merged(fields, { stored, mine }, () => false)).toMatchObject({
      name: "Theirs",
      status: "ACTIVE",
      paths: stored.paths,
    });
    const all = merged(fields, { stored, mine }, () => true);
    expect(all).toMatchObject({ name: "Flow", status: "PAUSED" });
    expect(idsOf(all)).toEqual(["1", undefined]);
    const some = merged(fields, { stored, mine }, (key) => ["status", "paths.1.name", "paths.new1"].includes(key));
    expect(some).toMatchObject({ name: "Theirs", status: "PAUSED" });
    expect(idsOf(some)).toEqual(["2", "3", "1", undefined]);
    expect((some.paths as object[])[2]).toMatchObject({ name: "Mine", weight: 100 });
  });

  it("5.2 become, by what each side has changed, all of both", () => {
    const versions = { base, stored, mine };
    const chosen = new Map(differencesOf(fields, versions).map(({ key, isMine }) => [key, isMine]));
    const both = merged(fields, versions, (key) => chosen.get(key) ?? true);
    expect(both).toMatchObject({ name: "Theirs", status: "PAUSED" });
    expect(idsOf(both)).toEqual(expect.arrayContaining(["1", "3", undefined]));
  });

  it("5.2 make a path anew that they took out and I keep", () => {
    const kept = merged(fields, { stored: { ...base, paths: [path("1")] }, mine: base }, () => true);
    expect(idsOf(kept)).toEqual(["1", undefined]);
  });
});
