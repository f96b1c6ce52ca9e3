import { describe, expect, it } from "vitest";
import { form, json } from "../kit/bodies.js";
import { CLICK, openPostbackDoor } from "../kit/doors.js";

/** The parameters and every name each is read from, in order; with two values that can be told apart. */
const parameters = {
  goal: { names: ["goal", "event", "et"], values: ["lead", "sale"], field: "goal" },
  status: { names: ["status", "cnv_status", "conv_status"], values: ["approved", "rejected"], field: "status" },
  revenue: { names: ["revenue", "payout", "sum", "amount", "price"], values: ["1.5000", "2.5000"], field: "revenue" },
  currency: { names: ["currency", "cnv_currency"], values: ["EUR", "GBP"], field: "currency" },
  uid: {
    names: ["uid", "txid", "tid", "transaction_id", "action_id", "order_id"],
    values: ["one", "two"],
    field: "uid",
  },
};
const CLICK_NAMES = ["click", "click_id", "clickid", "cid", "subid", "cnv_id", "aff_click_id"];

describe("The parameters of a postback", () => {
  const door = openPostbackDoor();

  /** Sends a query and a body; fails unless it is to be recorded. */
  async function recorded(query: string, init?: RequestInit) {
    const { httpStatus, answer, entry, received } = await door.send(`/postback/~key~?${query}`, init);
    expect([httpStatus, answer.code], answer.message).toEqual([200, "RECORDED"]);
    expect(received?.entry).toEqual(entry);
    return { ...received?.postback, clickHash: received?.clickHash } as Record<string, unknown>;
  }
  /** Sends a query and a body; fails unless it was refused with 422. */
  async function refused(query: string, init?: RequestInit) {
    const { httpStatus, answer, received } = await door.send(`/postback/~key~?${query}`, init);
    const { status, code, conversionId, message } = answer;
    expect([httpStatus, status, conversionId, received], message).toEqual([422, 422, null, null]);
    return { code, message };
  }
  const encode = (value: string) => encodeURIComponent(value);

  it.each(CLICK_NAMES)("names the click as %s", async (name) => {
    expect((await recorded(`${name}=${CLICK}`)).clickHash).toBe(CLICK);
  });

  it("takes the first name of the click that is not empty", async () => {
    for (const [index, name] of CLICK_NAMES.entries()) {
      const before = CLICK_NAMES.slice(0, index).map((empty) => `${empty}=%20`);
      const after = CLICK_NAMES.slice(index + 1).map((other) => `${other}=${"0".repeat(32)}`);
      expect((await recorded([...after, ...before, `${name}=~click~`].join("&"))).clickHash).toBe(CLICK);
    }
  });

  describe.each(Object.entries(parameters))("%s", (_, { names, values: [value = "", other = ""], field }) => {
    const shown = field === "status" ? value.toUpperCase() : value;

    it.each(names)("is read from %s", async (name) => {
      expect((await recorded(`click=~click~&${name}=${value}`))[field]).toBe(shown);
    });

    it("is the first of its names that is not empty", async () => {
      for (const [index, name] of names.entries()) {
        const before = names.slice(0, index).map((empty) => `${empty}=`);
        const after = names.slice(index + 1).map((later) => `${later}=${other}`);
        const query = [...after, ...before, `${name}=${value}`, "click=~click~"].join("&");
        expect((await recorded(query))[field]).toBe(shown);
      }
    });

    it("cannot be given twice", async () => {
      for (const name of names) {
        const { code, message } = await refused(`click=~click~&${name}=${value}&${name}=${value}`);
        expect(code).toBe("PARAMETER_TWICE");
        expect(message).toContain(`"${name}"`);
      }
    });

    it("is trimmed", async () => {
      expect((await recorded(`click=~click~&${names[0]}=%09%20${value}%0A+`))[field]).toBe(shown);
    });
  });

  it.each<[string, () => RequestInit]>([
    ["a form", () => form("goal=sale&uid=a%20b+c%C3%A9")],
    [
      "a form with a charset",
      () => ({
        ...form("goal=sale&uid=a b cé"),
        headers: { "content-type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8" },
      }),
    ],
    [
      "multipart",
      () => {
        const body = new FormData();
        body.set("goal", "sale");
        body.set("uid", "a b cé");
        return { method: "POST", body };
      },
    ],
    ["JSON", () => json({ goal: "sale", uid: "a b cé" })],
    [
      "JSON of another name",
      () => ({ ...json({ goal: "sale", uid: "a b cé" }), headers: { "content-type": "application/vnd.api+json" } }),
    ],
    ["JSON with a byte order mark", () => json('\ufeff{"goal":"sale","uid":"a b c\\u00e9"}')],
  ])("come in %s beside the query", async (_, init) => {
    expect(await recorded("click=~click~&status=approved", init())).toMatchObject({
      clickHash: CLICK,
      goal: "sale",
      status: "APPROVED",
      uid: "a b cé",
    });
  });

  it("come in the query of a POST without a body", async () => {
    expect((await recorded("click=~click~", { method: "POST" })).clickHash).toBe(CLICK);
    expect(
      (await recorded("click=~click~&uid=2", { method: "POST", headers: { "content-type": "application/json" } })).uid,
    ).toBe("2");
  });

  it("count as the body has them where query and body have both", async () => {
    const query = `click=${"0".repeat(32)}&status=approved&uid=query`;
    const expected = { clickHash: CLICK, status: "REJECTED", uid: "body" };
    expect(await recorded(query, form("click=~click~&status=rejected&uid=body"))).toMatchObject(expected);
    expect(await recorded(query, json({ click: CLICK, status: "rejected", uid: "body" }))).toMatchObject(expected);
  });

  it.each([
    ["two decimals", '{"revenue": 2.50}', { revenue: "2.5000" }],
    ["a whole number", '{"revenue":7}', { revenue: "7.0000" }],
    ["nothing", '{"revenue":0.0}', { revenue: "0.0000" }],
    ["what a float cannot hold", '{"revenue":999999999.9999}', { revenue: "999999999.9999" }],
    ["zeros at its end", '{"revenue":0.10000000000000000000}', { revenue: "0.1000" }],
    ["20 digits as uid", '{"uid":12345678901234567890}', { uid: "12345678901234567890" }],
    ["an exponent as uid", '{"uid":1e2}', { uid: "1e2" }],
    ["minus and zeros as uid", '{"uid":-0.00}', { uid: "-0.00" }],
    ["null as nothing", '{"uid":null,"revenue":null}', { uid: null, revenue: null }],
    [
      "an empty list and an empty object as nothing",
      '{"uid":[],"revenue":{},"goal":[]}',
      { uid: null, revenue: null, goal: null },
    ],
  ])("count as they are written in JSON: %s", async (_, body, expected) => {
    expect(await recorded("click=~click~", json(body))).toMatchObject(expected);
  });

  it.each([
    ["a name twice in JSON", '{"uid":"a","uid":"a"}', "PARAMETER_TWICE", '"uid"'],
    ["a name twice in JSON, once escaped", '{"uid":"a","u\\u0069d":"b"}', "PARAMETER_TWICE", '"uid"'],
    ["a list", '{"uid":["a"]}', "PARAMETER_NOT_TEXT", '"uid"'],
    ["an object", '{"status":{"a":1}}', "PARAMETER_NOT_TEXT", '"status"'],
    ["yes", '{"goal":true}', "PARAMETER_NOT_TEXT", '"goal"'],
    ["an exponent as revenue", '{"revenue":1e2}', "REVENUE_UNUSABLE", '"1e2"'],
    ["a negative number", '{"payout":-1}', "REVENUE_NEGATIVE", '"payout" is "-1"'],
  ])("cannot be %s", async (_, body, code, words) => {
    const refusal = await refused("click=~click~", json(body));
    expect(refusal.code).toBe(code);
    expect(refusal.message).toContain(words);
  });

  it.each([
    ["0", "0.0000"],
    ["0.0000", "0.0000"],
    ["00012.5", "12.5000"],
    [".5", "0.5000"],
    ["1.0000000000", "1.0000"],
    ["999999999.9999", "999999999.9999"],
    ["999999999.99990", "999999999.9999"],
    ["0.0001", "0.0001"],
    ["0.00035", "0.00035"],
    ["7.643215", "7.643215"],
    ["0.00000001", "0.00000001"],
  ])("take the revenue %s", async (revenue, amount) => {
    expect((await recorded(`click=~click~&revenue=${revenue}`)).revenue).toBe(amount);
  });

  it.each([
    "1000000000",
    "999999999.99991",
    "1e5",
    "+1",
    "1.5.5",
    "5.",
    "Infinity",
    "٣",
    "３",
    "0x10",
    "1_000",
    "$1USDT",
    "1 тыс.",
    "5K",
    "1,23.50",
    "1.23,50",
    "1234,567.8",
    "12,34,567.50",
    "1.234,",
    "true",
    `${"0".repeat(5000)}x`,
  ])("refuse the revenue %s, naming it and what is allowed", async (revenue) => {
    const { code, message } = await refused(`click=~click~&sum=${encode(revenue)}`);
    expect(code).toBe("REVENUE_UNUSABLE");
    expect(message).toContain(`"sum" is "${revenue.slice(0, 80)}`);
    expect(message).toContain("from 0 to 999999999.9999, such as 2.50");
  });

  it.each(["usd", "Usd", "EUR", "jpy", "xAu"])("take the currency %s in any case", async (currency) => {
    expect((await recorded(`click=~click~&currency=${currency}`)).currency).toBe(currency.toUpperCase());
  });

  it.each(["US", "USDT", "ABC", "$", "840", "uſd", "ınr", "valueOf"])("refuse the currency %s", async (currency) => {
    const { code, message } = await refused(`click=~click~&cnv_currency=${encode(currency)}`);
    expect(code).toBe("CURRENCY_UNKNOWN");
    expect(message).toBe(
      `The parameter "cnv_currency" is "${currency}": it must be an ISO 4217 code, such as USD or EUR, or be mapped to one in the postback key's currency words.`,
    );
  });

  it.each(["pending", "Approved", "REJECTED"])("take the status %s in any case", async (status) => {
    expect((await recorded(`click=~click~&status=${status}`)).status).toBe(status.toUpperCase());
  });

  it.each(["1", "refunded", "pendıng", "approved rejected", "toString", "constructor"])(
    "refuse the status %s",
    async (status) => {
      const { code, message } = await refused(`click=~click~&conv_status=${encode(status)}`);
      expect(code).toBe("STATUS_UNKNOWN");
      expect(message).toContain(`The parameter "conv_status" is "${status}"`);
      expect(message).toMatch(/pending, approved or rejected.*status words.*approved_status=/);
    },
  );

  it.each([
    ["goal", 64, "event", "GOAL_TOO_LONG", "goal"],
    ["uid", 128, "order_id", "UID_TOO_LONG", "uid"],
  ])("hold a %s of %i characters, and not one more", async (_, max, name, code, field) => {
    for (const character of ["x", "é", "😀", "e\u0301"]) {
      const text = [...character.repeat(max)].slice(0, max).join("");
      expect((await recorded(`click=~click~&${name}=${encode(text)}`))[field]).toBe(text);
      const refusal = await refused(`click=~click~&${name}=${encode(`${text}x`)}`);
      expect(refusal.code).toBe(code);
      expect(refusal.message).toContain(`"${name}" is "`);
      expect(refusal.message).toContain(`with ${max + 1} characters`);
      expect(refusal.message).toContain(`at most ${max}`);
    }
  });

  it.each([
    ["is missing", ""],
    ["is empty", "click="],
    ["is made of spaces", "click=%20%09&cid="],
    ["is named otherwise", "cl=0&hash=0&click[]=0"],
  ])("say so when the click %s", async (_, query) => {
    const { code, message } = await refused(query);
    expect(code).toBe("CLICK_MISSING");
    expect(message).toContain('"click"');
  });

  it("take a click hash in upper case, with spaces around it", async () => {
    expect((await recorded(`click=%20${CLICK.toUpperCase()}%20`)).clickHash).toBe(CLICK);
  });
});
