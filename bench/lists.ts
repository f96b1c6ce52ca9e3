import { median, percentile, sum } from "./load.ts";
import { type BenchOptions, type Seeded, startSeeded } from "./seed.ts";

export const SMALL = 100_000;
const PER_PAGE = 50;
/** Rounds over all combinations, so that a moment in which the machine was busy is one of several for each. */
const ROUNDS = 3;
/** Requests for each page of a combination in a round. */
const REQUESTS = 8;
/** So many combinations are told by name. */
const NAMED = 12;
const DAY = 86_400_000;

type Filter = Record<string, string | boolean | number>;

/** A list, as GraphQL and as SQL know it. */
interface List {
  name: "clicks" | "conversions" | "postbackLogs";
  type: string;
  table: string;
  key: string;
  fields: string;
  filters: Filter[];
}

/** One combination of a list's filters; times in milliseconds. */
interface Combination {
  list: List;
  filter: Filter;
  /** How many facts there are, counted one by one. */
  total: number;
  /** Of COUNT and OFFSET. */
  naiveMs: number;
  rounds: Round[];
}

/** What was measured of a combination in one round; times in milliseconds. */
interface Round {
  p95Ms: number;
  firstMs: number[];
  lastMs: number[];
  wrongTotals: number;
}

/** What a combination's rounds come to. */
interface Measured {
  name: string;
  p95Ms: number;
  lastToFirst: number;
  wrongTotals: number;
  naiveMs: number;
}

/** A system of one size, and what is asked of it. */
interface Size {
  seeded: Seeded;
  combinations: Combination[];
}

/**
 * Every list with every combination of filters, its first, middle and last page, at two sizes in the same rounds; the worst
 * counts.
 */
export async function lists(options: BenchOptions): Promise<object> {
  const sizes: Size[] = [];
  try {
    for (const clicks of [SMALL, options.clicks]) {
      const size: Size = { seeded: await startSeeded(options, clicks), combinations: [] };
      sizes.push(size);
      size.combinations = await combinationsOf(size.seeded);
    }
    const turns = Math.max(...sizes.map(({ combinations }) => combinations.length));
    for (let turn = 0; turn < ROUNDS * turns; turn += 1) {
      for (const { seeded, combinations } of sizes) {
        const one = combinations[turn % turns];
        if (one) one.rounds.push(await measure(seeded, one));
      }
    }
  } finally {
    for (const { seeded } of sizes) await seeded.stop();
  }
  const [small = [], large = []] = sizes.map(({ combinations }) => combinations.map(measuredOf));
  const byTime = most(large, ({ p95Ms }) => p95Ms);
  const byLast = most(large, ({ lastToFirst }) => lastToFirst);
  const [worst] = byTime as [Measured];
  return {
    p95Ms: worst.p95Ms,
    growth: worst.p95Ms / Math.max(...small.map(({ p95Ms }) => p95Ms)),
    lastToFirst: byLast[0]?.lastToFirst,
    wrongTotals: sum([...small, ...large].map(({ wrongTotals }) => wrongTotals)),
    ratioToNaive: worst.p95Ms / Math.max(...large.map(({ naiveMs }) => naiveMs)),
    slowest: Object.fromEntries(byTime.map(({ name, p95Ms }) => [name, Math.round(p95Ms)])),
    slowestAtTheEnd: Object.fromEntries(byLast.map(({ name, lastToFirst }) => [name, Number(lastToFirst.toFixed(2))])),
  };
}

/** The combinations of which something is most. */
const most = (all: Measured[], of: (one: Measured) => number) =>
  all.toSorted((one, other) => of(other) - of(one)).slice(0, NAMED);

async function combinationsOf(seeded: Seeded): Promise<Combination[]> {
  const all = await listsOf(seeded);
  // A server that has just started is slow once: that is what the benchmark of the start is for.
  for (const list of all) await measure(seeded, await combination(seeded, list, {}));
  const combinations: Combination[] = [];
  for (const list of all) {
    for (const filter of list.filters) combinations.push(await combination(seeded, list, filter));
  }
  return combinations;
}

function measuredOf({ list, filter, naiveMs, rounds }: Combination): Measured {
  return {
    name: `${list.name} ${JSON.stringify(filter)}`,
    p95Ms: median(rounds.map(({ p95Ms }) => p95Ms)),
    lastToFirst: median(rounds.flatMap(({ lastMs }) => lastMs)) / median(rounds.flatMap(({ firstMs }) => firstMs)),
    wrongTotals: sum(rounds.map(({ wrongTotals }) => wrongTotals)),
    naiveMs,
  };
}

async function listsOf(seeded: Seeded): Promise<List[]> {
  const [some] = (await seeded.ask("{ conversions(perPage: 1) { items { uid clickHash } } }")).conversions.items;
  const flow = { flowId: "3" };
  const ago = (hours: number) => new Date(Date.now() - (hours * DAY) / 24).toISOString();
  // What has changed since a program last looked, within some hours, in a week of long ago, and all until a moment.
  const changed: Filter[] = [
    { updatedFrom: ago(3) },
    { updatedFrom: ago(6), updatedTo: ago(3) },
    { updatedFrom: ago(20 * 24 + 7), updatedTo: ago(13 * 24 + 1) },
    { updatedFrom: ago(11 * 24 + 5) },
    { updatedTo: ago(2) },
    { updatedTo: ago(16 * 24 + 10) },
  ];
  const answers: Filter[] = [
    { status: 200 },
    { status: 422 },
    { refused: true },
    { refused: false },
    { code: "RECORDED" },
    { code: "STATUS_UNKNOWN" },
    { warned: true },
    { warned: false },
  ];
  const buckets: Filter[] = [{ goal: "sale" }, { other: true }, { other: false }];
  return [
    {
      name: "clicks",
      type: "ClickFilter",
      table: "click",
      key: "id",
      fields: "id flow { id name } path { id name } ip country subId source destinationUrl userAgent bot createdAt",
      filters: atAnyTime(seeded.crowdAt, combined([flow], [{ country: "US" }])),
    },
    {
      name: "conversions",
      type: "ConversionFilter",
      table: "conversion",
      key: "first_postback_id",
      fields: "id clickHash flow { id name } goal status revenue currency uid createdAt updatedAt",
      filters: [
        ...atAnyTime(seeded.crowdAt, combined([flow], buckets, [{ status: "APPROVED" }])),
        ...combined([{ uid: some.uid }], [flow]).slice(1),
        ...combined([{ clickHash: some.clickHash }], [flow]).slice(1),
        ...changed.flatMap((change) =>
          combined([flow], buckets, [{ status: "APPROVED" }]).map((filter) => ({ ...filter, ...change })),
        ),
        ...changed.map((change) => ({ ...change, from: ago(25 * 24 + 3), to: ago(9 * 24 + 2) })),
      ],
    },
    {
      name: "postbackLogs",
      type: "PostbackLogFilter",
      table: "postback_log",
      key: "id",
      fields: "id flow { id name } clickHash goal status code message ip payload createdAt",
      filters: [
        ...atAnyTime(seeded.crowdAt, combined([flow], [{ postbackKeyId: "2" }], answers)),
        { status: 422, code: "STATUS_UNKNOWN", warned: true },
        ...combined([{ clickHash: some.clickHash }], [flow], answers).slice(1),
        ...combined([{ uid: some.uid }], [flow], answers).slice(1),
      ],
    },
  ];
}

/** Of each group one filter or none. */
function combined(...groups: Filter[][]): Filter[] {
  return groups.reduce<Filter[]>(
    (all, group) => all.flatMap((filter) => [filter, ...group.map((one) => ({ ...filter, ...one }))]),
    [{}],
  );
}

/** Without a time, with one that cuts minutes, and with one inside of the crowded quarter of an hour. */
function atAnyTime(crowd: number, filters: Filter[]): Filter[] {
  const iso = (ms: number) => new Date(ms).toISOString();
  const times: Filter[] = [
    {},
    { from: iso(crowd - 9 * DAY - 12_345_678), to: iso(crowd + 5 * DAY + 23_456_789) },
    { from: iso(crowd + 203_456), to: iso(crowd + 765_432) },
  ];
  return filters.flatMap((filter) => times.map((time) => ({ ...filter, ...time })));
}

const pagesOf = (total: number) => Math.max(Math.ceil(total / PER_PAGE), 1);
const middleOf = (last: number) => Math.ceil(last / 2);

/** Counts a combination, and reads its middle page, as plain SQL does. */
async function combination({ query }: Seeded, list: List, filter: Filter): Promise<Combination> {
  const { table, key } = list;
  const where = whereOf(filter, key);
  const began = performance.now();
  const [counted] = await query(`select count(*) as n from ${table}${where}`);
  const total = Number(counted?.n);
  const offset = (middleOf(pagesOf(total)) - 1) * PER_PAGE;
  await query(`select * from ${table}${where} order by ${key} desc limit ${PER_PAGE} offset ${offset}`);
  return { list, filter, total, naiveMs: performance.now() - began, rounds: [] };
}

async function measure({ ask }: Seeded, { list, filter, total }: Combination): Promise<Round> {
  const { name, type, fields } = list;
  const document = `query($filter: ${type}, $page: Int!) { list: ${name}(filter: $filter, page: $page, perPage: ${PER_PAGE}) {
    items { ${fields} } totalCount pageInfo { hasNextPage endCursor } } }`;
  const last = pagesOf(total);
  const middle = middleOf(last);
  const times: Record<number, number[]> = { 1: [], [middle]: [], [last]: [] };
  let wrongTotals = 0;
  for (let request = 0; request <= REQUESTS; request += 1) {
    for (const page of [1, middle, last]) {
      const asked = performance.now();
      const answer = (await ask(document, { filter, page })).list;
      if (request > 0) times[page]?.push(performance.now() - asked);
      if (answer.totalCount !== total) wrongTotals += 1;
    }
  }
  return {
    p95Ms: percentile(Object.values(times).flat(), 0.95),
    firstMs: times[1] ?? [],
    lastMs: times[last] ?? [],
    wrongTotals,
  };
}

/** The filter as plain SQL would say it. */
function whereOf(filter: Filter, key: string): string {
  const firstId = (iso: string) => `X'${Date.parse(iso).toString(16).padStart(12, "0").padEnd(32, "0")}'`;
  const conditions = Object.entries(filter).map(([name, value]) => {
    if (name === "from") return `${key} >= ${firstId(String(value))}`;
    if (name === "to") return `${key} < ${firstId(String(value))}`;
    if (name === "other") return `goal is ${value ? "" : "not "}null`;
    if (name === "refused") return `status ${value ? ">=" : "<"} 400`;
    if (name === "warned") return `warned = ${Number(value)}`;
    if (name === "flowId") return `flow_id = ${value}`;
    if (name === "postbackKeyId") return `postback_key_id = ${value}`;
    if (name === "updatedFrom") return `updated_at >= ${Date.parse(String(value))}`;
    if (name === "updatedTo") return `updated_at < ${Date.parse(String(value))}`;
    if (name === "uid" && key !== "id") return `uid_key = '${value}'`;
    if (name === "clickHash") return key === "id" ? `click_key = '${value}'` : `click_hash = X'${value}'`;
    return `${name} = '${value}'`;
  });
  return conditions.length > 0 ? ` where ${conditions.join(" and ")}` : "";
}
