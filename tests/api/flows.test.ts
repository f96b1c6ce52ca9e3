import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { borrowWaypost } from "../kit/lent-waypost.js";
import { databases, type Waypost } from "../kit/waypost.js";

const FLOW = `id key name status deleted trackingUrl defaultSource defaultMedium defaultCampaign defaultContent defaultTerm defaultSubId
  paths { id name url weight active } goals { id key name revenue currency } createdAt updatedAt`;
const CREATE = `mutation($input: FlowInput!) { flow: createFlow(input: $input) { ${FLOW} } }`;
const UPDATE = `mutation($id: ID!, $input: FlowInput!) { flow: updateFlow(id: $id, input: $input) { ${FLOW} } }`;
const URL_OK = "https://example.com/";
const path = (url: string, rest: object = {}) => ({ url, ...rest });

describe.each(databases)("Flows, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await borrowWaypost(database);
  });
  afterAll(() => waypost.close());

  const create = async (input: object = {}) =>
    (await waypost.ask(CREATE, { input: { name: "A flow", ...input } })).flow;
  const update = async (id: string, input: object) => (await waypost.ask(UPDATE, { id, input })).flow;
  const read = async (id: string) => (await waypost.ask(`query($id: ID!) { flow(id: $id) { ${FLOW} } }`, { id })).flow;
  /** Code and field of the one error. */
  const refusal = async (query: string, variables: object) => {
    const { errors, data } = await waypost.graphql(query, variables);
    expect(errors, JSON.stringify(data)).toHaveLength(1);
    return [errors?.[0]?.extensions.code, errors?.[0]?.extensions.field];
  };
  it("is made with nothing but a name: a key is made up, it is active, and nothing is in it", async () => {
    const flow = await create();
    expect(flow).toEqual({
      id: expect.stringMatching(/^\d+$/),
      key: expect.stringMatching(/^[a-z0-9_-]{1,64}$/),
      name: "A flow",
      status: "ACTIVE",
      deleted: false,
      trackingUrl: `${waypost.trackerUrl}/c/${flow.key}`,
      defaultSource: null,
      defaultMedium: null,
      defaultCampaign: null,
      defaultContent: null,
      defaultTerm: null,
      defaultSubId: null,
      paths: [],
      goals: [],
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: flow.createdAt,
    });
    expect(await read(flow.id)).toEqual(flow);
  });

  it("is made as if what is null or empty were left out", async () => {
    for (const nothing of [null, "  "]) {
      expect((await create({ key: nothing, defaultTerm: nothing })).key).toMatch(/^[a-z0-9_-]{1,64}$/);
    }
    expect(await create({ status: null })).toMatchObject({ status: "ACTIVE", paths: [], goals: [] });
    expect(await refusal(UPDATE, { id: (await create({})).id, input: { status: null } })).toEqual([
      "BAD_USER_INPUT",
      "status",
    ]);
  });

  it("is made with everything, trimmed; paths and goals get what they leave out and keep their order", async () => {
    const flow = await create({
      key: "all_of-it9",
      name: "  Ünï 🚀 flow ",
      status: "PAUSED",
      defaultSource: " src ",
      defaultSubId: "",
      paths: [
        path(" https://b.example/?c={click} ", { weight: 10_000, name: " B " }),
        path("http://a.example", { active: false }),
      ],
      goals: [
        { key: " sale ", revenue: "999999999.9999", currency: "eur", name: "Sale" },
        { key: "Lead" },
        { key: "lead", revenue: "2.50000" },
      ],
    });
    expect(flow).toMatchObject({
      key: "all_of-it9",
      name: "Ünï 🚀 flow",
      status: "PAUSED",
      defaultSource: "src",
      defaultSubId: null,
      paths: [
        { name: "B", url: "https://b.example/?c={click}", weight: 10_000, active: true },
        { name: null, url: "http://a.example", weight: 100, active: false },
      ],
      goals: [
        { key: "sale", name: "Sale", revenue: "999999999.9999", currency: "EUR" },
        { key: "Lead", name: null, revenue: "0.0000", currency: "USD" },
        { key: "lead", revenue: "2.5000", currency: "USD" },
      ],
    });
    expect(await read(flow.id)).toEqual(flow);
  });

  it("keeps its key for ever, also when it is deleted", async () => {
    const flow = await create({ key: "kept" });
    expect(await update(flow.id, { key: "kept", name: "New" })).toMatchObject({ key: "kept", name: "New" });
    expect(await refusal(UPDATE, { id: flow.id, input: { key: "other" } })).toEqual(["BAD_USER_INPUT", "key"]);
    expect(await refusal(CREATE, { input: { name: "x", key: "kept" } })).toEqual(["BAD_USER_INPUT", "key"]);
    await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", { id: flow.id });
    expect(await refusal(CREATE, { input: { name: "x", key: "kept" } })).toEqual(["BAD_USER_INPUT", "key"]);
    expect((await read(flow.id)).name).toBe("New");
  });

  it("gives one key to one of many who ask at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => waypost.graphql(CREATE, { input: { name: "Race", key: "race" } })),
    );
    expect(answers.filter(({ data }) => data?.flow)).toHaveLength(1);
    expect(new Set(answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions.code)))).toEqual(
      new Set(["BAD_USER_INPUT"]),
    );
  });

  it("takes many changes at once, each whole", async () => {
    const flows = await Promise.all(Array.from({ length: 6 }, () => create({ paths: [path(URL_OK)] })));
    const jobs = flows.flatMap((flow) => [1, 2, 3].map((weight) => ({ flow, weight })));
    await Promise.all(
      jobs.map(({ flow: { id }, weight }) =>
        update(id, { name: `w${weight}`, paths: [path(URL_OK, { weight }), path(URL_OK, { weight })] }),
      ),
    );
    for (const { id } of flows) {
      const { name, paths } = await read(id);
      expect(paths.map(({ weight }: { weight: number }) => `w${weight}`)).toEqual([name, name]);
    }
  });

  it("leaves what an update leaves out, and clears what it says is null", async () => {
    const flow = await create({
      defaultSource: "s",
      defaultTerm: "t",
      paths: [path(URL_OK, { name: "P" })],
      goals: [{ key: "sale", revenue: "1" }],
    });
    const renamed = await update(flow.id, { name: "Renamed" });
    expect(renamed).toEqual({ ...flow, name: "Renamed", updatedAt: renamed.updatedAt });
    expect(Date.parse(renamed.updatedAt)).toBeGreaterThanOrEqual(Date.parse(flow.updatedAt));
    const cleared = await update(flow.id, { defaultSource: null, paths: [], goals: [] });
    expect(cleared).toMatchObject({ name: "Renamed", defaultSource: null, defaultTerm: "t", paths: [], goals: [] });
    expect(await read(flow.id)).toEqual(cleared);
    expect(await refusal(UPDATE, { id: flow.id, input: { name: null } })).toEqual(["BAD_USER_INPUT", "name"]);
  });

  it.each(["paths", "goals"])("7.7 refuses null for its %s, which an empty list clears", async (list) => {
    const flow = await create({ paths: [path(URL_OK)], goals: [{ key: "sale" }] });
    expect(await refusal(UPDATE, { id: flow.id, input: { [list]: null } })).toEqual(["BAD_USER_INPUT", list]);
    expect(await refusal(CREATE, { input: { name: "x", [list]: null } })).toEqual(["BAD_USER_INPUT", list]);
    expect(await read(flow.id)).toEqual(flow);
    expect((await update(flow.id, { [list]: [] }))[list]).toEqual([]);
  });

  it.each([
    ["the id and what is required", {}, {}],
    ["one more", { weight: 9, revenue: "8" }, { weight: 9, revenue: "8.0000" }],
    ["another", { active: true, currency: "GBP" }, { active: true, currency: "GBP" }],
    ["a name taken away", { name: null }, { name: null }],
    ["a default brought back", { weight: null, revenue: null }, { weight: 100, revenue: "0.0000" }],
  ])("7.3 keeps what a path or goal named by its id leaves out: %s", async (_, said, changed) => {
    const flow = await create({
      paths: [path("https://old.example", { name: "P", weight: 7, active: false })],
      goals: [{ key: "old", name: "G", revenue: "7.50", currency: "EUR" }],
    });
    const [[{ id: pathId }], [{ id: goalId }]] = [flow.paths, flow.goals];
    const isOf =
      (known: object) =>
      ([name]: [string, unknown]) =>
        name in known;
    const only = (known: object, values: object) => Object.fromEntries(Object.entries(values).filter(isOf(known)));
    const after = await update(flow.id, {
      paths: [{ id: pathId, url: URL_OK, ...only(flow.paths[0], said) }],
      goals: [{ id: goalId, key: "new", ...only(flow.goals[0], said) }],
    });
    expect(after.paths).toEqual([{ ...flow.paths[0], url: URL_OK, ...only(flow.paths[0], changed) }]);
    expect(after.goals).toEqual([{ ...flow.goals[0], key: "new", ...only(flow.goals[0], changed) }]);
    expect(await read(flow.id)).toEqual(after);
  });

  it("7.3 gives a new path or goal its defaults, in a change as in a new flow, also where a variable is not given", async () => {
    const flow = await create({ paths: [path(URL_OK, { weight: 7 })] });
    const { updated } = await waypost.ask(
      `mutation($id: ID!, $known: ID!, $weight: Int, $revenue: Decimal) { updated: updateFlow(id: $id, input: {
         paths: [{ id: $known, url: "${URL_OK}", weight: $weight }, { url: "${URL_OK}", weight: $weight }]
         goals: [{ key: "a", revenue: $revenue }] }) { paths { weight active } goals { revenue currency } } }`,
      { id: flow.id, known: flow.paths[0].id },
    );
    expect(updated).toEqual({
      paths: [
        { weight: 7, active: true },
        { weight: 100, active: true },
      ],
      goals: [{ revenue: "0.0000", currency: "USD" }],
    });
  });

  it("replaces its lists, matched by id, in the order given", async () => {
    const flow = await create({
      paths: ["https://one.example", "https://two.example", "https://three.example"].map((url) => path(url)),
      goals: [{ key: "a" }, { key: "b" }],
    });
    const [one, two, three] = flow.paths;
    const [a, b] = flow.goals;
    const changed = await update(flow.id, {
      paths: [path("https://four.example"), { ...three, name: "3" }, { ...one, url: "https://uno.example" }],
      goals: [
        { ...b, key: "a" },
        { ...a, key: "b" },
      ],
    });
    expect(changed.paths.map(({ id, url, name }: Record<string, string>) => [id, url, name])).toEqual([
      [expect.not.stringMatching(`^(${one.id}|${two.id}|${three.id})$`), "https://four.example", null],
      [three.id, "https://three.example", "3"],
      [one.id, "https://uno.example", null],
    ]);
    expect(changed.goals.map(({ id, key }: Record<string, string>) => [id, key])).toEqual([
      [b.id, "a"],
      [a.id, "b"],
    ]);
    expect(await read(flow.id)).toEqual(changed);
  });

  it("takes no entry of another flow, and none twice", async () => {
    const [flow, other] = [await create({ paths: [path(URL_OK)] }), await create({ paths: [path(URL_OK)] })];
    const own = path(URL_OK, { id: flow.paths[0].id });
    const foreign = path("https://evil.example", { id: other.paths[0].id });
    for (const paths of [
      [own, foreign],
      [own, own],
    ]) {
      expect(await refusal(UPDATE, { id: flow.id, input: { name: "no", paths } })).toEqual([
        "BAD_USER_INPUT",
        "paths.1.id",
      ]);
    }
    expect(await read(flow.id)).toEqual(flow);
    expect(await read(other.id)).toEqual(other);
  });

  it("answers each change of one document with what that change made", async () => {
    const { id } = await create({ paths: [path("https://zero.example")] });
    const { a, b } = await waypost.ask(
      `mutation($id: ID!) {
        a: updateFlow(id: $id, input: {paths: [{url: "https://one.example"}], goals: [{key: "a"}]}) { paths { url } goals { key } }
        b: updateFlow(id: $id, input: {paths: [{url: "https://two.example"}], goals: [{key: "b"}]}) { paths { url } goals { key } }
      }`,
      { id },
    );
    expect(a).toEqual({ paths: [{ url: "https://one.example" }], goals: [{ key: "a" }] });
    expect(b).toEqual({ paths: [{ url: "https://two.example" }], goals: [{ key: "b" }] });
  });

  describe("versions", () => {
    const UPDATE_IF = `mutation($id: ID!, $input: FlowInput!, $ifVersion: Int) {
      flow: updateFlow(id: $id, input: $input, ifVersion: $ifVersion) { id name version paths { weight } } }`;
    const versionOf = async (id: string): Promise<number> =>
      (await waypost.ask("query($id: ID!) { flow(id: $id) { version } }", { id })).flow.version;
    const deletion = (name: string) => (id: string) =>
      waypost.ask(`mutation($id: ID!) { ${name}(id: $id) { version } }`, { id });

    it("5.2 raises the version of a flow by every change of it, and of no other", async () => {
      const [{ id, paths, goals }, other] = [
        await create({ paths: [path(URL_OK)], goals: [{ key: "sale" }] }),
        await create(),
      ];
      const untouched = await versionOf(other.id);
      const changes: ((id: string) => Promise<unknown>)[] = [
        () => update(id, { name: "Renamed" }),
        () => update(id, { status: "PAUSED" }),
        () => update(id, { defaultTerm: "t" }),
        () => update(id, { paths: [path(URL_OK, { id: paths[0].id, weight: 7 })] }),
        () => update(id, { paths: [] }),
        () => update(id, { goals: [{ id: goals[0].id, key: "sale", revenue: "3" }] }),
        () => update(id, { goals: [] }),
        deletion("deleteFlow"),
        deletion("restoreFlow"),
      ];
      const versions = [await versionOf(id)];
      for (const change of changes) {
        await change(id);
        versions.push(await versionOf(id));
      }
      expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
      expect(versions).toHaveLength(changes.length + 1);
      expect(await versionOf(other.id)).toBe(untouched);
    });

    it("5.2 changes nothing for who has seen another version, whoever changed it and how", async () => {
      const { id, paths } = await create({ paths: [path(URL_OK), path(URL_OK)] });
      const seen = await versionOf(id);
      const mine = { name: "Mine", paths: paths.map(({ id: own }: { id: string }) => path(URL_OK, { id: own })) };
      for (const change of [() => update(id, { name: "Theirs" }), deletion("deleteFlow"), deletion("restoreFlow")]) {
        await change(id);
        const { errors, data, status } = await waypost.graphql(UPDATE_IF, { id, input: mine, ifVersion: seen });
        expect([status, data?.flow ?? null, errors?.[0]?.extensions.code]).toEqual([200, null, "CONFLICT"]);
        expect(errors?.[0]?.message).toContain(`at version ${await versionOf(id)} now`);
      }
      expect((await read(id)).name).toBe("Theirs");
      const saved = await waypost.ask(UPDATE_IF, { id, input: mine, ifVersion: await versionOf(id) });
      expect(saved.flow).toMatchObject({ name: "Mine", version: await versionOf(id) });
      expect((await waypost.ask(UPDATE_IF, { id, input: mine })).flow.name).toBe("Mine");
      for (const never of [-1, 0, 2 ** 31 - 1]) {
        const { errors } = await waypost.graphql(UPDATE_IF, { id, input: mine, ifVersion: never });
        expect(errors?.[0]?.extensions.code, String(never)).toBe("CONFLICT");
      }
      const { errors } = await waypost.graphql(UPDATE_IF, { id: "0", input: {}, ifVersion: 1 });
      expect(errors?.[0]?.extensions.code).toBe("NOT_FOUND");
    });

    it("5.2 lets exactly one of many win who change the same version at once", async () => {
      const { id } = await create({ paths: [path(URL_OK)] });
      const ifVersion = await versionOf(id);
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, number) =>
          waypost.graphql(UPDATE_IF, {
            id,
            ifVersion,
            input: { name: `Of ${number}`, paths: [path(URL_OK, { weight: number + 1 })] },
          }),
        ),
      );
      const won = answers.findIndex(({ data }) => data?.flow);
      expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(
        answers.map((_, number) => (number === won ? undefined : "CONFLICT")),
      );
      const stored = await read(id);
      expect([stored.name, stored.paths]).toEqual([`Of ${won}`, [expect.objectContaining({ weight: won + 1 })]]);
    });
  });

  it("keeps a path that was taken out readable on its clicks, and a goal on its conversions", async () => {
    const flow = await create({ paths: [path(`${URL_OK}?click={click}`, { name: "Old" })], goals: [{ key: "sale" }] });
    const click = await waypost.click(flow.key);
    await waypost.postback({ click, goal: "sale" });
    await update(flow.id, { paths: [path("https://new.example")], goals: [] });
    const { clicks, conversions } = await waypost.ask(
      `query($id: ID!) { clicks(filter: {flowId: $id}) { items { path { id name url } } }
        conversions(filter: {flowId: $id}) { items { goal goalSent } } }`,
      { id: flow.id },
    );
    expect(clicks.items).toEqual([{ path: { id: flow.paths[0].id, name: "Old", url: `${URL_OK}?click={click}` } }]);
    expect(conversions.items).toEqual([{ goal: "sale", goalSent: "sale" }]);
  });

  it("works at once, one after the other", async () => {
    for (const pauseMs of [0, 0, 100, 100, 100, 10]) {
      await sleep(pauseMs);
      await waypost.click((await waypost.seedFlow()).key);
    }
  });

  it("is deleted and restored, once or twice, and keeps what it recorded", async () => {
    const flow = await create({ paths: [path(`${URL_OK}?click={click}`)] });
    const click = await waypost.click(flow.key);
    const change = async (name: string) =>
      (await waypost.ask(`mutation($id: ID!) { flow: ${name}(id: $id) { ${FLOW} } }`, { id: flow.id })).flow;
    const deleted = await change("deleteFlow");
    expect(deleted).toEqual({ ...flow, deleted: true, updatedAt: deleted.updatedAt });
    expect(await change("deleteFlow")).toEqual(deleted);
    expect(await read(flow.id)).toEqual(deleted);
    const list = async (filter: string) =>
      (
        await waypost.ask(`query($ids: [ID!]) { flows(filter: {ids: $ids${filter}}) { totalCount } }`, {
          ids: [flow.id],
        })
      ).flows;
    expect([await list(""), await list(", deleted: true"), await list(", deleted: null")]).toEqual(
      [0, 1, 1].map((totalCount) => ({ totalCount })),
    );
    const { click: shown } = await waypost.ask("query($id: ID!) { click(id: $id) { flow { name deleted } } }", {
      id: click,
    });
    expect(shown.flow).toEqual({ name: "A flow", deleted: true });
    const restored = await change("restoreFlow");
    expect(restored).toEqual({ ...flow, updatedAt: restored.updatedAt });
    expect(await list("")).toEqual({ totalCount: 1 });
  });

  it("is listed without archived flows, or with those only, when the filter says so", async () => {
    const ids: string[] = [];
    for (const status of ["ACTIVE", "PAUSED", "ARCHIVED"]) ids.push((await create({ name: status, status })).id);
    const list = async (filter: string) => {
      const { flows } = await waypost.ask(
        `query($ids: [ID!]) { flows(filter: {ids: $ids${filter}}, sort: {field: NAME, order: ASC}) { totalCount items { name } } }`,
        { ids },
      );
      expect(flows.totalCount).toBe(flows.items.length);
      return flows.items.map(({ name }: { name: string }) => name).join(" ");
    };
    expect(await list("")).toBe("ACTIVE ARCHIVED PAUSED");
    expect(await list(", archived: null")).toBe("ACTIVE ARCHIVED PAUSED");
    expect(await list(", archived: false")).toBe("ACTIVE PAUSED");
    expect(await list(", archived: true")).toBe("ARCHIVED");
    expect(await list(", archived: false, status: ARCHIVED")).toBe("");
    expect(await list(', archived: true, status: ARCHIVED, search: "arch"')).toBe("ARCHIVED");
  });

  it.each(["0", "-1", "999999999", "99999999999999999999", "1.0", "01", " 1", "1'", "x", ""])(
    "answers the unknown id %j with NOT_FOUND, and reading it with null",
    async (id) => {
      expect(await refusal(UPDATE, { id, input: {} })).toEqual(["NOT_FOUND", undefined]);
      const names = ["deleteFlow", "restoreFlow", "deletePostbackKey"];
      const refusals = await Promise.all(
        names.map((name) => refusal(`mutation($id: ID!) { ${name}(id: $id) { id } }`, { id })),
      );
      expect(refusals).toEqual(names.map(() => ["NOT_FOUND", undefined]));
      expect(await waypost.ask("query($id: ID!) { flow(id: $id) { id } postbackKey(id: $id) { id } }", { id })).toEqual(
        {
          flow: null,
          postbackKey: null,
        },
      );
    },
  );
});
