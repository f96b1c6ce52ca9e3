import { describe, expect, it } from "vitest";
import {
  decodeEscapes,
  escapeRawBytes,
  otherSpellings,
  parseParameters,
  plainName,
  textOfBytes,
} from "../../server/kit/parameters.js";
import { form, json } from "../kit/bodies.js";
import { CLICK, openPostbackDoor } from "../kit/doors.js";

describe("A query", () => {
  it.each([
    ["an escape beside a percent sign", "kw=caf%C3%A9+100%", { kw: "café 100%" }],
    ["a macro that has percent signs", "a=%adid%&b=%%ID%%", { a: "%adid%", b: "%%ID%%" }],
    ["an escape behind a macro", "a=%adid%20%C3%A9", { a: "%adid é" }],
    ["what is no escape", "a=%zz&b=%&c=%4&d=%4g", { a: "%zz", b: "%", c: "%4", d: "%4g" }],
    ["a percent sign before a plus", "a=%+41&b=100%+off", { a: "% 41", b: "100% off" }],
    ["escapes of other systems", "a=%u00e9&b=%u0", { a: "%u00e9", b: "%u0" }],
    ["escapes in capitals and not", "a=%c3%a9%C3%A9%2f%2F", { a: "éé//" }],
    ["what was encoded twice, once", "a=%2541%25C3%25A9", { a: "%41%C3%A9" }],
    ["a byte that is no UTF-8", "a=M%FCller&b=M%F6ller", { a: "M%FCller", b: "M%F6ller" }],
    ["such bytes among characters", "a=%C3%A9%FC%F0%9F%98%80%E2%82", { a: "é%FC😀%E2%82" }],
    ["a byte that is missing within a character", "a=%F0%9F%98x%80", { a: "%F0%9F%98x%80" }],
    ["a character longer than it may be", "a=%C0%AF%E0%80%AF%F0%80%80%AF", { a: "%C0%AF%E0%80%AF%F0%80%80%AF" }],
    ["half of a surrogate pair", "a=%ED%A0%80", { a: "%ED%A0%80" }],
    ["beyond the last character", "a=%F4%90%80%80%FF", { a: "%F4%90%80%80%FF" }],
    ["NUL and other controls", "a=%00%1F%7F", { a: "\0\x1f\x7f" }],
    ["an escape in a name", "sub%5Fid=1&%C3%A9=2&%FC=3", { sub_id: "1", é: "2", "%FC": "3" }],
    ["text beyond ASCII", "a=é%C3%A9&b=１００％", { a: "éé", b: "１００％" }],
    ["a question mark within", "a=1?sub_id=2", { a: "1?sub_id=2" }],
    ["a fragment", "a=1#b=2", { a: "1#b=2" }],
    ["a backslash", "a=\\x41%5C", { a: "\\x41\\" }],
    ["a semicolon", "a=1;b=2", { a: "1;b=2" }],
    ["brackets", "a[]=1&a[]=2&b[c]=3", { "a[]": ["1", "2"], "b[c]": "3" }],
    ["a name again", "a=1&a=2&a=1", { a: ["1", "2", "1"] }],
    ["no value, and no name", "a&b=&=c&&=&", { a: "", b: "", "": ["c", ""] }],
    ["more equal signs", "a=b=c==", { a: "b=c==" }],
    ["nothing", "", {}],
    ["names of every object", "toString=1&constructor=2", { toString: "1", constructor: "2" }],
  ])("1.4 decodes every well-formed run of escapes and leaves the rest as typed: %s", (_, query, expected) => {
    expect({ ...parseParameters(query) }).toEqual(expected);
  });

  it("1.4 has no name that is not sent", () => {
    const parameters = parseParameters("__proto__=1");
    expect(Object.keys(parameters)).toEqual(["__proto__"]);
    expect(parseParameters("").toString).toBeUndefined();
  });

  it("1.4 is read whole, whatever its length", () => {
    for (const piece of ["%ff", "%ff-", "%", "%4", "%F0%9F%98", "+", "é"]) {
      expect(parseParameters(`a=${piece.repeat(5000)}`).a).toBe(piece.replace("+", " ").repeat(5000));
    }
    expect(
      Object.keys(parseParameters(Array.from({ length: 5000 }, (_, index) => `p${index}`).join("&"))),
    ).toHaveLength(5000);
  });
});

describe("A form", () => {
  it.each([
    ["UTF-8", Buffer.from("uid=é 1+2&x=%C3%A9\n"), { uid: "é 1 2", x: "é\n" }],
    ["bytes that are no UTF-8", Buffer.from("uid=M\xfcller", "latin1"), { uid: "M%FCller" }],
    ["others of them", Buffer.from("uid=M\xf6ller", "latin1"), { uid: "M%F6ller" }],
    ["such a byte beside UTF-8", Buffer.from("a=\xc3\xa9\xfc&b=1", "latin1"), { a: "é%FC", b: "1" }],
    ["such a byte in a name", Buffer.from("\xfc=1", "latin1"), { "%FC": "1" }],
  ])("1.5 keeps bytes apart as a query does: %s", (_, bytes, expected) => {
    expect({ ...parseParameters(textOfBytes(bytes)) }).toEqual(expected);
  });
});

it("1.1 writes bytes that may not stand in a request target as escapes, and decodes them again", () => {
  const bytes = Buffer.from([...Array(256).keys()]).toString("latin1");
  const escaped = escapeRawBytes(bytes);
  expect(escaped).toMatch(/^[\x21-\x7e]+$/);
  expect(escaped).toContain("%00%01%02");
  expect(escaped).toContain("%1F%20!");
  expect(escaped).toContain("~%7F%80%81");
  expect(decodeEscapes(escapeRawBytes(Buffer.from("Крем é\t1").toString("latin1")))).toBe("Крем é\t1");
});

describe("A name", () => {
  it.each([
    ["status", "status"],
    ["utm_source", "utm_source"],
    ["Status", "status"],
    ["STATUS", "status"],
    [" status ", "status"],
    ["\tstatus\r\n", "status"],
    ["\u00a0status\u00a0", "status"],
    ["\ufeffstatus", "status"],
    ["amp;status", "status"],
    ["amp;amp;amp;status", "status"],
    ["AMP;Status", "status"],
    [" amp; amp;status ", "status"],
    ["#038;status", "status"],
    ["#38;amp;status", "status"],
    ["#x26;status", "status"],
    ["#X26;STATUS", "status"],
    ["amp", "amp"],
    ["ampstatus", "ampstatus"],
    ["x amp;status", "x amp;status"],
    ["stat us", "stat us"],
    ["\u200bstatus\u200e", "status"],
    ["sta\u00adtus", "status"],
    ["?status", "status"],
    ["?amp;?Status", "status"],
    ["status?", "status?"],
    ["amp;", ""],
    ["", ""],
  ])("1.2 %j stands for %j", (name, plain) => {
    expect(plainName(name)).toBe(plain);
  });

  it("1.2 that is not written plainly is found by the one that it stands for", () => {
    expect([...otherSpellings(["status", "Status", "uid", "amp;status", " UID", "x"])]).toEqual([
      ["status", ["Status", "amp;status"]],
      ["uid", [" UID"]],
    ]);
  });
});

describe("A postback", () => {
  const door = openPostbackDoor();
  const OTHER = "0".repeat(32);

  async function taken(query: string, init?: RequestInit) {
    const { answer, received } = await door.send(`/postback/~key~?${query}`, init);
    expect(answer.code, answer.message).toBe("RECORDED");
    return { ...received?.postback, clickHash: received?.clickHash };
  }

  it.each([
    ["copied from HTML", "click=~click~&amp;status=approved&amp;payout=10&amp;txid=a"],
    ["copied so, three times over", "click=~click~&amp;amp;status=approved&amp;amp;amp;payout=10&amp;txid=a"],
    ["copied so and encoded", "click=~click~&amp%3Bstatus=approved&amp%3bpayout=10&%61mp;txid=a"],
    ["written by WordPress", "click=~click~&%23038;status=approved&%23038;payout=10&%23038;txid=a"],
    ["in capitals", "CLICK=~click~&STATUS=approved&PAYOUT=10&TXID=a"],
    ["with capitals", "Click=~click~&Status=approved&Payout=10&TxId=a"],
    ["with spaces", "click%20=~click~&+status+=approved&%09payout=10&%C2%A0txid=a"],
    [
      "that is written plainly too",
      "Click=0&click=~click~&status=approved&amp;status=rejected&payout=10&txid=a&TXID=b",
    ],
    [
      "that comes plainly under another name",
      "amp;click=0&click_id=~click~&STATUS=rejected&conv_status=approved&price=10&uid=a",
    ],
    ["that is written plainly but empty", "click=&Click=~click~&status=%20&Status=approved&payout=10&txid=&TXID=a"],
    ["that is written plainly but a macro", "click=~click~&status={status}&Status=approved&payout=10&txid=a"],
  ])("1.2 is read by names as they are written: %s", async (_, query) => {
    const { clickHash, status, revenue, uid } = await taken(query);
    expect({ clickHash, status, revenue, uid }).toEqual({
      clickHash: CLICK,
      status: "APPROVED",
      revenue: "10.0000",
      uid: "a",
    });
  });

  it("1.2 is read so in a body too, which wins; but the plainly written name in the query wins over another there", async () => {
    for (const body of [form, (text: string) => json(Object.fromEntries(new URLSearchParams(text)))]) {
      expect(await taken(`Click=${OTHER}&UID=query`, body("Click=~click~&amp;uid=body"))).toMatchObject({
        clickHash: CLICK,
        uid: "body",
      });
      expect(await taken("click=~click~&uid=query", body(`Click=${OTHER}&UID=body`))).toMatchObject({
        clickHash: CLICK,
        uid: "query",
      });
    }
  });

  it("1.2 cannot have one of our parameters twice in other spellings either, and names it as it was sent", async () => {
    const { answer } = await door.send("/postback/~key~?click=~click~&Status=approved&amp;status=rejected");
    expect([answer.status, answer.code]).toEqual([422, "PARAMETER_TWICE"]);
    expect(answer.message).toContain('"Status"');
  });

  it("1.2 is logged as it was sent", async () => {
    const { entry } = await door.send("/postback/~key~?click=~click~&amp;Status=approved&amp;X=1&UID=7");
    expect(entry.payload).toEqual({ click: CLICK, "amp;Status": "approved", "amp;X": "1", UID: "7" });
    expect(entry.reading).toContainEqual(expect.objectContaining({ parameter: "status", name: "amp;Status" }));
    expect(entry.uid).toBe("7");
  });

  it("1.2 is read so on Keitaro's path", async () => {
    const { received } = await door.send("/~key~/postback?SubId=~click~&amp;Status=sale&amp;Payout=2&TID=a");
    expect(received?.postback).toMatchObject({ status: "APPROVED", revenue: "2.0000", uid: "a" });
  });
});
