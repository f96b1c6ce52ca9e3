import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { get, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApi } from "../../server/api.js";
import { type RunningServer } from "../../server/kit/process.js";
import { prepareDatabase } from "../../server/prepare.js";
import { rawRequest } from "../kit/raw-request.js";
import { freshConfig, startWaypost, type Waypost } from "../kit/waypost.js";

const asset = `/assets/${readdirSync("dist/admin/assets").find((name) => /^index-.*\.js$/.test(name))}`;

describe("The API's port", () => {
  let waypost: Waypost;
  beforeAll(async () => {
    waypost = await startWaypost("SQLite");
  });
  afterAll(() => waypost.close());

  it("serves the admin's page, to be asked for anew each time", async () => {
    const { status, headers, body } = await ask("/");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-cache");
    expect(body).toContain('<div id="root">');
  });

  it("serves assets, to be kept for a year", async () => {
    const { status, headers, body } = await ask(asset);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^(text|application)\/javascript/);
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(body).toBe(readFileSync(`dist/admin${asset}`, "utf8"));
  });

  it.each([
    ["br", "gzip, deflate, br, zstd", "br"],
    ["br", "br;q=1.0, gzip;q=0.8, *;q=0.1", "br"],
    ["gzip", "gzip, deflate", "gz"],
    ["gzip", "br;q=0, GZIP", "gz"],
    [undefined, "identity", null],
    [undefined, "zstd", null],
    [undefined, undefined, null],
  ])(
    "5.4 sends scripts as they were compressed when they were built: as %s to who takes %s",
    async (encoding, takes, ending) => {
      const { status, headers, body } = await askFor(asset, takes);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        "cache-control": "public, max-age=31536000, immutable",
        "content-type": "application/javascript; charset=utf-8",
        vary: "accept-encoding",
      });
      expect(headers["content-encoding"]).toBe(encoding);
      expect(Number(headers["content-length"])).toBe(body.length);
      expect(body.equals(readFileSync(`dist/admin${asset}${ending ? `.${ending}` : ""}`))).toBe(true);
    },
  );

  it("5.4 tells the compressed forms of a script apart by their ETag, and sends none again that is there", async () => {
    const tags = await Promise.all(
      ["br", "gzip", "identity"].map(async (takes) => (await askFor(asset, takes)).headers.etag),
    );
    expect(new Set(tags).size).toBe(3);
    const { status, headers, body } = await askFor(asset, "br", { "if-none-match": String(tags[0]) });
    expect({ status, bytes: body.length, vary: headers.vary }).toEqual({
      status: 304,
      bytes: 0,
      vary: "accept-encoding",
    });
    expect((await askFor(asset, "gzip", { "if-none-match": String(tags[0]) })).status).toBe(200);
  });

  it("5.4 has every script and style compressed that is worth it, and to the same text", () => {
    const folder = "dist/admin/assets";
    const texts = readdirSync(folder).filter((name) => /\.(js|css)$/.test(name));
    for (const name of texts) {
      const text = readFileSync(join(folder, name));
      const isWorthIt = text.length >= 1000;
      expect(
        [".br", ".gz"].map((ending) => existsSync(join(folder, name + ending))),
        name,
      ).toEqual([isWorthIt, isWorthIt]);
      if (!isWorthIt) continue;
      expect(brotliDecompressSync(readFileSync(join(folder, `${name}.br`))).equals(text), name).toBe(true);
      expect(gunzipSync(readFileSync(join(folder, `${name}.gz`))).equals(text), name).toBe(true);
    }
  });

  it.each(["/", asset])("answers HEAD with the headers of GET and no body: %s", async (path) => {
    const [get, head] = [await ask(path), await ask(path, { method: "HEAD" })];
    expect(head.status).toBe(200);
    expect(head.body).toBe("");
    for (const name of ["content-type", "content-length", "cache-control"]) {
      expect(head.headers.get(name)).toBe(get.headers.get(name));
    }
  });

  it.each([
    ["GET", "/index.html"],
    ["GET", "/flows"],
    ["GET", "/assets"],
    ["GET", "/assets/"],
    ["GET", "/assets/none.js"],
    ["GET", `${asset}.br`],
    ["GET", `${asset}.gz`],
    ["GET", `/${asset}`],
    ["GET", `${asset}/`],
    ["GET", `${asset}%00`],
    ["GET", "/../../package.json"],
    ["GET", "/assets/../index.html"],
    ["GET", "/assets/../../../package.json"],
    ["GET", "/assets/%2e%2e/index.html"],
    ["GET", "/assets/..%2findex.html"],
    ["GET", "/assets/..%5cindex.html"],
    ["GET", "/assets//etc/passwd"],
    ["POST", "/"],
    ["PUT", asset],
    ["DELETE", asset],
  ])("knows nothing at any other address: %s %s", async (method, path) => {
    const { status, body } = await rawRequest(
      waypost.apiUrl,
      `${method} ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`,
    );
    expect(status).toBe(404);
    expect(JSON.parse(body)).toEqual({ status: 404, message: "There is nothing at this address." });
  });

  it("lets the page load only what is its own, and styles with a nonce of this one answer", async () => {
    const { headers, body } = await ask("/");
    const [, script = ""] = /<script nonce="[^"]*">(.*?)<\/script>/s.exec(body) ?? [];
    const hash = createHash("sha256").update(script).digest("base64");
    const nonces = new Set([...body.matchAll(/nonce="([^"]*)"/g)].map(([, nonce]) => nonce));
    expect(script).toContain("theme");
    expect([...nonces]).toEqual([expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/)]);
    expect(policyOf(headers)).toEqual({
      "default-src": "'none'",
      "script-src": `'self' 'sha256-${hash}'`,
      "style-src": `'self' 'nonce-${[...nonces][0]}'`,
      "connect-src": "'self'",
      "font-src": "'self'",
      "img-src": "'self' data:",
      "object-src": "'none'",
      "base-uri": "'none'",
      "form-action": "'self'",
      "frame-ancestors": "'none'",
    });
    expect((await ask("/")).body).not.toContain([...nonces][0]);
  });

  it.each([asset, "/healthz", "/none", "/graphql"])(
    "lets nothing load, run or be framed elsewhere: %s",
    async (path) => {
      expect(policyOf((await ask(path)).headers)).toEqual({
        "default-src": "'none'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
      });
    },
  );

  /** Asks as a browser does that takes what it names, and leaves what comes as it is. */
  function askFor(path: string, takes: string | undefined, more: Record<string, string> = {}) {
    return new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
      const headers = { connection: "close", ...(takes ? { "accept-encoding": takes } : {}), ...more };
      get(waypost.apiUrl + path, { headers }, async (answer) => {
        const { statusCode: status = 0, headers: answered } = answer;
        resolve({ status, headers: answered, body: Buffer.concat(await answer.toArray()) });
      }).once("error", reject);
    });
  }

  async function ask(path: string, init?: RequestInit) {
    const response = await fetch(waypost.apiUrl + path, init);
    return { status: response.status, headers: response.headers, body: await response.text() };
  }
});

describe("Without a built admin", () => {
  const folder = mkdtempSync(join(tmpdir(), "waypost-no-admin-"));
  const config = freshConfig("SQLite");
  let api: RunningServer;
  let url: string;
  beforeAll(async () => {
    const log = pino({ level: "silent" });
    await prepareDatabase(config, log, { firstUser: true });
    api = await createApi(config, { log, adminFolder: folder });
    url = `http://127.0.0.1:${await api.listen()}`;
  });
  afterAll(async () => {
    await api.close();
    for (const used of [folder, config.dataDir]) rmSync(used, { recursive: true, force: true });
  });

  it("the page says what to do, and the API works on", async () => {
    const page = await fetch(url);
    expect(page.status).toBe(503);
    expect(page.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await page.text()).toBe("The admin is not built: run `npm run build`, then start again.\n");
    expect((await fetch(url + asset)).status).toBe(404);
    const body = JSON.stringify({ query: "{ me { email } }" });
    const stranger = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(stranger.status).toBe(401);
  });
});

function policyOf(headers: Headers): Record<string, string> {
  const directives = (headers.get("content-security-policy") ?? "").split(";");
  return Object.fromEntries(directives.map((directive) => [directive.split(" ")[0], directive.replace(/^\S+ /, "")]));
}
