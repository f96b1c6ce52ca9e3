import { describe, expect, it } from "vitest";
import { ConversionStatus } from "../../server/catalog/conversion-status.js";
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
      const { goal, status, defaultStatus, revenue, currency, uid } = postback ?? {};
      expect({ query, goal, clickHash, status: status ?? defaultStatus, revenue: revenue ?? "0.0000", uid }).toEqual({
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
    const unknown = (await send(`subid=~click~&status=won&${others.replace("dep", "won")}`)).answer;
    expect(unknown.code).toBe("STATUS_UNKNOWN");
    expect(unknown.message).toContain(
      "one of lead_status=, sale_status=, rejected_status=, reject_status=, trash_status=, ignore_status=, ignore= to the URL",
    );
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
    ["none", "", 0],
    ["an empty one", "&status=%20", 1],
    ["a macro that nobody replaced", "&status={status}&lead_status={x}", 2],
    ["a word for nothing", "&status=null", 1],
  ])("2.1 means a sale where the status is %s", async (_, rest, warnings) => {
    const { answer, received } = await send(`subid=~click~&payout=12.5${rest}`);
    expect(answer.code).toBe("RECORDED");
    expect(received?.postback).toMatchObject({ status: null, defaultStatus: "APPROVED", revenue: "12.5000" });
    expect(received?.warnings).toHaveLength(warnings);
  });

  it("2.1 has its own default, whatever the key says", async () => {
    const rejecting = openPostbackDoor({ defaultStatus: ConversionStatus.REJECTED });
    const defaultOf = async (path: string) => (await rejecting.send(path)).received?.postback.defaultStatus;
    expect(await defaultOf("/~key~/postback?subid=~click~")).toBe("APPROVED");
    expect(await defaultOf("/postback/~key~?click=~click~")).toBe("REJECTED");
    expect((await door.send("/postback/~key~?click=~click~")).received?.postback.defaultStatus).toBe("PENDING");
  });

  it.each([
    ["revenue=12.5&status=sale", "12.5000"],
    ["payout=3&revenue=12.5", "3.0000"],
    ["payout=&revenue=12.5", "12.5000"],
    ["payout={payout}&revenue=12.5", "12.5000"],
    ["Revenue=12.5", "12.5000"],
    ["amount=12.5&sum=1&price=2", null],
  ])("2.2 takes the amount by both of its names: %s", async (query, revenue) => {
    expect((await send(`subid=~click~&${query}`)).received?.postback.revenue).toBe(revenue);
  });

  it.each([
    ["dep", "APPROVED"],
    ["Deposit", "APPROVED"],
    ["reg", "PENDING"],
    ["hold", "PENDING"],
    ["trash", "REJECTED"],
    ["dep&lead_status=DEP", "PENDING"],
    ["dep&trash_status=x,%20dep%20", "REJECTED"],
    ["bad&reject_status=bad", "REJECTED"],
    ["worse&rejected_status=bad&reject_status=other&trash_status=worse", "REJECTED"],
    ["bad&rejected_status=bad&trash_status=bad", "REJECTED"],
    ["approved&lead_status=approved", "PENDING"],
    ["won&sale_status=won&lead_status={macro}", "APPROVED"],
  ])("2.3 reads the status %s as %s", async (status, expected) => {
    expect((await send(`subid=~click~&status=${status}`)).received?.postback.status).toBe(expected);
  });

  it.each(["ping&ignore_status=ping,test", "TEST&ignore_status=ping,%20Test", "ping&ignore=ping", "sale&ignore=sale"])(
    "2.3 ignores what the URL says is to be ignored: %s",
    async (status) => {
      const { httpStatus, answer, received, entry } = await send(`subid=~click~&status=${status}`);
      expect([httpStatus, answer.code, answer.conversionId]).toEqual([200, "IGNORED", null]);
      expect([received, entry.code]).toEqual([null, "IGNORED"]);
    },
  );

  it.each(["lead_status=x&sale_status=x", "sale_status=x&trash_status=x", "ignore=x&reject_status=X"])(
    "2.3 refuses a word that stands in lists of two meanings: %s",
    async (lists) => {
      const { answer } = await send(`subid=~click~&status=x&${lists}`);
      expect(answer.code).toBe("STATUS_MAPPED_TWICE");
    },
  );

  it.each([
    ["return=OK", 200, "OK"],
    ["Return=OK&status=ping&ignore=ping", 200, "OK"],
    ["return=%20success%20", 200, "success"],
    ["return=OK&currency=nobodys", 422, null],
    ["return=", 200, null],
    ["return={return}", 200, null],
    [`return=${encodeURIComponent("✓")}`, 200, null],
    [`return=${"x".repeat(65)}`, 200, null],
  ])("2.4 answers what it took by the text that the URL asks for: %s", async (query, status, text) => {
    const { httpStatus, headers, ...taken } = await send(`subid=~click~&${query}`);
    expect([httpStatus, headers.get("x-content-type-options")]).toEqual([status, "nosniff"]);
    if (text !== null) expect([headers.get("content-type"), taken.text]).toEqual(["text/plain; charset=utf-8", text]);
    else
      expect([headers.get("content-type"), taken.answer.status]).toEqual(["application/json; charset=utf-8", status]);
  });

  it("2.4 answers by JSON on our own path, whatever is asked for", async () => {
    const { answer } = await door.send("/postback/~key~?click=~click~&return=OK");
    expect(answer.code).toBe("RECORDED");
  });

  it("warns of what goes on behind the click hash", async () => {
    const { answer, entry, received } = await send(`subid=${CLICK.toUpperCase()}_17`);
    expect(answer.message).toMatch(/Warning: .*"_17" does not count/);
    expect(received?.clickHash).toBe(CLICK);
    expect(entry).toMatchObject({ clickHash: `${CLICK.toUpperCase()}_17`, clickKey: CLICK, dialect: "KEITARO" });
  });
});
