import { describe, expect, it } from "vitest";
import { type PostbackCode, postbackCodes } from "../../server/conversions/postback-codes.js";
import { originOf } from "../../server/conversions/read-click.js";
import { newId } from "../../server/kit/id.js";
import { broken, requestOf } from "../kit/broken-postbacks.js";
import { openPostbackDoor } from "../kit/doors.js";

describe("The codes of postbacks", () => {
  it("have each its own cause, and a cure where something was refused", () => {
    const reasons = Object.values(postbackCodes);
    expect(new Set(reasons.map(({ cause }) => cause)).size).toBe(reasons.length);
    for (const { status, cause, cure } of reasons) {
      expect(cause).toMatch(/^[A-Z].*\.$/);
      if (status >= 400) expect(cure).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe("Broken and hostile postbacks", () => {
  const door = openPostbackDoor();
  const { CLICK_UNKNOWN: unknown, ...refused } = broken;

  it("are at least eighty", () => {
    expect(Object.values(broken).flat().length).toBeGreaterThanOrEqual(80);
  });

  it.each(Object.entries(refused))("are answered and logged with their reason: %s", async (code, sendings) => {
    const { status } = postbackCodes[code as PostbackCode];
    for (const sending of sendings) {
      const { path, init } = requestOf(sending);
      const { httpStatus, answer, entry } = await door.send(path, init);
      expect([answer, sending]).toEqual([{ status, code, message: expect.any(String), conversionId: null }, sending]);
      expect(httpStatus).toBe(status);
      expect(answer.message).not.toMatch(/\p{Cc}/u);
      expect(answer.message.length).toBeLessThan(1000);
      expect(entry).toMatchObject({ code, status, message: answer.message, conversionId: null });
    }
    const counted = (await door.metrics.text())
      .split("\n")
      .filter((line) => line.startsWith(`postbacks_total{code="${code}"}`));
    expect(counted).toEqual([`postbacks_total{code="${code}"} ${sendings.length}`]);
  });

  it("with a click hash that can be one pass the door: only the database knows", async () => {
    for (const sending of unknown) {
      const { path, init } = requestOf(sending);
      const { answer, received } = await door.send(path, init);
      expect([answer.code, received?.clickHash]).toEqual(["RECORDED", expect.stringMatching(/^[0-9a-f]{32}$/)]);
    }
  });

  it("say of a click hash that nobody knows whether it could be ours, and how old it would be", () => {
    const now = Date.parse("2026-12-24T12:00:00Z");
    const origin = (ms: number) => originOf(newId(ms), now);
    expect(origin(now - 3 * 86_400_000)).toMatch(/could be ours.*3 days old/);
    expect(origin(now - 7_300_000)).toMatch(/could be ours.*2 hours old/);
    expect(origin(now - 61_000)).toMatch(/could be ours.*1 minute old/);
    expect(origin(now + 59_000)).toMatch(/could be ours.*0 seconds old/);
    expect(origin(Date.parse("2019-05-17"))).toMatch(/from 2019-05-17, when there was no Waypost: it cannot be ours/);
    expect(origin(now + 90_000_000)).toMatch(/yet to come: it cannot be ours/);
  });

  it("with a key that has been deleted are told so", async () => {
    const { answer, entry } = await door.send("/deleted-key/postback?subid=~click~");
    expect(answer).toMatchObject({ status: 401, code: "KEY_DELETED", conversionId: null });
    expect(entry).toMatchObject({ code: "KEY_DELETED", postbackKeyId: 1 });
  });
});
