import { describe, expect, it } from "vitest";
import { post } from "../kit/bodies.js";
import { openPostbackDoor } from "../kit/doors.js";

describe("A postback", () => {
  const door = openPostbackDoor();
  it.each([
    ["1", "CLICK_TOO_SHORT"],
    ["0".repeat(31), "CLICK_TOO_SHORT"],
    ["0".repeat(33), "CLICK_TOO_LONG"],
    ["g".repeat(32), "CLICK_WRONG_CHARACTER"],
    ["a b", "CLICK_WRONG_CHARACTER"],
    ["x".repeat(300), "CLICK_WRONG_CHARACTER"],
    ["{click}", "CLICK_UNREPLACED"],
    ["<script>", "CLICK_UNREPLACED"],
    ["%2561".padEnd(34, "0"), "CLICK_ENCODED_TWICE"],
  ])("404 to the click %s: %s", async (hash, code) => {
    const { answer, entry } = await door.send(`/postback/~key~?click=${encodeURIComponent(hash)}`);
    expect(answer).toMatchObject({ status: 404, code, conversionId: null });
    expect(answer.message).toContain(`"${hash.slice(0, 80)}`);
    expect(entry).toMatchObject({ clickHash: hash.slice(0, 128), flowId: null, status: 404 });
  });

  it.each(["PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT"])("405 to %s, and logged", async (method) => {
    const { httpStatus, headers, answer, entry } = await door.send("/postback/~key~?click=~click~&goal=g", { method });
    expect([httpStatus, headers.get("allow")]).toEqual([405, "GET, POST"]);
    expect(answer).toMatchObject({ status: 405, code: "METHOD_NOT_ALLOWED", conversionId: null });
    expect(Object.keys(answer)).toEqual(["status", "code", "message", "conversionId"]);
    expect(entry).toMatchObject({ method, status: 405, goal: "g", conversionId: null });
  });

  it.each<[string, RequestInit]>([
    ["broken JSON", post("application/json", '{"click": ')],
    ["JSON that is no object", post("application/json", "[1]")],
    ["JSON text", post("application/json", '"click=1"')],
    ["two JSON objects", post("application/json", "{}{}")],
    ["JSON with a comment", post("application/json", "{/* x */}")],
    ["JSON with a comma at its end", post("application/json", '{"a":1,}')],
    ["JSON with a number that is none", post("application/json", '{"a":01}')],
    ["JSON of spaces", post("application/json", "  ")],
    ["JSON that is not UTF-8", post("application/json", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))],
    ["JSON of 30,000 levels", post("application/json", `{"a":${"[".repeat(30_000)}${"]".repeat(30_000)}}`)],
    ["JSON of 100 levels", post("application/json", `{"a":${"[".repeat(100)}${"]".repeat(100)}}`)],
    ["multipart without a boundary", post("multipart/form-data", "--x\r\n\r\n--x--")],
    [
      "multipart that is cut",
      post("multipart/form-data; boundary=x", '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'),
    ],
    ["text", post("text/plain", "click=1")],
    ["no content type", post(undefined, "click=1")],
    ["a content type that is none", post("garbage", "click=1")],
    ["XML", post("application/xml", "<click/>")],
  ])("422 BODY_UNREADABLE to %s, and logged", async (_, init) => {
    const { answer, entry } = await door.send("/postback/~key~?click=~click~&goal=kept", init);
    expect(answer).toMatchObject({ status: 422, code: "BODY_UNREADABLE", conversionId: null });
    expect(answer.message).toMatch(/^The body cannot be read: [^\r\n]+\.$/);
    expect(entry).toMatchObject({ status: 422, code: "BODY_UNREADABLE", goal: "kept", message: answer.message });
  });

  it.each(["garbage", "a/", "/", "text/plain", "multipart/form-data", "application/json"])(
    "has no body where there is none, whatever content type is named: %s",
    async (type) => {
      const { answer } = await door.send("/postback/~key~?click=~click~", post(type, ""));
      expect(answer.code).toBe("RECORDED");
    },
  );

  it.each(["garbage", "a/", "text/plain"])(
    "of a type that is not read is told that it is %s, and what is",
    async (type) => {
      const { answer } = await door.send("/postback/~key~?goal=g", post(type, "click=1"));
      expect(answer).toMatchObject({ status: 422, code: "BODY_UNREADABLE" });
      expect(answer.message).toMatch(
        new RegExp(`^The body cannot be read: its content type is "${type}": send a form .* or a JSON object`),
      );
    },
  );

  it("is refused with a body over 64 KiB, and not with one of that size", async () => {
    const body = (bytes: number) => post("application/x-www-form-urlencoded", "click=1&x=".padEnd(bytes, "x"));
    expect((await door.send("/postback/~key~", body(65_536))).answer.code).toBe("CLICK_TOO_SHORT");
    const { answer, entry } = await door.send("/postback/~key~?goal=q", body(65_537));
    expect(answer).toMatchObject({ status: 413, code: "BODY_TOO_LARGE", conversionId: null });
    expect(entry).toMatchObject({ status: 413, payload: { goal: "q" } });
  });
});
