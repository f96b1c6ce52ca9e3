import { type IncomingMessage } from "node:http";
import pino from "pino";
import { describe, expect, it } from "vitest";
import { createAddressOf } from "../../server/kit/address.js";
import { createMetricsGate } from "../../server/kit/metrics-gate.js";
import { tellUnknownProxies } from "../../server/kit/unknown-proxy.js";

const from = (remoteAddress: string, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;

describe("The gate of the metrics", () => {
  it.each<[string, Record<string, string>, string[], number]>([
    ["127.0.0.1", {}, [], 200],
    ["::1", {}, [], 200],
    ["::ffff:192.168.1.1", {}, [], 200],
    ["fd00::1", {}, [], 200],
    ["169.254.1.1", {}, [], 200],
    ["8.8.8.8", {}, [], 404],
    ["2001:db8::1", {}, [], 404],
    ["", {}, [], 404],
    ["8.8.8.8", {}, ["8.8.8.8"], 404],
    // A proxy that nobody trusts, whatever it says.
    ["127.0.0.1", { "x-forwarded-for": "10.0.0.1" }, [], 404],
    ["127.0.0.1", { "x-forwarded-for": "10.0.0.1" }, ["10.9.9.9"], 404],
    ["127.0.0.1", { "x-forwarded-for": "" }, [], 404],
    ["127.0.0.1", { "x-real-ip": "10.0.0.1" }, [], 404],
    ["127.0.0.1", { forwarded: "for=10.0.0.1" }, [], 404],
    ["127.0.0.1", { "cf-connecting-ip": "10.0.0.1" }, [], 404],
    ["127.0.0.1", { via: "1.1 proxy" }, [], 404],
    // A trusted one that says nothing of where the request comes from.
    ["127.0.0.1", { via: "1.1 proxy" }, ["127.0.0.1"], 404],
    ["127.0.0.1", { "x-real-ip": "10.0.0.1" }, ["127.0.0.1"], 404],
    ["127.0.0.1", {}, ["127.0.0.1"], 200],
    // A trusted one that does.
    ["127.0.0.1", { "x-forwarded-for": "10.0.0.1" }, ["127.0.0.1"], 200],
    ["127.0.0.1", { "x-forwarded-for": "10.0.0.1", "x-real-ip": "10.0.0.1", via: "1.1 proxy" }, ["127.0.0.1"], 200],
    ["127.0.0.1", { "x-forwarded-for": "8.8.8.8" }, ["127.0.0.1"], 404],
    ["127.0.0.1", { "x-forwarded-for": "10.0.0.1, 8.8.8.8" }, ["127.0.0.1"], 404],
    ["127.0.0.1", { "x-forwarded-for": "8.8.8.8, 10.0.0.1" }, ["127.0.0.1"], 200],
    ["127.0.0.1", { "x-forwarded-for": "8.8.8.8, 10.0.0.1" }, ["127.0.0.1", "10.0.0.1"], 404],
    ["127.0.0.1", { "x-forwarded-for": "garbage" }, ["127.0.0.1"], 404],
    ["127.0.0.1", { "x-forwarded-for": "10.0.0.1, unknown" }, ["127.0.0.1"], 404],
    ["127.0.0.1", { "x-forwarded-for": "" }, ["127.0.0.1"], 404],
    ["127.0.0.1", { "x-forwarded-for": "10.0.0.1," }, ["127.0.0.1"], 404],
  ])("4.7 answers %s with %j, trusting %j: %i", (peer, headers, trusted, status) => {
    expect(createMetricsGate({ trusted })(from(peer, headers))).toBe(status);
  });

  it.each<[string | undefined, number]>([
    ["Bearer s3cret", 200],
    ["bearer  s3cret ", 200],
    [undefined, 401],
    ["", 401],
    ["Bearer", 401],
    ["Bearer ", 401],
    ["Bearer s3cre", 401],
    ["Bearer s3crett", 401],
    ["Bearer S3CRET", 401],
    ["Bearer s3cret x", 401],
    ["Basic s3cret", 401],
    ["s3cret", 401],
    [`Bearer ${"s3cret".repeat(2000)}`, 401],
  ])("4.7 asks for its token from everywhere, proxies or not: %s", (authorization, status) => {
    const gate = createMetricsGate({ token: "s3cret", trusted: [] });
    const headers = { ...(authorization === undefined ? {} : { authorization }) };
    for (const peer of ["127.0.0.1", "8.8.8.8"]) {
      expect(gate(from(peer, headers))).toBe(status);
      expect(gate(from(peer, { ...headers, via: "1.1 proxy", "x-forwarded-for": "8.8.4.4" }))).toBe(status);
    }
  });
});

describe("A proxy that TRUST_PROXY does not name", () => {
  const HOUR = 3_600_000;
  function listen(trusted: string[]) {
    const lines: { level: number; event?: string; address?: string; msg: string }[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
    const clock = { now: 0 };
    return {
      lines,
      clock,
      addressOf: tellUnknownProxies(createAddressOf(trusted), { trusted, log, now: () => clock.now }),
    };
  }

  it.each([[[]], [["10.0.0.0/8"]]])("4.6 is told of by its address, at the start what is trusted: %j", (trusted) => {
    const { lines, addressOf } = listen(trusted);
    expect(lines).toMatchObject([{ level: 30, trusted, msg: expect.stringContaining("TRUST_PROXY") }]);
    const forged = { "x-forwarded-for": "1.2.3.4\n\u001b[31m" };
    expect(addressOf(from("192.0.2.7", forged))).toBe("192.0.2.7");
    expect(lines.slice(1)).toMatchObject([{ level: 40, event: "unknown_proxy", address: "192.0.2.7" }]);
    expect(lines[1]?.msg).toMatch(/^X-Forwarded-For comes from an address that TRUST_PROXY does not name/);
    expect(JSON.stringify(lines)).not.toContain("1.2.3.4");
  });

  it("4.6 is told of once an hour, not for each request", () => {
    const { lines, clock, addressOf } = listen([]);
    const ask = (address: string) => addressOf(from(address, { "x-forwarded-for": "1.2.3.4" }));
    for (let index = 0; index < 1000; index += 1) ask(`192.0.2.${index % 250}`);
    clock.now = HOUR - 1;
    ask("192.0.2.1");
    expect(lines).toHaveLength(2);
    clock.now = HOUR;
    ask("192.0.2.2");
    expect(lines).toHaveLength(3);
  });

  it("4.6 is none that is trusted, and none without the header", () => {
    const { lines, addressOf } = listen(["192.0.2.7"]);
    expect(addressOf(from("192.0.2.7", { "x-forwarded-for": "1.2.3.4" }))).toBe("1.2.3.4");
    expect(addressOf(from("192.0.2.8"))).toBe("192.0.2.8");
    expect(lines).toHaveLength(1);
  });
});
