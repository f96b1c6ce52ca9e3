import { describe, expect, it } from "vitest";
import { json } from "../kit/bodies.js";
import { openPostbackDoor } from "../kit/doors.js";

describe("The mistakes of a postback", () => {
  const door = openPostbackDoor();
  const send = (query: string, init?: RequestInit) => door.send(`/postback/~key~?${query}`, init);

  it.each<[string, string, string[]]>([
    [
      "click=~click~&status=REVERSED&revenue=1,234&currency=XYZ",
      "STATUS_UNKNOWN",
      ['"status" is "REVERSED"', '"revenue" is "1,234"', '"currency" is "XYZ"'],
    ],
    [
      "currency=XYZ&revenue=1,234&status=REVERSED&click=~click~",
      "STATUS_UNKNOWN",
      ['"status" is "REVERSED"', '"revenue" is "1,234"', '"currency" is "XYZ"'],
    ],
    ["click=~click~&currency=XYZ&revenue=5KK", "REVENUE_UNUSABLE", ['"revenue" is "5KK"', '"currency" is "XYZ"']],
    ["status=REVERSED", "CLICK_MISSING", ['"click" is missing', '"status" is "REVERSED"']],
    ["click=1&status=REVERSED", "STATUS_UNKNOWN", ['"status" is "REVERSED"', '"click" is "1"']],
    ["click={click}&uid=a&uid=b", "PARAMETER_TWICE", ['"uid" is given more than once', '"click" is "{click}"']],
    [
      `click=~click~&goal=${"g".repeat(65)}&uid=${"u".repeat(129)}`,
      "GOAL_TOO_LONG",
      ['"goal" is "ggg', '"uid" is "uuu'],
    ],
    [
      "click=~click~&approved_status=a&rejected_status=A&status=x&payout=1.2.3",
      "STATUS_MAPPED_TWICE",
      ['The word "a" stands in "approved_status" and in "rejected_status"', '"status" is "x"', '"payout" is "1.2.3"'],
    ],
    ["click=~click~&status=test&ignore_status=test&revenue=5KK", "REVENUE_UNUSABLE", ['"revenue" is "5KK"']],
  ])("2.11 are all told, and the code is the first's: %s", async (query, code, named) => {
    const { answer, entry } = await send(query);
    expect(answer.code).toBe(code);
    const places = named.map((words) => answer.message.indexOf(words));
    expect(places, answer.message).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(entry).toMatchObject({ code, message: answer.message });
  });

  it("2.11 are each kept with the parameter that has it", async () => {
    const { entry } = await send(
      "status=REVERSED&currency=XYZ",
      json('{"click":"~click~","uid":["a"],"revenue":"1","revenue":"2"}'),
    );
    const mistakes = entry.reading?.filter(({ code }) => code);
    expect(mistakes).toEqual([
      expect.objectContaining({ parameter: "status", name: "status", value: "REVERSED", code: "STATUS_UNKNOWN" }),
      expect.objectContaining({ parameter: "currency", value: "XYZ", code: "CURRENCY_UNKNOWN" }),
      expect.objectContaining({ parameter: "revenue", place: "body", value: '["1","2"]', code: "PARAMETER_TWICE" }),
      expect.objectContaining({ parameter: "uid", place: "body", value: '["a"]', code: "PARAMETER_NOT_TEXT" }),
    ]);
    for (const { message } of mistakes ?? []) expect(entry.message).toContain(message);
  });
});
