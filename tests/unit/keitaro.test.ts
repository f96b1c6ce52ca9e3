import { describe, expect, it } from "vitest";
import { parseParameters } from "../../server/kit/parameters.js";
import templates from "../data/keitaro-templates.json" with { type: "json" };
import { CLICK, openPostbackDoor } from "../kit/doors.js";
import { keitaroPostbacks, twoAmounts } from "../kit/keitaro-postbacks.js";

describe("Keitaro's postback URL", () => {
  const door = openPostbackDoor();
  const send = (query: string) => door.send(`/~key~/postback?${query}`);

  it("of each of 192 networks, with nothing but host and key changed, says what was sent in every status", async () => {
    const all = Object.values(templates).flatMap((template) => keitaroPostbacks(template, () => CLICK));
    expect(all.length).toBeGreaterThan(500);
    for (const { query, expected } of all) {
      const { answer, received } = await send(query);
      expect([query, answer.code, answer.message]).toEqual([query, "RECORDED", expect.anything()]);
      const { clickHash, postback } = received ?? {};
      const { goal, status, revenue, currency, uid } = postback ?? {};
      expect({ query, goal, clickHash, status: status ?? "PENDING", revenue: revenue ?? "0.0000", uid }).toEqual({
        query,
        goal: null,
        clickHash: CLICK,
        status: expected.status,
        revenue: expected.revenue,
        uid: expected.uid,
      });
      expect([query, currency ?? "USD"]).toEqual([query, expected.currency]);
    }
  });

  it("of each of 192 networks, as its template stands, gives a reason that names the cause", async () => {
    for (const template of Object.values(templates)) {
      const macro = /subid=([^&]*)/.exec(template)?.[1] ?? "";
      // As some clients send it: what has signs that other clients would encode, or cut off, is the same.
      const encoded = template.replaceAll("#", "%23");
      expect(parseParameters(template)).toEqual(
        parseParameters(new URL(`http://tracker.example/?${encoded}`).search.slice(1)),
      );
      const { code, message } = (await send(encoded)).answer;
      if (template.includes("status=reg,dep,lead,approve"))
        expect([code, message]).toEqual(["STATUS_LIST", expect.stringContaining('"status" is "reg,dep,lead')]);
      else if (macro === "ext_id")
        expect([code, message]).toEqual(["CLICK_WRONG_CHARACTER", expect.stringContaining('"ext_id"')]);
      else expect([code, message]).toEqual(["CLICK_UNREPLACED", expect.stringContaining(`"subid" is "${macro}"`)]);
    }
  });

  it("of the seven networks that send two amounts takes the one that is there, warns of it, and refuses two", async () => {
    expect(twoAmounts.map(({ name }) => name).sort()).toEqual([
      "12Monkiss",
      "7-aff",
      "SinCity",
      "Spanpartners",
      "TrafficCake",
      "TrafficFamily",
      "Vulkan777aff",
    ]);
    for (const { query } of twoAmounts) {
      for (const [payout, revenue] of [
        ["12.50,", "12.5000"],
        [",7.50", "7.5000"],
      ] as const) {
        const { answer, received } = await send(query(CLICK, payout));
        expect(answer).toMatchObject({ code: "RECORDED", message: expect.stringContaining(`"payout" is "${payout}"`) });
        expect(received?.postback).toMatchObject({ status: "APPROVED", revenue, currency: "USD" });
      }
      expect((await send(query(CLICK, "12.50,7.50"))).answer).toMatchObject({
        code: "REVENUE_UNUSABLE",
        message: expect.stringContaining('"payout" is "12.50,7.50"'),
      });
    }
  });

  it("counts Keitaro's names alone", async () => {
    const others = "cid=1&click=2&goal=g&uid=u&order_id=o&revenue=9&cnv_status=rejected&approved_status=dep";
    const { answer, received } = await send(`${others}&subid=~click~&payout=3&from=somebody`);
    expect(answer).toMatchObject({ status: 200, code: "RECORDED", message: "The conversion is recorded." });
    expect(received).toMatchObject({
      clickHash: CLICK,
      postback: { goal: null, status: null, revenue: "3.0000", currency: null, uid: null },
    });
    expect((await send(`${others}&payout=3`)).answer.message).toContain('"subid" is missing');
    const unknown = (await send(`subid=~click~&status=dep&${others}`)).answer;
    expect(unknown.code).toBe("STATUS_UNKNOWN");
    expect(unknown.message).toContain("one of lead_status=, sale_status=, rejected_status= to the URL");
    expect(unknown.message).not.toContain("approved_status=");
  });

  it.each([
    ["lead", "PENDING"],
    ["sale", "APPROVED"],
    ["Rebill", "APPROVED"],
    ["rejected", "REJECTED"],
    ["hot&lead_status=cold,HOT", "PENDING"],
    ["hot&sale_status=hot", "APPROVED"],
    ["approved&rejected_status=approved", "REJECTED"],
  ])("reads the status %s as %s", async (status, expected) => {
    expect((await send(`subid=~click~&status=${status}`)).received?.postback.status).toBe(expected);
  });

  it.each([
    ["payout=2&currency=bonus", null, /"currency" is "bonus"/],
    ["payout=5%20EUR&currency=euro", "EUR", /"currency" is "euro", which is not .*, and counts as left out/],
    ["payout=%245&currency=dollar", null, /"currency" is "dollar".*counts as left out.*"\$" is the sign of several/],
  ])("warns of a currency that cannot be used: %s", async (query, currency, warning) => {
    const { answer, received } = await send(`subid=~click~&${query}`);
    expect(answer.code).toBe("RECORDED");
    expect(answer.message).toMatch(warning);
    expect(received?.postback.currency).toBe(currency);
    expect(received?.warnings).toHaveLength(query.includes("%24") ? 2 : 1);
  });

  it("warns of what goes on behind the click hash", async () => {
    const { answer, entry, received } = await send(`subid=${CLICK.toUpperCase()}_17`);
    expect(answer.message).toMatch(/Warning: .*"_17" does not count/);
    expect(received?.clickHash).toBe(CLICK);
    expect(entry).toMatchObject({ clickHash: `${CLICK.toUpperCase()}_17`, clickKey: CLICK, dialect: "KEITARO" });
  });
});
