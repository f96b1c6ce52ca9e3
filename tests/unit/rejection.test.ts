import { describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
import { WordMeaning } from "../../server/catalog/status-words.js";
import { openPostbackDoor, type Taken } from "../kit/doors.js";

const REJECTED = { status: "REJECTED", revenue: null, currency: null, uid: "9" };
const door = openPostbackDoor({ statusWords: [{ word: "chargeback", meaning: WordMeaning.REJECTED }] });
const rejecting = openPostbackDoor({ defaultStatus: ConversionStatus.REJECTED });
const enc = encodeURIComponent;

/** The warning names the parameter and the value, and what becomes of both. */
function expectRejected({ answer, entry, received }: Taken, name: string, value: string): void {
  expect(received?.postback).toMatchObject(REJECTED);
  expect(answer).toMatchObject({ status: 200, code: "RECORDED" });
  expect(answer.message).toContain(
    `Warning: the parameter "${name}" is ${JSON.stringify(value)}, which cannot be used`,
  );
  expect(received?.warnings).toHaveLength(1);
  const amounts = entry.reading?.filter(({ parameter }) => parameter === "revenue" || parameter === "currency") ?? [];
  for (const reading of amounts) expect(reading).not.toHaveProperty("means");
  for (const reading of amounts) expect(reading).not.toHaveProperty("code");
}

describe("A postback that rejects a conversion", () => {
  it.each([
    ["a negative amount", "payout", "-4.5"],
    ["a negative amount with a comma", "payout", "-1.234,50"],
    ["a negative amount in brackets", "sum", "(4.50)"],
    ["a minus behind it", "revenue", "4.50-"],
    ["two amounts", "payout", "12.50,7.50"],
    ["an amount that can be read in two ways", "amount", "1,234"],
    ["an exponent", "price", "1e2"],
    ["an amount beyond the largest", "payout", "1000000000"],
    ["no number", "payout", "refund"],
    ["a sign and a code that contradict each other", "payout", "€5 USD"],
  ])("2.8 takes effect whatever its amount: %s", async (_, name, value) => {
    const sent = await door.send(`/postback/~key~?click=~click~&status=rejected&uid=9&${name}=${enc(value)}`);
    expectRejected(sent, name, value);
  });

  it.each([
    ["a word of the URL", "status=2&rejected_status=2,3"],
    ["a word of the key", "status=ChargeBack"],
    ["a built-in word", "status=declined"],
    ["its own word in capitals", "STATUS=REJECTED"],
  ])("2.8 does so whoever says that it is one: %s", async (_, status) => {
    const sent = await door.send(`/postback/~key~?click=~click~&uid=9&payout=-4.5&${status}`);
    expectRejected(sent, "payout", "-4.5");
  });

  it("2.8 does so by the default status of its key, unless it names another", async () => {
    const send = (query: string) => rejecting.send(`/postback/~key~?click=~click~&uid=9&payout=-4.5${query}`);
    const { answer, received } = await send("");
    expect(received?.postback).toMatchObject({ ...REJECTED, status: null, defaultStatus: "REJECTED" });
    expect(answer.message).toContain('Warning: the parameter "payout" is "-4.5", which cannot be used');
    expect((await send("&status=approved")).answer).toMatchObject({ status: 422, code: "REVENUE_NEGATIVE" });
    // On Keitaro's path a missing status means a sale, whatever the key says.
    const { answer: sale } = await rejecting.send("/~key~/postback?subid=~click~&tid=9&payout=-4.5");
    expect(sale).toMatchObject({ status: 422, code: "REVENUE_NEGATIVE" });
  });

  it.each([
    "status=rejected",
    "status=trash",
    "status=refund&rejected_status=refund",
    "status=refund&trash_status=refund",
    "status=refund&reject_status=refund",
  ])("2.8 does so by Keitaro's URL: %s", async (status) => {
    expectRejected(await door.send(`/~key~/postback?subid=~click~&tid=9&payout=-4.5&${status}`), "payout", "-4.5");
  });

  it.each([
    ["a currency that is none", "payout=4.5&currency=XYZ", "currency", "XYZ"],
    ["a currency that is none, without an amount", "currency=XYZ", "currency", "XYZ"],
    ["a currency beside an amount that is none", "payout=-4.5&currency=EUR", "payout", "-4.5"],
    ["a currency that contradicts the sign", `payout=${enc("€5")}&currency=USD`, "payout", "€5"],
  ])("2.8 takes amount and currency together, or neither: %s", async (_, amount, name, value) => {
    expectRejected(await door.send(`/postback/~key~?click=~click~&status=rejected&uid=9&${amount}`), name, value);
    const sent = await door.send(`/~key~/postback?subid=~click~&status=rejected&tid=9&${amount}`);
    expectRejected(sent, name, value);
  });

  it.each([
    ["a list", [1, 2], '["1","2"]'],
    ["an object", { amount: 5 }, '{"amount":"5"}'],
    ["true", true, "true"],
  ])("2.8 takes effect though JSON has no amount there: %s", async (_, payout, value) => {
    const { answer, received } = await door.send("/postback/~key~", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ click: "~click~", uid: 9, status: "rejected", payout }),
    });
    expect(received?.postback).toMatchObject(REJECTED);
    expect(answer.message).toContain(`Warning: the parameter "payout" is "${value}", which cannot be used`);
  });

  it("2.8 takes effect though an amount is there twice", async () => {
    const { answer, received } = await door.send(
      "/postback/~key~?click=~click~&uid=9&status=rejected&payout=1&payout=2",
    );
    expect(received?.postback).toMatchObject(REJECTED);
    expect(answer.message).toMatch(/Warning: the parameter "payout" is "\["1","2"\]", which cannot be used/);
  });

  it("2.8 keeps an amount that can be used", async () => {
    const { answer, received } = await door.send(
      "/postback/~key~?click=~click~&uid=9&status=rejected&payout=4.5&currency=eur",
    );
    expect(received?.postback).toMatchObject({ status: "REJECTED", revenue: "4.5000", currency: "EUR" });
    expect(answer.message).not.toContain("Warning");
  });

  it.each([
    ["status=rejected&payout=-4.5", `goal=${"g".repeat(65)}`, "GOAL_TOO_LONG"],
    ["status=rejected&payout=-4.5", `uid=${"u".repeat(129)}`, "UID_TOO_LONG"],
  ])("is refused for what says which conversion it is: %s&%s", async (rejection, wrong, code) => {
    const { answer } = await door.send(`/postback/~key~?click=~click~&${rejection}&${wrong}`);
    expect(answer).toMatchObject({ status: 422, code });
  });

  it.each(["", "status=approved&", "status=pending&"])(
    "2.8 is one only if it says so: %spayout=-4.5",
    async (status) => {
      const { answer, received } = await door.send(`/postback/~key~?click=~click~&uid=9&${status}payout=-4.5`);
      expect(answer).toMatchObject({ status: 422, code: "REVENUE_NEGATIVE" });
      expect(answer.message).toContain("send the same uid with status=rejected");
      expect(received).toBeNull();
    },
  );
});
