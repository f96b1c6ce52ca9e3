import { describe, expect, it } from "vitest";
import { WordMeaning } from "../../server/catalog/status-words.js";
import { builtInWords, meaningOf } from "../../server/conversions/status-meaning.js";
import { CLICK, openPostbackDoor } from "../kit/doors.js";

describe("A status word that was kept with its accents apart", () => {
  it("is found all the same", () => {
    const kept = [{ word: "pago\u0301", meaning: WordMeaning.IGNORE }];
    for (const sent of ["Pago\u0301", "pag\u00f3"])
      expect(meaningOf(sent, { inUrl: new Map(), ofKey: kept, approvedWords: [] })?.means).toBe(WordMeaning.IGNORE);
  });
});

describe("What a postback means", () => {
  const door = openPostbackDoor({
    statusWords: [
      { word: "1", meaning: WordMeaning.APPROVED },
      { word: "test", meaning: WordMeaning.IGNORE },
      { word: "hold", meaning: WordMeaning.REJECTED },
      { word: "pagó", meaning: WordMeaning.APPROVED },
    ],
  });
  const plain = openPostbackDoor();
  const send = (query: string, body?: object) =>
    door.send(
      `/postback/~key~?${query}`,
      body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
    );

  it.each(Object.entries(builtInWords).flatMap(([meaning, words]) => words.map((word) => [word, meaning])))(
    "knows the word %s without being told: %s",
    async (word, meaning) => {
      const sent = `%20${word.slice(0, 1).toUpperCase()}${word.slice(1)}%20`;
      const { received } = await plain.send(`/postback/~key~?click=~click~&status=${sent}`);
      expect(received?.postback.status).toBe(meaning);
    },
  );

  it.each([
    ["the key's word", "1", "APPROVED", "KEY"],
    ["the key's word in another case", "HOLD", "REJECTED", "KEY"],
    ["the key's word, however its accents are written", "Pagó".normalize("NFD"), "APPROVED", "KEY"],
    ["the key's word, with its accents in one piece", "pagó".normalize("NFC"), "APPROVED", "KEY"],
    ["the URL's word, however its accents are written", `re\u0301fuse\u0301&rejected_status=Réfusé`, "REJECTED", "URL"],
    ["the URL's word before the key's", "1&pending_status=0,1", "PENDING", "URL"],
    ["the URL's word in another case, with spaces", "Won&approved_status=paid,%20WON%20", "APPROVED", "URL"],
    ["the URL's word before what is built in", "approved&rejected_status=approved", "REJECTED", "URL"],
    ["what is built in", "declined&approved_status=x", "REJECTED", "BUILT_IN"],
  ])("takes %s: %s", async (_, status, expected, by) => {
    const { received, entry } = await send(`click=~click~&status=${status}`);
    expect(received?.postback.status).toBe(expected);
    expect(entry.reading).toContainEqual(expect.objectContaining({ parameter: "status", means: expected, by }));
  });

  it("asks for a mapping of a word that nobody has mapped, and keeps what it has read", async () => {
    const { answer, entry } = await send("click=~click~&status=2&approved_status=1&sum=2,50&order_id=77");
    expect(answer).toMatchObject({ status: 422, code: "STATUS_UNKNOWN", conversionId: null });
    expect(answer.message).toMatch(
      /"status" is "2".*status words.*pending_status=, approved_status=, rejected_status=, ignore_status= to the URL/,
    );
    expect(answer.message).not.toContain("sale_status=");
    expect(entry).toMatchObject({ code: "STATUS_UNKNOWN", uid: "77", change: null });
    expect(entry.reading).toEqual([
      { parameter: "click", name: "click", place: "query", value: CLICK, means: CLICK },
      { parameter: "approved_status", name: "approved_status", place: "query", value: "1", means: "APPROVED" },
      {
        parameter: "status",
        name: "status",
        place: "query",
        value: "2",
        code: "STATUS_UNKNOWN",
        message: answer.message,
      },
      { parameter: "revenue", name: "sum", place: "query", value: "2,50", means: "2.5000" },
      { parameter: "uid", name: "order_id", place: "query", value: "77", means: "77" },
    ]);
  });

  it.each(["test", "TEST&uid=2", "trial&ignore_status=trial"])(
    "ignores what is mapped to ignore: %s",
    async (status) => {
      const { answer, received } = await send(`click=~click~&status=${status}`);
      expect(answer).toMatchObject({ status: 200, code: "IGNORED", conversionId: null });
      expect(received).toBeNull();
    },
  );

  it.each([
    ["revenue=%2412.50", "12.5000", null, /"\$" is the sign of several currencies/],
    ["revenue=%2412.50&currency=usd", "12.5000", "USD", null],
    ["revenue=%2412.50&currency=cad", "12.5000", "CAD", null],
    ["revenue=12,50%20%E2%82%AC", "12.5000", "EUR", null],
    ["revenue=GBP%2012.50&goal=sale", "12.5000", "GBP", null],
    ["revenue=%2412.50&goal=sale", "12.5000", null, /"\$" is the sign of several currencies/],
    ["revenue=1.234,50&currency=", "1234.5000", null, /"currency" is empty and counts as left out/],
    ["revenue=12,50%20z%C5%82", "12.5000", "PLN", null],
    ["revenue=kr%2012&currency=nok", "12.0000", "NOK", null],
    ["revenue=%C2%A312", "12.0000", "GBP", null],
    ["revenue=%C2%A312&currency=GIP", "12.0000", "GIP", null],
    ["revenue=kr%2012&goal=sale", "12.0000", null, /"kr" is the sign of several currencies/],
    ["revenue=Rs%20500&currency=inr", "500.0000", "INR", null],
    ["revenue=%245%20CAD", "5.0000", "CAD", null],
    [
      "revenue=12.0999999999999996447",
      "12.1000",
      null,
      /"revenue" is "12.0999999999999996447", with more than 8 decimals, and is rounded to 12.1000\./,
    ],
    ["revenue=0.000000001", "0.0000", null, /more than 8 decimals, and is rounded to 0.0000\./],
    ["revenue=7.643215", "7.643215", null, null],
    ["revenue=12.10000000000", "12.1000", null, null],
    ["revenue=1+234,50", "1234.5000", null, null],
    ["revenue=1%20234,50%20%E2%82%AC", "1234.5000", "EUR", null],
    ["revenue=1%C2%A0234,50", "1234.5000", null, null],
    ["revenue=1%E2%80%AF234.50", "1234.5000", null, null],
    ["revenue=1'234.50", "1234.5000", null, null],
    ["revenue=USD$5&currency=USD", "5.0000", "USD", null],
    ["revenue=12.50,&currency=eur", "12.5000", "EUR", /"revenue" is "12.50,".*nothing on the other side/],
    ["sum=,7.50%20$", "7.5000", null, /"sum" is ",7.50 \$".*nothing on the other side.*"\$" is the sign of several/],
  ])("takes the currency of an amount's sign where it is one: %s", async (query, revenue, currency, warning) => {
    const { answer, received } = await send(`click=~click~&${query}`);
    expect(received?.postback).toMatchObject({ revenue, currency });
    if (warning) expect(answer.message).toMatch(warning);
    else expect(answer.message).not.toContain("Warning");
  });

  it.each([
    ["kr 12", "kr"],
    ["¥250", "¥"],
    ["Rs 500", "Rs"],
    ["12 lei", "lei"],
    ["5000 руб", "руб"],
  ])(
    "2.6 never takes an amount for another currency, where its sign is none of the default's: %s",
    async (sent, sign) => {
      for (const path of ["/postback/~key~?click", "/~key~/postback?subid"]) {
        const { answer } = await door.send(`${path}=~click~&payout=${encodeURIComponent(sent)}`);
        expect(answer).toMatchObject({ status: 422, code: "CURRENCY_UNKNOWN" });
        expect(answer.message).toContain(
          `"${sign}" stands for several currencies: send a currency that has an ISO 4217 code beside the amount`,
        );
      }
    },
  );

  it.each(["{AF9619FF-8B86-D011-B42D-00C04FC964FF}", "{AF9619FF-8B86-D011-B42D-00C04FC96500}"])(
    "takes an id in braces for an id, though it looks like a macro: %s",
    async (uid) => {
      const { answer, received } = await send(`click=~click~&uid=${encodeURIComponent(uid)}`);
      expect(answer).toMatchObject({ code: "RECORDED", message: "The conversion is recorded." });
      expect(received?.postback.uid).toBe(uid);
    },
  );

  it.each([
    ["the same name", "revenue=1", { revenue: "2" }, "2.0000"],
    ["another name of the same parameter", "revenue=1", { payout: "2" }, "2.0000"],
    ["nothing, where the body's value is empty", "revenue=1", { payout: "" }, "1.0000"],
    ["nothing, where the body names another parameter", "payout=1", { uid: "x" }, "1.0000"],
  ])("the body wins over %s in the query", async (_, query, body, revenue) => {
    const { received } = await send(`click=~click~&${query}`, body);
    expect(received?.postback.revenue).toBe(revenue);
  });

  it("the click in the body counts before another in the query", async () => {
    const { received } = await send(`click=${"f".repeat(32)}`, { cid: CLICK });
    expect(received?.clickHash).toBe(CLICK);
  });

  it.each(["cid=a&cid=b", "payout=1&payout=1", "order_id=a&order_id=b"])(
    "one of our parameters given twice is refused, whatever else is there: %s",
    async (twice) => {
      const { answer } = await send(`click=~click~&revenue=1&uid=u&${twice}`);
      expect(answer.code).toBe("PARAMETER_TWICE");
      expect(answer.message).toContain(twice.split("=")[0] ?? "");
      expect(answer.message).toContain(JSON.stringify([...new URLSearchParams(twice).values()]));
    },
  );

  it("one of our parameters given twice in the query is refused, also where the body says it", async () => {
    const { answer } = await send("click=~click~&uid=a&uid=b", { uid: "c" });
    expect(answer.code).toBe("PARAMETER_TWICE");
    expect(answer.message).toContain('["a","b"]');
  });

  it.each([
    ["uid=(transactionid)", "uid", '"uid" is "(transactionid)"'],
    ["uid=%23%7Bid%7D", "uid", '"uid" is "#{id}"'],
    ["txid=null", "uid", '"txid" is "null"'],
    ["order_id=__ORDER_ID__", "uid", '"order_id" is "__ORDER_ID__"'],
    ["uid=", "uid", '"uid" is empty'],
    ["uid=%E2%80%8B", "uid", '"uid" is "<U+200B>"'],
    ["payout=OPTIONAL", "revenue", '"payout" is "OPTIONAL"'],
    ["payout=N/A", "revenue", '"payout" is "N/A"'],
    ["sum={url(sum)}", "revenue", '"sum" is "{url(sum)}"'],
    ["currency=undefined", "currency", '"currency" is "undefined"'],
    ["currency=currency", "currency", '"currency" is "currency"'],
    ["status=%5Bobject%20Object%5D", "status", '"status" is "[object Object]"'],
    ["goal=!!!goal!!!", "goal", '"goal" is "!!!goal!!!"'],
  ] as const)("2.9 counts what stands for nothing as left out, with a warning: %s", async (query, field, named) => {
    const { answer, received, entry } = await plain.send(`/postback/~key~?click=~click~&${query}`);
    expect(answer.code).toBe("RECORDED");
    expect(received?.postback[field]).toBeNull();
    expect(answer.message).toContain(`Warning: the parameter ${named}`);
    expect(entry.reading).toContainEqual(
      expect.objectContaining({ parameter: field, warning: expect.stringContaining(named) }),
    );
  });

  it.each([
    ["a word that the URL maps", "status=none&pending_status=none", { status: "PENDING" }],
    ["a currency's code", "currency=XXX", { currency: "XXX" }],
    [
      "an id in braces",
      "uid={6F9619FF-8B86-D011-B42D-00C04FC964FF}",
      { uid: "{6F9619FF-8B86-D011-B42D-00C04FC964FF}" },
    ],
    ["a text with a macro in it", "uid=12345_{goal}", { uid: "12345_{goal}" }],
    ["the next name's value", "uid=null&txid=A1", { uid: "A1" }],
    ["0", "revenue=0", { revenue: "0.0000" }],
  ])("2.9 takes %s for a value", async (_, query, expected) => {
    const { received } = await plain.send(`/postback/~key~?click=~click~&${query}`);
    expect(received?.postback).toMatchObject(expected);
  });

  it("2.9 takes a word that the key maps for a value, and null in JSON for what is left out", async () => {
    const words = openPostbackDoor({ statusWords: [{ word: "none", meaning: WordMeaning.REJECTED }] });
    const { received } = await words.send("/postback/~key~?click=~click~&status=None");
    expect(received?.postback.status).toBe("REJECTED");
    const { answer } = await send("click=~click~", { uid: null, revenue: null });
    expect(answer.message).toBe("The conversion is recorded.");
  });

  it.each([
    ["status=won", "STATUS_UNKNOWN", '"won"'],
    ["payout=-2,50", "REVENUE_NEGATIVE", '"-2,50"'],
    ["payout=2.50x", "REVENUE_UNUSABLE", '"2.50x"'],
    ["currency=EURO", "CURRENCY_UNKNOWN", '"EURO"'],
    [`goal=${"g".repeat(65)}`, "GOAL_TOO_LONG", "ggg"],
    [`uid=${"u".repeat(129)}`, "UID_TOO_LONG", "uuu"],
  ])("the message of a refused postback names the value: %s", async (query, code, value) => {
    const { answer, entry } = await send(`click=~click~&${query}`);
    expect(answer).toMatchObject({ code, message: expect.stringContaining(value) });
    expect(entry).toMatchObject({ code, clickHash: CLICK, clickKey: CLICK });
  });
});

describe("A currency, on both paths", () => {
  const currencyWords = [
    { word: "usdt", currency: "USD" },
    { word: "us dollar", currency: "USD" },
    { word: "$", currency: "CAD" },
    { word: "840", currency: "USD" },
    { word: "dem", currency: "EUR" },
  ];
  const door = openPostbackDoor({ currencyWords });
  const plain = openPostbackDoor();
  const paths = ["/postback/~key~?click=~click~", "/~key~/postback?subid=~click~"];

  it.each([
    ["currency=RUR", "RUB"],
    ["currency=rur", "RUB"],
    ["currency=usd%20", "USD"],
    ["currency=USDT", "USD"],
    ["currency=%20usdt", "USD"],
    ["currency=US%20Dollar", "USD"],
    ["currency=840", "USD"],
    ["currency=DEM", "EUR"],
    ["currency=$", "CAD"],
    ["payout=5000%20RUR", "RUB"],
    ["payout=5%20USDT", "USD"],
    ["payout=$5", "CAD"],
    ["payout=$5&currency=CAD", "CAD"],
    ["payout=5%20usdt&currency=usdt", "USD"],
  ])("2.6 is a code, its other code in use, or a word of the key: %s", async (query, currency) => {
    for (const path of paths) {
      const { answer, received } = await door.send(`${path}&${query}`);
      expect([path, answer.message, received?.postback.currency]).toEqual([
        path,
        "The conversion is recorded.",
        currency,
      ]);
    }
  });

  it("2.6 of a key's word says in the log who says what it means", async () => {
    const { entry } = await door.send(`${paths[0]}&currency=USDT`);
    expect(entry.reading?.at(-1)).toMatchObject({ parameter: "currency", value: "USDT", means: "USD", by: "KEY" });
  });

  it.each(["BTC", "USDT", "840", "DEM", "$", "US Dollar", "bonus", "rub,usd", "constructor"])(
    "2.6 that nobody knows is refused, never taken for another one: %s",
    async (currency) => {
      for (const path of paths) {
        const { answer, received } = await plain.send(`${path}&payout=5&currency=${encodeURIComponent(currency)}`);
        expect(answer).toMatchObject({ status: 422, code: "CURRENCY_UNKNOWN", conversionId: null });
        expect(answer.message).toContain(`"${currency}"`);
        expect(answer.message).toContain("currency words");
        expect(received).toBeNull();
      }
    },
  );
});
