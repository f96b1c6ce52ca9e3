import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { acceptProven, PROVEN_ADDRESS, proveAddress, renewKey } from "../../server/kit/proven-address.js";

const KEY = "0123456789abcdef".repeat(4);

describe("An address that a program of the operator's proves", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "waypost-proof-"));
  });
  afterEach(() => {
    vi.useRealTimers();
    rmSync(folder, { recursive: true });
  });

  /** What a request with this header counts as coming from. */
  const read = (header: string | undefined, remoteAddress = "127.0.0.1", localAddress = "127.0.0.1") =>
    acceptProven(
      () => "the socket's",
      folder,
    )({
      headers: header === undefined ? {} : { [PROVEN_ADDRESS]: header },
      socket: { remoteAddress, localAddress },
    } as unknown as IncomingMessage);

  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["::1", "::1"],
    ["::ffff:127.0.0.1", "::ffff:127.0.0.1"],
    ["192.168.7.7", "192.168.7.7"],
  ])("counts from this machine, which a socket calls %s", async (remote, local) => {
    const key = await renewKey(folder);
    expect(read(proveAddress(key, "49.36.1.2"), remote, local)).toBe("49.36.1.2");
    expect(read(proveAddress(key, "2409:4000::7"), remote, local)).toBe("2409:4000::7");
  });

  it.each([
    ["192.168.7.8", "192.168.7.7"],
    ["8.8.8.8", "192.168.7.7"],
    ["::ffff:10.0.0.1", "::ffff:10.0.0.2"],
  ])("does not count from another machine, even with the key: %s", async (remote, local) => {
    const key = await renewKey(folder);
    expect(read(proveAddress(key, "49.36.1.2"), remote, local)).toBe("the socket's");
  });

  const proof = proveAddress(KEY, "49.36.1.2");
  it.each([
    ["nothing", undefined],
    ["an empty one", ""],
    ["an address alone", "49.36.1.2"],
    ["another key's signature", proveAddress("f".repeat(64), "49.36.1.2")],
    ["an empty key's signature", proveAddress("", "49.36.1.2")],
    ["the signature of another address", `49.36.1.3 ${proof.split(" ")[1]}`],
    ["a shorter signature", proof.slice(0, -1)],
    ["a longer signature", `${proof}0`],
    ["a second address", `${proof} 49.36.1.3`],
    ["two headers in one", `${proof}, ${proof}`],
    ["no address, signed", proveAddress(KEY, "localhost")],
    ["a signature of letters beyond ASCII", `49.36.1.2 ${"é".repeat(32)}`],
    ["16 KiB", `49.36.1.2 ${"a".repeat(16_000)}`],
  ])("does not count with %s", (_, header) => {
    writeFileSync(join(folder, "demo-key"), KEY);
    expect(read(proof)).toBe("49.36.1.2");
    expect(read(header)).toBe("the socket's");
  });

  it.each(["", "short", "x".repeat(64), `${KEY}\n${KEY}`])(
    "does not count by a key file that we have not written: %j",
    (key) => {
      writeFileSync(join(folder, "demo-key"), key);
      expect(read(proveAddress(key, "49.36.1.2"))).toBe("the socket's");
    },
  );

  it("does not count without a key, nor by one that was not renewed for a minute", async () => {
    expect(read(proof)).toBe("the socket's");
    const key = await renewKey(folder);
    expect(read(proveAddress(key, "49.36.1.2"))).toBe("49.36.1.2");
    const old = Date.now() / 1000 - 61;
    utimesSync(join(folder, "demo-key"), old, old);
    expect(read(proveAddress(key, "49.36.1.2"))).toBe("the socket's");
    expect(await renewKey(folder)).not.toBe(key);
  });

  it("has a key that several programs share, which only its owner reads", async () => {
    const keys = [await renewKey(folder), await renewKey(folder)];
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(statSync(join(folder, "demo-key")).mode & 0o777).toBe(0o600);
  });
});
