import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { post } from "../kit/bodies.js";
import { CLICK, openPostbackDoor } from "../kit/doors.js";

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
    [
      "JSON with a byte that is no UTF-8 outside its texts",
      post("application/json", new Uint8Array([0x7b, 0xff, 0x7d])),
    ],
    ["JSON with NaN", post("application/json", '{"click":"~click~","revenue":NaN}')],
    ["JSON with Infinity", post("application/json", '{"click":"~click~","revenue":-Infinity}')],
    ["JSON as a JavaScript would write it", post("application/json", "{click: '~click~'}")],
    ["a form that is named JSON", post("application/json", "click=~click~&status=approved")],
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
    const { answer, entry } = await door.send("/postback/~key~?goal=kept", init);
    expect(answer).toMatchObject({ status: 422, code: "BODY_UNREADABLE", conversionId: null });
    expect(answer.message).toMatch(/^The body cannot be read: [^\r\n]+\.$/);
    expect(entry).toMatchObject({ status: 422, code: "BODY_UNREADABLE", goal: "kept", message: answer.message });
    const complete = await door.send("/postback/~key~?click=~click~&goal=kept", init);
    expect(complete.answer.code).toBe("RECORDED");
    expect(complete.answer.message).toContain("Warning: the parameters in the URL count alone, since the body cannot");
    expect(complete.received?.postback.goal).toBe("kept");
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

  it.each<[string, RequestInit, unknown]>([
    ["text", post("text/plain", "ok"), "ok"],
    ["text of no type", post(undefined, "ok"), "ok"],
    ["broken JSON", post("application/json", '{"status":"approved"'), '{"status":"approved"'],
    ["a JSON array", post("application/json", "[1]"), "[1]"],
    ["XML", post("text/xml", "<uid>é</uid>"), "<uid>é</uid>"],
    ["text with a byte that is no UTF-8", post("text/plain", new Uint8Array([0x4d, 0xfc])), "M%FC"],
    ["text in another charset", post("text/plain; charset=windows-1251", new Uint8Array([0xcc, 0xfc])), "Мь"],
    ["broken parts", post("multipart/form-data; boundary=x", "--x\r\n\r\n1"), "--x\r\n\r\n1"],
    ["bytes that are no text", post("text/plain", new Uint8Array([0x00, 0x01, 0x02])), undefined],
  ])(
    "1.10 counts by its query, and keeps what can be shown of a body that cannot be read: %s",
    async (_, init, kept) => {
      const { answer, entry, received } = await door.send("/postback/~key~?click=~click~&status=approved&uid=q", init);
      expect(answer.code).toBe("RECORDED");
      expect(answer.message).toMatch(
        /^The conversion is recorded\. Warning: the parameters in the URL count alone, since/,
      );
      expect(received?.postback).toMatchObject({ status: "APPROVED", uid: "q" });
      expect(entry.payload["(body)"]).toBe(kept);
      const refused = await door.send("/postback/~key~?status=approved", init);
      expect(refused.answer.code).toBe("BODY_UNREADABLE");
      expect(refused.entry.payload).toEqual({ status: "approved", ...(kept === undefined ? {} : { "(body)": kept }) });
    },
  );

  it.each([
    [
      "JSON that is named a form",
      post("application/x-www-form-urlencoded", '{"status":"approved","uid":"b"}'),
      "it is JSON, but named a form: send it as application/json.",
    ],
    [
      "a form that is named JSON",
      post("application/json", "status=approved&uid=b"),
      "it is a form, but named JSON: send it as application/x-www-form-urlencoded.",
    ],
  ])("1.10 says what a body is that is named otherwise: %s", async (_, init, reason) => {
    const { answer, received } = await door.send("/postback/~key~?click=~click~&uid=q", init);
    expect(answer.message).toBe(
      `The conversion is recorded. Warning: the parameters in the URL count alone, since the body cannot be read: ${reason}`,
    );
    expect(received?.postback).toMatchObject({ status: null, uid: "q" });
    const { answer: refused } = await door.send("/postback/~key~?uid=q", init);
    expect(refused).toMatchObject({ code: "BODY_UNREADABLE", message: `The body cannot be read: ${reason}` });
  });

  it("1.10 tells the mistakes of its query beside a body that cannot be read", async () => {
    const body = post("text/plain", "ok");
    const wrong = await door.send("/postback/~key~?click=~click~&status=x", body);
    expect(wrong.answer.code).toBe("STATUS_UNKNOWN");
    expect(wrong.answer.message).toContain('content type is "text/plain"');
    const both = await door.send("/postback/~key~?status=x", body);
    expect(both.answer.code).toBe("BODY_UNREADABLE");
    expect(both.answer.message).toContain('"status" is "x"');
    const macro = await door.send("/postback/~key~?click={click}", body);
    expect(macro.answer.code).toBe("CLICK_UNREPLACED");
  });

  it.each([
    ["gzip", "gzip", gzipSync("click=~click~")],
    ["Brotli", "br", brotliCompressSync("click=~click~")],
    ["deflate", "Deflate", deflateSync("click=~click~")],
    ["zstd, encoded in two steps", "identity, zstd", Buffer.from("click=~click~")],
  ])("2.12 is told that it is compressed: %s", async (_, encoding, bytes) => {
    const { headers, ...init } = post("application/x-www-form-urlencoded", new Uint8Array(bytes));
    const { answer } = await door.send("/postback/~key~", {
      ...init,
      headers: { ...headers, "content-encoding": encoding },
    });
    expect(answer).toMatchObject({
      code: "BODY_UNREADABLE",
      message: `The body cannot be read: it is compressed (Content-Encoding: ${encoding}): send it plain.`,
    });
  });

  it("2.12 is told that it is compressed also where nothing says so, and read where a header says what is not so", async () => {
    const others = ["\x1f\x9d\x90", "BZh91AY&SY", "\xfd7zXZ\0", "PK\x03\x04", "\x04\x22\x4d\x18"].map((start) =>
      Buffer.from(start, "latin1"),
    );
    for (const bytes of [gzipSync("click=1"), deflateSync("click=1"), ...others]) {
      const { answer, entry } = await door.send("/postback/~key~", post("application/json", new Uint8Array(bytes)));
      expect(answer.code).toBe("BODY_UNREADABLE");
      expect(answer.message).toMatch(
        /it is compressed \(it begins as (gzip|zlib|compress|bzip2|xz|zip|lz4), though no Content-Encoding says so\)/,
      );
      expect(entry.payload).toEqual({});
    }
    for (const encoding of ["identity", "UTF-8", ""]) {
      const { headers, ...init } = post("application/x-www-form-urlencoded", "click=~click~");
      const sent = { ...init, headers: { ...headers, "content-encoding": encoding } };
      expect((await door.send("/postback/~key~", sent)).answer.code).toBe("RECORDED");
    }
  });

  it.each([
    ["a zero width space before it", `\u200b${CLICK}`, "<U+200B>", "U+200B"],
    ["a soft hyphen in it", `${CLICK.slice(0, 8)}\u00ad${CLICK.slice(8)}`, "<U+00AD>", "U+00AD"],
    ["a joiner behind it", `${CLICK}\u2060`, "<U+2060>", "U+2060"],
    ["a control character", `${CLICK}\u0000`, "<U+0000>", "U+0000"],
    ["a no-break space in it", `${CLICK.slice(0, 8)}\u00a0${CLICK.slice(8)}`, "<U+00A0>", "U+00A0"],
    ["a Cyrillic letter that looks like one of its own", CLICK.replace("a", "а"), "а", '"а" (U+0430)'],
    ["dashes", "019aab3c-5d7e-4f60-7182-93a4b5c6d7e8", "-", '"-"'],
    ["a space in it", `${CLICK.slice(0, 8)} ${CLICK.slice(8)}`, " ", '" " (U+0020)'],
    ["quotes", `"${CLICK}"`, '"', '""" (U+0022)'],
    ["brackets", `[${CLICK}]`, "[", '"["'],
    ["something behind it", `${CLICK}-17`, "-17", '"-"'],
  ])("2.12 names the character that is wrong in the click hash: %s", async (_, click, shown, character) => {
    const { answer } = await door.send(`/postback/~key~?click=${encodeURIComponent(click)}`);
    expect(answer).toMatchObject({ status: 404, code: "CLICK_WRONG_CHARACTER" });
    expect(answer.message).toContain(`cannot be a click hash: ${character} is not one of its characters`);
    expect(answer.message).toContain(shown);
  });

  it("2.12 names what cannot be seen in other values, too", async () => {
    const { answer } = await door.send("/postback/~key~?click=~click~&status=%E2%80%8Bapproved&currency=US%C2%ADD");
    expect(answer.message).toContain('"status" is "<U+200B>approved"');
    expect(answer.message).toContain('"currency" is "US<U+00AD>D"');
  });

  const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
  const multipart = (value: string) =>
    latin1(`--x\r\nContent-Disposition: form-data; name="uid"\r\n\r\n${value}\r\n--x--\r\n`);
  it.each<[string, string, (uid: string) => Uint8Array<ArrayBuffer>]>([
    ["a form", "application/x-www-form-urlencoded", (uid) => latin1(`uid=${uid}`)],
    ["a form of UTF-8, as it says", "application/x-www-form-urlencoded; charset=utf-8", (uid) => latin1(`uid=${uid}`)],
    ["a form of an unknown charset", "application/x-www-form-urlencoded;charset=x-none", (uid) => latin1(`uid=${uid}`)],
    ["JSON", "application/json", (uid) => latin1(`{"uid":"${uid}"}`)],
    ["multipart", "multipart/form-data; boundary=x", multipart],
  ])("1.5 keeps bytes apart that are no UTF-8: %s", async (_, type, bytes) => {
    const uids = [];
    for (const uid of ["M\xfcller", "M\xf6ller", "\xc3\xa9\xfc"])
      uids.push((await door.send("/postback/~key~?click=~click~", post(type, bytes(uid)))).received?.postback.uid);
    expect(uids).toEqual(["M%FCller", "M%F6ller", "é%FC"]);
  });

  it.each<[string, Uint8Array<ArrayBuffer>, string]>([
    ["application/x-www-form-urlencoded; charset=windows-1251", latin1("uid=\xce\xeb\xff"), "Оля"],
    ['application/x-www-form-urlencoded; Charset="ISO-8859-1"', latin1("uid=M\xfcller"), "Müller"],
    ["Application/JSON ; charset=latin1; x=y", latin1('{"uid":"M\xfcller"}'), "Müller"],
    ["application/json;charset='utf-16le'", new Uint8Array(Buffer.from('{"uid":"Оля"}', "utf16le")), "Оля"],
    ["application/json; charset=utf-16", new Uint8Array(Buffer.from('\ufeff{"uid":"Оля"}', "utf16le")), "Оля"],
    ["application/json", new Uint8Array(Buffer.from('\ufeff{"uid":"Оля"}', "utf16le")), "Оля"],
    ["application/json", new Uint8Array(Buffer.from('{"uid":"Оля"}', "utf16le").swap16()), "Оля"],
    ["application/x-www-form-urlencoded", new Uint8Array(Buffer.from("\ufeffuid=Оля")), "Оля"],
    ["application/json; charset=Shift_JIS", latin1('{"uid":"\x83e\x83X\x83g"}'), "テスト"],
    ["multipart/form-data; charset=windows-1251; boundary=x", multipart("\xce\xeb\xff"), "Оля"],
    ["application/x-www-form-urlencoded; charset=Shift_JIS", latin1("uid=\x83e%83X%83%67"), "テスト"],
    ["application/x-www-form-urlencoded; charset=Big5", latin1("uid=%B4%FA%B8%D5+%3D%A4@"), "測試 =一"],
    ["application/x-www-form-urlencoded; charset=gb18030", latin1("uid=%81%30%81%30"), "\x80"],
    ["application/x-www-form-urlencoded; charset=koi8-r", latin1("uid=%D0%9E%D0%BB%D1%8F"), "Оля"],
    [
      "application/x-www-form-urlencoded; charset=UTF-16BE",
      new Uint8Array(Buffer.from("uid=Оля", "utf16le").swap16()),
      "Оля",
    ],
    // What the charset does not have stays apart.
    ["application/x-www-form-urlencoded; charset=Shift_JIS", latin1("uid=a%FF\xfe"), "a%FF%FE"],
    ["application/json; charset=euc-jp", latin1('{"uid":"a\xff\xfe"}'), "a%FF%FE"],
  ])("1.5 reads a body in the charset that it names or begins with: %s", async (type, bytes, uid) => {
    const { received } = await door.send("/postback/~key~?click=~click~", post(type, bytes));
    expect(received?.postback.uid).toBe(uid);
  });

  it("is refused with a body over 64 KiB, and not with one of that size", async () => {
    const body = (bytes: number) => post("application/x-www-form-urlencoded", "click=1&x=".padEnd(bytes, "x"));
    expect((await door.send("/postback/~key~", body(65_536))).answer.code).toBe("CLICK_TOO_SHORT");
    const { answer, entry } = await door.send("/postback/~key~?goal=q", body(65_537));
    expect(answer).toMatchObject({ status: 413, code: "BODY_TOO_LARGE", conversionId: null });
    expect(entry).toMatchObject({ status: 413, payload: { goal: "q" } });
  });

  const [FORM, JSON_TYPE] = ["application/x-www-form-urlencoded", "application/json"] as const;
  it.each([
    ["a form", "POST", FORM, "goal=g&uid=u"],
    ["a form by GET", "GET", FORM, "goal=g&uid=u"],
    ["a form by PUT", "PUT", FORM, "goal=g&uid=u"],
    ["JSON", "POST", JSON_TYPE, '{"goal":"g"}'],
    ["broken JSON", "POST", JSON_TYPE, '{"goal":'],
    [
      "parts",
      "POST",
      "multipart/form-data; boundary=x",
      '--x\r\ncontent-disposition: form-data; name="goal"\r\n\r\ng\r\n--x--',
    ],
    ["more than is read", "POST", FORM, `goal=g&x=${"x".repeat(70_000)}`],
  ])("4.2 of a stranger has a body that nobody reads: %s", async (_, method, type, body) => {
    for (const path of ["/postback/nobodys-key", "/postback/deleted-key", "/nobodys-key/postback"]) {
      // `Request` has no body of a GET; the head alone says that there is one.
      const init = { method, headers: { "content-type": type, "content-length": `${body.length}` } };
      const { httpStatus, entry } = await door.send(`${path}?a=1`, method === "GET" ? init : { ...init, body });
      expect([httpStatus, entry.payload, entry.goal]).toEqual([method === "PUT" ? 405 : 401, { a: "1" }, null]);
    }
  });

  it.each([
    ["that does not come", "Content-Length: 60000", ""],
    ["of which a part comes", "Content-Length: 60000", "goal=g&"],
    ["in chunks", "Transfer-Encoding: chunked", "5\r\ngoal=\r\n"],
    ["in chunks that are none", "Transfer-Encoding: chunked", "zz\r\n"],
    ["that waits to be told to go on", "Expect: 100-continue\r\nContent-Length: 60000", ""],
  ])("4.2 of a stranger is answered before its body has come: one %s", async (_, head, body) => {
    const wire = await door.connect();
    await wire.send(`POST /postback/nobodys-key?a=1 HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n${body}`);
    await expect.poll(() => wire.received).toContain('"code":"KEY_UNKNOWN"');
    expect(wire.received).toContain("HTTP/1.1 401");
  });

  it.each([
    ["a form", FORM, (count: number) => Array.from({ length: count }, (_, index) => `p${index}=`).join("&")],
    ["a form of one name", FORM, (count: number) => Array(count).fill("a").join("&")],
    ["JSON", JSON_TYPE, (count: number) => `{${Array.from({ length: count }, (_, i) => `"p${i}":1`).join(",")}}`],
    ["JSON of one name", JSON_TYPE, (count: number) => `{${Array(count).fill('"a":1').join(",")}}`],
  ])("4.2 has 1000 parameters in its body at most: %s", async (_, type, bodyOf) => {
    const most = await door.send("/postback/~key~?click=~click~", post(type, bodyOf(1000)));
    expect([most.answer.code, most.answer.message]).toEqual(["RECORDED", expect.not.stringContaining("1000")]);
    const more = await door.send("/postback/~key~?goal=g", post(type, bodyOf(1001)));
    expect([more.answer.code, more.answer.message]).toEqual(["BODY_UNREADABLE", expect.stringContaining("1000")]);
    const all = await door.send("/postback/~key~?click=~click~", post(type, bodyOf(1001)));
    expect([all.answer.code, all.answer.message]).toEqual(["RECORDED", expect.stringContaining("1000")]);
  });
});
