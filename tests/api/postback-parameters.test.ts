import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { form, json } from "../kit/bodies.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

interface Case {
  /** Beside `click`, which each case has of its own. */
  query?: string;
  /** Whether the click is in the body. */
  inBody?: boolean;
  init?: (click: string) => RequestInit;
  /** What is stored. */
  expected: object;
}

const multipart = (fields: Record<string, string>): RequestInit => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return { method: "POST", body };
};
const NOTHING = { goal: null, goalSent: null, status: "PENDING", revenue: "0.0000", currency: "USD", uid: null };
const BODY = { goal: "sale", status: "APPROVED", uid: "a b cé" };
const TEXTS = ["x", "é", "😀", "e\u0301"];
const longest = (character: string, max: number) => [...character.repeat(max)].slice(0, max).join("");

/** How each name and value is read is said in tests/unit/postback-parameters.test.ts; here that it is what is stored. */
const cases: Record<string, Case> = {
  "a click in upper case": {
    inBody: true,
    init: (click) => form(`click=%20${click.toUpperCase()}%20`),
    expected: NOTHING,
  },
  "a click by another name": {
    inBody: true,
    init: (click) => json({ aff_click_id: click, click: "" }),
    expected: NOTHING,
  },
  "a goal": { query: "et=lead", expected: { goal: "lead", goalSent: "lead" } },
  "a status": { query: "conv_status=Rejected", expected: { status: "REJECTED" } },
  "a revenue": { query: "price=2.5", expected: { revenue: "2.5000", currency: "USD" } },
  "a currency": { query: "cnv_currency=xAu", expected: { currency: "XAU" } },
  "a uid": { query: "order_id=%09a+b%2Bc%0A", expected: { uid: "a b+c" } },
  "everything at once": {
    query: "goal=sale&status=approved&revenue=7&currency=gbp&uid=one",
    expected: { goal: "sale", goalSent: "sale", status: "APPROVED", revenue: "7.0000", currency: "GBP", uid: "one" },
  },
  "defaults without anything": { expected: NOTHING },
  "defaults with everything empty": { query: "goal=&status=&revenue=&currency=&uid=", expected: NOTHING },
  "defaults with a goal without revenue": {
    query: "goal=lead",
    expected: { goal: "lead", revenue: "0.0000", currency: "USD" },
  },
  "defaults with a goal with revenue": {
    query: "goal=sale",
    expected: { goal: "sale", revenue: "19.9000", currency: "EUR" },
  },
  "defaults with a goal and a revenue": {
    query: "goal=sale&revenue=7",
    expected: { goal: "sale", revenue: "7.0000", currency: "EUR" },
  },
  "defaults with a goal and a revenue of nothing": {
    query: "goal=sale&revenue=0",
    expected: { revenue: "0.0000", currency: "EUR" },
  },
  "defaults with a goal and a currency": {
    query: "goal=sale&currency=gbp",
    expected: { revenue: "19.9000", currency: "GBP" },
  },
  "defaults with a goal of letters beyond ASCII": {
    query: "goal=Zw%C3%B6lf",
    expected: { goal: "Zwölf", goalSent: "Zwölf" },
  },
  "defaults with a goal in another case": {
    query: "goal=Sale",
    expected: { goal: null, goalSent: "Sale", revenue: "0.0000", currency: "USD" },
  },
  "a form beside the query": {
    query: "status=approved",
    init: () => form("goal=sale&uid=a%20b+c%C3%A9"),
    expected: BODY,
  },
  "multipart beside the query": {
    query: "status=approved",
    init: () => multipart({ goal: "sale", uid: "a b cé" }),
    expected: BODY,
  },
  "JSON beside the query": {
    query: "status=approved",
    init: () => json({ goal: "sale", uid: "a b cé" }),
    expected: BODY,
  },
  "a body over the query": {
    query: "status=approved&uid=query",
    init: () => json({ status: "rejected", uid: "body" }),
    expected: { status: "REJECTED", uid: "body" },
  },
  "20 digits as uid in JSON": {
    init: () => json('{"uid":12345678901234567890}'),
    expected: { uid: "12345678901234567890" },
  },
  "what a float cannot hold, in JSON": {
    init: () => json('{"revenue":999999999.9999}'),
    expected: { revenue: "999999999.9999" },
  },
  ...Object.fromEntries(
    [
      ["0", "0.0000"],
      ["0.0001", "0.0001"],
      [".5", "0.5000"],
      ["00012.5", "12.5000"],
      ["1.0000000000", "1.0000"],
      ["214748.3648", "214748.3648"],
      ["900719.9254", "900719.9254"],
      ["0.00000001", "0.00000001"],
      ["90071992.54740993", "90071992.54740993"],
      ["184467440.73709552", "184467440.73709552"],
      ["999999999.9999", "999999999.9999"],
    ].map(([sent, revenue]) => [`the revenue ${sent}`, { query: `revenue=${sent}`, expected: { revenue } }]),
  ),
  ...Object.fromEntries(
    TEXTS.flatMap((character) => [
      [
        `a goal of 64 characters ${character}`,
        {
          query: `event=${encodeURIComponent(longest(character, 64))}`,
          expected: { goal: null, goalSent: longest(character, 64) },
        },
      ],
      [
        `a uid of 128 characters ${character}`,
        {
          query: `order_id=${encodeURIComponent(longest(character, 128))}`,
          expected: { uid: longest(character, 128) },
        },
      ],
    ]),
  ),
};

describe.each(databases)("The parameters of a postback, on %s", (database) => {
  let waypost: Waypost;
  let flowKey: string;
  const answers = new Map<string, { code: string; message: string; conversionId: string }>();
  const clicks = new Map<string, string>();
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any query.
  const stored = new Map<string, any>();
  beforeAll(async () => {
    waypost = await startWaypost(database);
    const goals = [{ key: "lead" }, { key: "sale", revenue: "19.9", currency: "EUR" }, { key: "Zwölf" }];
    flowKey = (await waypost.seedFlow({ goals })).key;
    await Promise.all(
      Object.entries(cases).map(async ([what, { query = "", inBody = false, init }]) => {
        const click = await waypost.click(flowKey);
        clicks.set(what, click);
        answers.set(what, await send(inBody ? query : `click=${click}&${query}`, init?.(click)));
      }),
    );
    const { conversions } = await waypost.ask(
      `query($ids: [ID!]) { conversions(filter: { ids: $ids }, perPage: 500) {
         items { id clickHash goal goalSent status revenue currency uid } } }`,
      { ids: [...answers.values()].map(({ conversionId }) => conversionId) },
    );
    for (const conversion of conversions.items) stored.set(conversion.id, conversion);
  });
  afterAll(() => waypost.close());

  async function send(query: string, init?: RequestInit) {
    const response = await waypost.track(`/postback/${waypost.postbackKey}?${query}`, init);
    return (await response.json()) as { code: string; message: string; conversionId: string };
  }

  it.each(Object.entries(cases))("are stored: %s", (what, { expected }) => {
    const { code, message, conversionId } = answers.get(what) ?? { code: "", message: "", conversionId: "" };
    expect([what, code], message).toEqual([what, "RECORDED"]);
    expect(stored.get(conversionId)).toMatchObject({ clickHash: clicks.get(what), ...expected });
  });

  it("say that a goal that the flow does not define counts in Other", async () => {
    const known = await send(`click=${await waypost.click(flowKey)}&goal=lead`);
    expect(known.message).not.toContain("Other");
    const unknown = await send(`click=${await waypost.click(flowKey)}&goal=trial`);
    expect(unknown.message).toMatch(/"Other".*"trial"/);
  });
});
