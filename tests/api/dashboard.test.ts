import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { Conversion } from "../../server/conversions/conversion.js";
import { dayOf } from "../../server/reports/dashboard.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { databases, EMAIL, PASSWORD, startWaypost, type Waypost } from "../kit/waypost.js";

const DASHBOARD = `query($timeZone: String) { dashboard(timeZone: $timeZone) {
  clicksToday conversionsToday revenueToday { currency amount } activeFlows timeZone from to until } }`;
const HOUR = 3_600_000;
const { APPROVED, PENDING, REJECTED } = ConversionStatus;

describe.each(databases)("The dashboard, on %s", (database) => {
  let waypost: Waypost;
  let facts: Facts;
  let now = Date.now();
  let flowId: number;
  beforeAll(async () => {
    waypost = await startWaypost(database, { environment: { TIME_ZONE: "Asia/Kathmandu" }, now: () => now });
    facts = await openFacts(waypost);
    flowId = Number((await waypost.seedFlow()).id);
  });
  afterAll(async () => {
    await facts.close();
    await waypost.close();
  });
  /** The test's clock makes leaps that no session survives. */
  const signIn = async () => {
    const login = `mutation { login(email: "${EMAIL}", password: "${PASSWORD}") { token } }`;
    waypost.token = (await waypost.graphql(login)).data.login.token;
  };
  const ask = async (timeZone?: string | null) => (await waypost.ask(DASHBOARD, { timeZone })).dashboard;

  const days: [why: string, timeZone: string, moment: string, from: string, hours: number][] = [
    ["without offset", "UTC", "2026-05-05T23:59:59.999Z", "2026-05-05T00:00:00.000Z", 24],
    ["45 minutes off", "Asia/Kathmandu", "2026-05-05T18:15:00.000Z", "2026-05-05T18:15:00.000Z", 24],
    ["30 minutes off", "America/St_Johns", "2026-01-10T03:29:59.999Z", "2026-01-09T03:30:00.000Z", 24],
    [
      "with half an hour of summer",
      "Australia/Lord_Howe",
      "2026-04-04T20:00:00.000Z",
      "2026-04-04T13:00:00.000Z",
      24.5,
    ],
    ["14 hours ahead", "Pacific/Kiritimati", "2026-05-05T10:00:00.000Z", "2026-05-05T10:00:00.000Z", 24],
    ["when clocks go forward", "Europe/Berlin", "2026-03-29T12:00:00.000Z", "2026-03-28T23:00:00.000Z", 23],
    ["when clocks go back", "Europe/Berlin", "2026-10-25T12:00:00.000Z", "2026-10-24T22:00:00.000Z", 25],
    [
      "when clocks go back, in the hour that comes twice",
      "Europe/Berlin",
      "2026-10-25T01:30:00.000Z",
      "2026-10-24T22:00:00.000Z",
      25,
    ],
    ["that begins at one o'clock", "Africa/Cairo", "2026-04-24T12:00:00.000Z", "2026-04-23T22:00:00.000Z", 23],
    ["whose midnight comes twice", "America/Havana", "2026-11-01T18:00:00.000Z", "2026-11-01T04:00:00.000Z", 25],
    [
      "before a midnight that comes twice",
      "America/Havana",
      "2026-10-31T18:00:00.000Z",
      "2026-10-31T04:00:00.000Z",
      24,
    ],
    ["that leaps", "America/New_York", "2028-02-29T12:00:00.000Z", "2028-02-29T05:00:00.000Z", 24],
    ["before a leap day", "Asia/Tokyo", "2028-02-28T14:59:59.999Z", "2028-02-27T15:00:00.000Z", 24],
    ["of a century without leap day", "UTC", "2100-02-28T12:00:00.000Z", "2100-02-28T00:00:00.000Z", 24],
  ];

  it.each(days)("counts a day %s", async (_, timeZone, moment, from, hours) => {
    now = Date.parse(moment);
    const [begin, end] = [Date.parse(from), Date.parse(from) + hours * HOUR];
    await signIn();
    const edges = [begin - 1, begin, now, end - 1, end].map((at) => ({ at, flowId }));
    await facts.clicks(edges);
    await facts.conversions(
      edges.map((edge, index) => ({ ...edge, uidKey: `${index}`, status: APPROVED, revenue: "0.1000" })),
    );
    expect(await ask(timeZone)).toEqual({
      clicksToday: 3,
      conversionsToday: 3,
      revenueToday: [{ currency: "USD", amount: "0.3000" }],
      activeFlows: 1,
      timeZone,
      from,
      to: new Date(end).toISOString(),
      until: moment.replace(/(?<!\.\d{3})Z$/, ".000Z"),
    });
    await facts.clear();
  });

  it("takes the server's TIME_ZONE where a request names none", async () => {
    now = Date.parse("2026-05-05T18:20:00.000Z");
    await signIn();
    for (const none of [undefined, null]) {
      expect(await ask(none)).toMatchObject({ timeZone: "Asia/Kathmandu", from: "2026-05-05T18:15:00.000Z" });
    }
    expect(await ask("Pacific/Auckland")).toMatchObject({
      timeZone: "Pacific/Auckland",
      from: "2026-05-05T12:00:00.000Z",
    });
  });

  it.each([
    "",
    " ",
    "Mars/Phobos",
    "UTC+1",
    "local",
    "system",
    "utc+25",
    "+05:30",
    "' or 1=1",
    "Europe/Berlin\u0000",
    "x".repeat(500),
  ])("refuses %j as a time zone", async (timeZone) => {
    const { errors } = await waypost.graphql(DASHBOARD, { timeZone });
    expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", field: "timeZone" });
    expect(errors?.[0]?.message.length).toBeLessThan(300);
  });

  it("adds up approved revenue by currency, exactly, by the first postback's day", async () => {
    now = Date.parse("2026-06-06T12:00:00.000Z");
    await signIn();
    const max = Array.from({ length: 1000 }, (_, index) => ({
      revenue: "999999999.9999",
      currency: "EUR",
      uidKey: `m${index}`,
    }));
    const cents = Array.from({ length: 999 }, (_, index) => ({
      revenue: "0.0001",
      currency: "JPY",
      uidKey: `c${index}`,
    }));
    const rows: Partial<Conversion>[] = [
      ...max,
      ...cents,
      { revenue: "0.1000", currency: "USD", uidKey: "a" },
      { revenue: "0.2000", currency: "USD", uidKey: "b" },
      { revenue: "5.0000", currency: "GBP", uidKey: "p", status: PENDING },
      { revenue: "7.0000", currency: "USD", uidKey: "r", status: REJECTED },
      { revenue: "0.0000", currency: "CHF", uidKey: "z" },
    ];
    await facts.conversions(rows.map((row) => ({ status: APPROVED, ...row, flowId, at: now })));
    expect(await ask("UTC")).toMatchObject({
      conversionsToday: rows.length,
      revenueToday: [
        { currency: "CHF", amount: "0.0000" },
        { currency: "EUR", amount: "999999999999.9000" },
        { currency: "JPY", amount: "0.0999" },
        { currency: "USD", amount: "0.3000" },
      ],
    });
    now += 24 * HOUR;
    expect(await ask("UTC")).toMatchObject({ conversionsToday: 0, revenueToday: [] });
  });

  it("counts active flows that are not deleted", async () => {
    const before = (await ask()).activeFlows;
    const [active] = [
      await waypost.seedFlow(),
      await waypost.seedFlow({ status: "PAUSED" }),
      await waypost.seedFlow({ status: "ARCHIVED" }),
    ];
    expect((await ask()).activeFlows).toBe(before + 1);
    await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", { id: active?.id });
    expect((await ask()).activeFlows).toBe(before);
    await waypost.ask("mutation($id: ID!) { restoreFlow(id: $id) { id } }", { id: active?.id });
    expect((await ask()).activeFlows).toBe(before + 1);
  });
});

describe("A local day", () => {
  const zones = Intl.supportedValuesOf("timeZone");
  const localDate = (timeZone: string) => {
    const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
    return (ms: number) => format.format(ms);
  };

  it("holds its moment, begins where the date begins and ends where the next one does, in every zone", () => {
    const moments = fc.integer({ min: Date.UTC(2012, 0, 1), max: Date.UTC(2036, 11, 31) });
    fc.assert(
      fc.property(fc.constantFrom(...zones), moments, (zone, ms) => {
        const date = localDate(zone);
        const [from, to] = [dayOf(zone, ms).from.getTime(), dayOf(zone, ms).to.getTime()];
        expect(from <= ms && ms < to).toBe(true);
        expect([date(from), date(to - 1)]).toEqual([date(ms), date(ms)]);
        expect([date(from - 1) < date(ms), date(to) > date(ms)]).toEqual([true, true]);
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves no gap to the next, in every zone that changes its clocks at midnight", () => {
    for (const zone of [
      "America/Havana",
      "Africa/Cairo",
      "Asia/Beirut",
      "America/Asuncion",
      "Atlantic/Azores",
      "Asia/Amman",
      "America/Santiago",
    ]) {
      for (let ms = Date.UTC(2019, 0, 1); ms < Date.UTC(2024, 0, 1); ) {
        const { to } = dayOf(zone, ms);
        expect(dayOf(zone, to.getTime()).from, `${zone} ${to.toISOString()}`).toEqual(to);
        expect(dayOf(zone, to.getTime() + 12 * HOUR).from, `${zone} ${to.toISOString()}`).toEqual(to);
        expect(to.getTime()).toBeGreaterThan(ms);
        ms = to.getTime();
      }
    }
  });
});
