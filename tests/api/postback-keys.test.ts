import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askEach } from "../kit/ask-each.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const KEY = "id name key url createdAt lastUsedAt";
const GENERATE = `mutation($name: String, $key: String) { key: generatePostbackKey(name: $name, key: $key) { ${KEY} } }`;
const DELETE = `mutation($id: ID!) { key: deletePostbackKey(id: $id) { ${KEY} } }`;
const UPDATE = `mutation($id: ID!, $input: PostbackKeyInput!) {
  key: updatePostbackKey(id: $id, input: $input) {
    name key defaultStatus statusWords { word meaning } currencyWords { word currency }
  }
}`;
const KEYS_MAX = 100;

describe.each(databases)("Postback keys, on %s", (database) => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost(database);
  });
  afterAll(() => waypost.close());

  const generate = async (variables: object = {}) => (await waypost.ask(GENERATE, variables)).key;
  const remove = async (id: string) => (await waypost.ask(DELETE, { id })).key;
  const read = async (id: string) =>
    (await waypost.ask(`query($id: ID!) { postbackKey(id: $id) { ${KEY} } }`, { id })).postbackKey;
  const total = async () => (await waypost.ask("{ postbackKeys { totalCount } }")).postbackKeys.totalCount;
  const statusOf = async (key: string) => (await waypost.track(`/postback/${key}?click=none`)).status;

  it("are made up when none is given, long enough not to be guessed, each another", async () => {
    const keys = await Promise.all([generate(), generate({ name: null, key: null }), generate({ name: " ", key: "" })]);
    for (const key of keys) {
      expect(key.key).toMatch(/^[A-Za-z0-9_-]{22,64}$/);
      expect(key.name).not.toBe("");
      expect(key.url).toBe(`${waypost.trackerUrl}/postback/${key.key}`);
      expect(await read(key.id)).toEqual(key);
    }
    expect(new Set(keys.map(({ key }) => key)).size).toBe(3);
  });

  it("can be taken over, and work at once, each letter's case included", async () => {
    const taken = await generate({ name: " Network ", key: " Taken-over_1 " });
    expect(taken).toMatchObject({ name: "Network", key: "Taken-over_1", lastUsedAt: null });
    expect(await statusOf("Taken-over_1")).toBe(404);
    expect(await statusOf("taken-over_1")).toBe(401);
    expect(await generate({ key: "taken-over_1" })).toMatchObject({ key: "taken-over_1" });
  });

  it.each([
    ["short", { key: "12345" }, "key"],
    ["long", { key: "k".repeat(65) }, "key"],
    ["full of other letters", { key: "schlüssel" }, "key"],
    ["more than a word", { key: "two words" }, "key"],
    ["a path", { key: "../../etc" }, "key"],
    ["named too long", { name: "n".repeat(121) }, "name"],
  ])("are refused when %s", async (_, variables, field) => {
    const before = await total();
    const { errors } = await waypost.graphql(GENERATE, variables);
    expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", field });
    expect(await total()).toBe(before);
  });

  it("say when they were last used", async () => {
    const key = await generate({ key: "last-used" });
    expect(key.lastUsedAt).toBeNull();
    await statusOf("last-used");
    const { postbackLogs } = await waypost.ask(
      "{ postbackLogs(perPage: 1) { items { createdAt postbackKey { id } } } }",
    );
    expect(postbackLogs.items[0].postbackKey.id).toBe(key.id);
    expect((await read(key.id)).lastUsedAt).toBe(postbackLogs.items[0].createdAt);
  });

  it("end when they are deleted, stay readable in the log, and can be taken over again", async () => {
    const key = await generate({ name: "Old", key: "comes-and-goes" });
    await statusOf("comes-and-goes");
    expect((await remove(key.id)).id).toBe(key.id);
    expect(await read(key.id)).toBeNull();
    expect((await waypost.graphql(DELETE, { id: key.id })).errors?.[0]?.extensions.code).toBe("NOT_FOUND");
    const { postbackLogs } = await waypost.ask("{ postbackLogs(perPage: 1) { items { postbackKey { id name } } } }");
    expect(postbackLogs.items).toEqual([{ postbackKey: { id: key.id, name: "Old" } }]);
    await expect.poll(() => statusOf("comes-and-goes")).toBe(401);
    expect(await generate({ name: "New", key: "comes-and-goes" })).toMatchObject({
      name: "New",
      key: "comes-and-goes",
    });
    await expect.poll(() => statusOf("comes-and-goes")).toBe(404);
  });

  it("are listed without the deleted ones, unless these are asked for", async () => {
    const { id } = await generate({ name: "Ended" });
    const list = async (filter: string) =>
      (
        await waypost.ask(
          `query($id: ID!) { keys: postbackKeys(filter: {ids: [$id]${filter}}) { items { deleted } } }`,
          {
            id,
          },
        )
      ).keys.items.map(({ deleted }: { deleted: boolean }) => deleted);
    expect([await list(""), await list(", deleted: true"), await list(", deleted: null")]).toEqual([
      [false],
      [],
      [false],
    ]);
    await remove(id);
    expect([await list(""), await list(", deleted: true"), await list(", deleted: null")]).toEqual([
      [],
      [true],
      [true],
    ]);
    expect(await list(", deleted: false")).toEqual([]);
    expect(await read(id)).toBeNull();
  });

  it("keep what status words mean, trimmed and in small letters; what a change leaves out stays", async () => {
    const { id } = await generate({ key: "with-words" });
    const update = async (input: object) => (await waypost.ask(UPDATE, { id, input })).key;
    const words = [
      { word: "hold", meaning: "PENDING" },
      { word: "bought out", meaning: "APPROVED" },
      { word: "отказ", meaning: "REJECTED" },
      { word: "-1", meaning: "IGNORE" },
    ];
    const typed = words.map(({ word, meaning }) => ({ word: ` ${word.toUpperCase()}\t`, meaning }));
    expect(await update({ statusWords: typed })).toMatchObject({ key: "with-words", statusWords: words });
    expect(await update({ name: " Adnet " })).toMatchObject({ name: "Adnet", key: "with-words", statusWords: words });
    expect(await update({})).toMatchObject({ name: "Adnet", key: "with-words", statusWords: words });
    const list = await waypost.ask(
      "query($id: ID!) { postbackKeys(filter: {ids: [$id]}) { items { statusWords { word } } } }",
      {
        id,
      },
    );
    expect(list.postbackKeys.items[0].statusWords.map(({ word }: { word: string }) => word)).toEqual(
      words.map(({ word }) => word),
    );
    expect(await update({ statusWords: words.slice(1, 2) })).toMatchObject({ statusWords: words.slice(1, 2) });
    expect(await update({ statusWords: [] })).toMatchObject({ statusWords: [] });
  });

  it("2.1 2.6 keep a default status, pending unless set, and words for currencies; what a change leaves out stays", async () => {
    const { id } = await generate({ key: "with-rules" });
    const update = async (input: object) => (await waypost.ask(UPDATE, { id, input })).key;
    expect(await update({})).toMatchObject({ defaultStatus: "PENDING", currencyWords: [] });
    const typed = [
      { word: " USDT ", currency: " usd" },
      { word: "Рубль", currency: "RUR" },
    ];
    const rules = {
      defaultStatus: "APPROVED",
      currencyWords: [
        { word: "usdt", currency: "USD" },
        { word: "рубль", currency: "RUB" },
      ],
    };
    expect(await update({ defaultStatus: "APPROVED", currencyWords: typed })).toMatchObject(rules);
    expect(await update({ name: "Renamed" })).toMatchObject({ ...rules, name: "Renamed", statusWords: [] });
    expect(await update({ currencyWords: [] })).toMatchObject({ defaultStatus: "APPROVED", currencyWords: [] });
    const made = await waypost.ask(
      "mutation { key: generatePostbackKey(defaultStatus: REJECTED) { defaultStatus currencyWords { word } } }",
    );
    expect(made.key).toEqual({ defaultStatus: "REJECTED", currencyWords: [] });
  });

  it("forget their words when they are deleted and taken over again", async () => {
    const { id } = await generate({ key: "another-network" });
    const rules = {
      defaultStatus: "APPROVED",
      statusWords: [{ word: "hold", meaning: "APPROVED" }],
      currencyWords: [{ word: "usdt", currency: "USD" }],
    };
    await waypost.ask(UPDATE, { id, input: rules });
    await remove(id);
    await generate({ key: "another-network" });
    const { key } = await waypost.ask(UPDATE, { id, input: {} });
    expect(key).toMatchObject({ defaultStatus: "PENDING", statusWords: [], currencyWords: [] });
  });

  it.each([
    ["an empty word", [{ word: " ", meaning: "PENDING" }], "statusWords.0.word", "required"],
    ["a long word", [{ word: "w".repeat(65), meaning: "PENDING" }], "statusWords.0.word", "at most 64"],
    ["two words in one", [{ word: "a,b", meaning: "PENDING" }], "statusWords.0.word", '"a,b" holds a comma'],
    [
      "a word twice",
      [
        { word: "Hold", meaning: "PENDING" },
        { word: "paid", meaning: "APPROVED" },
        { word: "hOLD ", meaning: "PENDING" },
      ],
      "statusWords.2.word",
      '"hold" is mapped already',
    ],
    [
      "more words than may be",
      Array.from({ length: 201 }, (_, index) => ({ word: `w${index}`, meaning: "PENDING" })),
      "statusWords",
      "201 words are given; at most 200",
    ],
  ])("are not given %s", async (_, statusWords, field, message) => {
    const { postbackKeys } = await waypost.ask("{ postbackKeys(perPage: 1) { items { id } } }");
    const { errors } = await waypost.graphql(UPDATE, { id: postbackKeys.items[0].id, input: { statusWords } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", field });
    expect(errors?.[0]?.message).toContain(message);
  });

  it.each([
    ["an empty word", { currencyWords: [{ word: " ", currency: "USD" }] }, "currencyWords.0.word", "sends as currency"],
    [
      "a long word",
      { currencyWords: [{ word: "w".repeat(65), currency: "USD" }] },
      "currencyWords.0.word",
      "at most 64",
    ],
    ["two words in one", { currencyWords: [{ word: "a,b", currency: "USD" }] }, "currencyWords.0.word", "a comma"],
    [
      "a word twice",
      {
        currencyWords: [
          { word: "usdt", currency: "USD" },
          { word: "USDT ", currency: "EUR" },
        ],
      },
      "currencyWords.1.word",
      '"usdt" is mapped already',
    ],
    [
      "a currency that is none",
      { currencyWords: [{ word: "btc", currency: "BTC" }] },
      "currencyWords.0.currency",
      '"BTC" is not an ISO 4217 code',
    ],
    ["no currency", { currencyWords: [{ word: "btc", currency: "" }] }, "currencyWords.0.currency", "ISO 4217"],
    [
      "more words than may be",
      { currencyWords: Array.from({ length: 201 }, (_, index) => ({ word: `w${index}`, currency: "USD" })) },
      "currencyWords",
      "201 words are given; at most 200",
    ],
    ["null for a list", { currencyWords: null }, "currencyWords", "an empty list"],
    ["null for the other list", { statusWords: null }, "statusWords", "an empty list"],
    ["no default status", { defaultStatus: null }, "defaultStatus", "cannot be empty"],
  ])("2.6 are not given %s", async (_, input, field, message) => {
    const { postbackKeys } = await waypost.ask("{ postbackKeys(perPage: 1) { items { id } } }");
    const { errors } = await waypost.graphql(UPDATE, { id: postbackKeys.items[0].id, input });
    expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", field });
    expect(errors?.[0]?.message).toContain(message);
  });

  it("cannot be changed when they are deleted or never were, and keep a name", async () => {
    const { id } = await generate();
    const { errors } = await waypost.graphql(UPDATE, { id, input: { name: " " } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", field: "name" });
    await remove(id);
    for (const other of [id, "999999", "x"]) {
      const answer = await waypost.graphql(UPDATE, { id: other, input: { name: "x" } });
      expect(answer.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
    }
  });

  it("exist once, also when many ask at once, and are deleted once", async () => {
    const codes = async (query: string, variables: object) => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => waypost.graphql(query, variables)));
      return answers.map(({ errors }) => errors?.[0]?.extensions.code).sort();
    };
    expect(await codes(GENERATE, { key: "asked-at-once" })).toEqual([...Array(7).fill("BAD_USER_INPUT"), undefined]);
    const { postbackKeys } = await waypost.ask("{ postbackKeys(perPage: 500) { items { id key } } }");
    const [made] = postbackKeys.items.filter(({ key }: { key: string }) => key === "asked-at-once");
    expect(await codes(DELETE, { id: made.id })).toEqual([...Array(7).fill("NOT_FOUND"), undefined]);
  });

  it(`are at most ${KEYS_MAX}, deleted ones not counted, also when many ask at once`, async () => {
    const missing = KEYS_MAX - (await total());
    const answers = await Promise.all(Array.from({ length: missing + 5 }, () => waypost.graphql(GENERATE)));
    const refused = answers.filter(({ errors }) => errors);
    expect(refused.map(({ errors }) => errors?.[0]?.extensions)).toEqual(
      Array(5).fill(expect.objectContaining({ code: "BAD_USER_INPUT", field: "key" })),
    );
    expect(await total()).toBe(KEYS_MAX);
    const [first = "", ...others] = answers.flatMap(({ data }) => data?.key.id ?? []);
    await remove(first);
    const last = await generate({ name: "The last" });
    expect(await total()).toBe(KEYS_MAX);
    const removal = { kind: "mutation", types: "$id: ID!", field: "deletePostbackKey(id: $id) { id }" } as const;
    await askEach(
      waypost.ask,
      removal,
      [...others, last.id].map((id) => ({ id })),
    );
  });
});
