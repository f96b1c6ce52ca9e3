import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { type Config, ConfigError, handOn, readConfig, withoutPassword } from "../../server/config.js";
import { createAddressOf } from "../../server/kit/address.js";

function problemOf(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error(`${JSON.stringify(environment)} was taken.`);
}

describe("The settings", () => {
  it("have defaults", () => {
    const defaults: Config = {
      database: { kind: "sqlite", file: resolve("data/waypost.sqlite") },
      dataDir: resolve("data"),
      apiPort: 4000,
      trackerPort: 4001,
      trackerWorkers: 1,
      host: undefined,
      trackerUrl: "http://localhost:4001",
      adminEmail: "admin@localhost",
      adminPassword: undefined,
      trustProxy: [],
      corsOrigins: [],
      metricsToken: undefined,
      timeZone: "UTC",
      logLevel: "info",
    };
    expect(readConfig({})).toEqual(defaults);
    const empty = Object.fromEntries(
      "DATABASE_URL DATA_DIR API_PORT TRACKER_PORT TRACKER_WORKERS HOST TRACKER_URL ADMIN_EMAIL ADMIN_PASSWORD TRUST_PROXY CORS_ORIGINS METRICS_TOKEN TIME_ZONE LOG_LEVEL"
        .split(" ")
        .map((name) => [name, ""]),
    );
    expect(readConfig(empty)).toEqual(defaults);
  });

  it.each<[string, Record<string, string>, Partial<Config>]>([
    [
      "a MySQL database",
      { DATABASE_URL: "mysql://u:p@db:3306/way" },
      { database: { kind: "mysql", url: "mysql://u:p@db:3306/way" } },
    ],
    [
      "a database without port, user and password",
      { DATABASE_URL: "mysql://db/way" },
      { database: { kind: "mysql", url: "mysql://db/way" } },
    ],
    ["several trackers on one port", { TRACKER_WORKERS: "64" }, { trackerWorkers: 64 }],
    [
      "a database on an IPv6 address",
      { DATABASE_URL: "mysql://u:p@[::1]:3306/way" },
      { database: { kind: "mysql", url: "mysql://u:p@[::1]:3306/way" } },
    ],
    [
      "a password with every special character encoded",
      { DATABASE_URL: "mysql://u:%2F%23%3A%40%25@db/way" },
      { database: { kind: "mysql", url: "mysql://u:%2F%23%3A%40%25@db/way" } },
    ],
    ["an SQLite file", { DATABASE_URL: "sqlite:x/y.db" }, { database: { kind: "sqlite", file: resolve("x/y.db") } }],
    [
      "a folder for data, which holds the database",
      { DATA_DIR: "elsewhere" },
      { dataDir: resolve("elsewhere"), database: { kind: "sqlite", file: resolve("elsewhere/waypost.sqlite") } },
    ],
    [
      "ports, which the tracking URL follows",
      { API_PORT: "1", TRACKER_PORT: "65535" },
      { apiPort: 1, trackerPort: 65535, trackerUrl: "http://localhost:65535" },
    ],
    ["ports the other way round", { API_PORT: "4001", TRACKER_PORT: "4000" }, { apiPort: 4001, trackerPort: 4000 }],
    ["spaces around a value", { API_PORT: " 5000 " }, { apiPort: 5000 }],
    ["a host", { HOST: "127.0.0.1" }, { host: "127.0.0.1" }],
    ["a tracking URL", { TRACKER_URL: "https://go.example.com" }, { trackerUrl: "https://go.example.com" }],
    ["one with slashes at its end", { TRACKER_URL: "https://a.example//" }, { trackerUrl: "https://a.example" }],
    ["one with a path", { TRACKER_URL: "https://a.example/t/" }, { trackerUrl: "https://a.example/t" }],
    ["an e-mail, in lower case", { ADMIN_EMAIL: "Me@Example.COM" }, { adminEmail: "me@example.com" }],
    ["a password, spaces included", { ADMIN_PASSWORD: "  spaced  " }, { adminPassword: "  spaced  " }],
    [
      "origins whose pages may use the API",
      { CORS_ORIGINS: " https://app.example.com, http://localhost:5173 ,," },
      { corsOrigins: ["https://app.example.com", "http://localhost:5173"] },
    ],
    ["proxies", { TRUST_PROXY: " 10.0.0.0/8, ::1 ,fd00::/8,," }, { trustProxy: ["10.0.0.0/8", "::1", "fd00::/8"] }],
    ["a time zone", { TIME_ZONE: "Europe/Berlin" }, { timeZone: "Europe/Berlin" }],
    ["a token for the metrics", { METRICS_TOKEN: " s3cret-word " }, { metricsToken: "s3cret-word" }],
    ["a log level", { LOG_LEVEL: "debug" }, { logLevel: "debug" }],
    ["silence", { LOG_LEVEL: "silent" }, { logLevel: "silent" }],
  ])("take %s", (_, environment, expected) => {
    expect(readConfig(environment)).toMatchObject(expected);
  });

  it.each([
    ...["0", "65536", "-1", "80.5", "1e3", "0x50", "80a", "70000", "http", "80 81", "٨٠", "999999"].flatMap((port) => [
      ["API_PORT", port, "1 to 65535"],
      ["TRACKER_PORT", port, "1 to 65535"],
    ]),
    ...["0", "65", "1.5", "two"].map((workers) => ["TRACKER_WORKERS", workers, "a whole number from 1 to 64"]),
    ...[
      "postgres://db/way",
      "mysql://",
      "mysql://db",
      "mysql://db/",
      "mysql://db/a/b",
      "mysql://u@db/way#x",
      "mysql://u@a,/way",
      "mysql://u@,a/way",
      "mysql://u@a,b:x/way",
      "mysql://u@a:3306,b:70000/way",
      "sqlite:",
      "sqlite::memory:",
      "x",
    ].map((url) => ["DATABASE_URL", url, "mysql://user:password@host:port/database"]),
    ...[
      "go.example.com",
      "ftp://go.example.com",
      "https://",
      "https://a b",
      "https://a/?",
      "https://a/?x=1",
      "https://a/#",
      "https://a/#x",
      "https://u@a",
      "https://:p@a",
      "https:///a",
      "https://a\tb",
    ].map((url) => ["TRACKER_URL", url, "http or https URL"]),
    ...["admin", "nobody", "@", "a@", "@b", "a b@c", `${"a".repeat(250)}@long`].map((email) => [
      "ADMIN_EMAIL",
      email,
      "e-mail",
    ]),
    ...[
      ",",
      ", ,",
      "localhost",
      "10.0.0.0/33",
      "10.0.0.1;10.0.0.2",
      "*",
      "true",
      "::1/129",
      "10.0.0.0/8,proxy",
      "10.0.0.0/8 ::1",
    ].map((proxies) => ["TRUST_PROXY", proxies, "CIDR"]),
    ...[
      ...[
        "*",
        ",",
        "null",
        "app.example.com",
        "https://",
        "ftp://a.example",
        "https://a.example/",
        "https://a.example/app",
      ],
      ...[
        "https://A.example",
        "https://a.example:443",
        "https://u@a.example",
        "https://*.a.example",
        "https://a.example?x",
      ],
      ...["https://a.example b.example", "https://a.example;https://b.example", "file:///x", "https://münchen.example"],
    ].map((origins) => ["CORS_ORIGINS", origins, "https://app.example.com"]),
    ...["Berlin", "Europe/Nowhere", "+25:00", "local"].map((zone) => ["TIME_ZONE", zone, "IANA"]),
    ...["verbose", "loud", "INFO", "30"].map((level) => ["LOG_LEVEL", level, "info"]),
  ] as [string, string, string][])("refuse %s %j in one line that says what is allowed", (name, value, allowed) => {
    const message = problemOf({ [name]: value });
    expect(message.startsWith(`${name} is ${JSON.stringify(value)}: it must be `)).toBe(true);
    expect(message).toContain(allowed);
    expect(message).not.toMatch(/[\r\n]/);
  });

  it("refuse one port for both servers", () => {
    expect(problemOf({ API_PORT: "5000", TRACKER_PORT: "5000" })).toMatch(/^API_PORT is 5000: .*TRACKER_PORT/);
    expect(problemOf({ API_PORT: "4001" })).toMatch(/^API_PORT is 4001: .*TRACKER_PORT/);
  });

  it.each(["two words", "s3cret\u0000", "s3cret-ü", "s3cret\nmore"])(
    "4.7 refuse the token %j without showing it",
    (token) => {
      const message = problemOf({ METRICS_TOKEN: token });
      expect(message).toBe("METRICS_TOKEN is not shown here: it must be one word of printable ASCII characters.");
    },
  );

  it("refuse a password that is too long without showing it", () => {
    const message = problemOf({ ADMIN_PASSWORD: "secret".repeat(200) });
    expect(message).toMatch(/^ADMIN_PASSWORD .*1200.*1024/);
    expect(message).not.toContain("secret");
  });

  it("stay one line when the value has several", () => {
    for (const name of [
      "API_PORT",
      "DATABASE_URL",
      "TRACKER_URL",
      "ADMIN_EMAIL",
      "TRUST_PROXY",
      "TIME_ZONE",
      "LOG_LEVEL",
    ]) {
      expect(problemOf({ [name]: "a\r\nb\u001b[31m" })).not.toMatch(/\p{Cc}/u);
    }
  });

  it("take as proxies only what the tracker can use", () => {
    for (const proxies of [
      "127.1",
      "010.0.0.1",
      "0x0a000001",
      "fe80::1%eth0",
      "::ffff:10.0.0.0/104",
      "10.0.0.0/08",
      "::1",
    ]) {
      let taken: string[] | undefined;
      try {
        taken = readConfig({ TRUST_PROXY: proxies }).trustProxy;
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
      }
      if (taken) expect(() => createAddressOf(taken)).not.toThrow();
    }
  });
});

it("4.11 what is secret is handed on apart from the environment", () => {
  const secrets = { DATABASE_URL: "mysql://u:p@db/way", ADMIN_PASSWORD: "x", METRICS_TOKEN: "y" };
  const others = { PATH: "/bin", API_PORT: "5000", DATA_DIR: "data" };
  expect(handOn({ ...others, ...secrets })).toEqual({ environment: expect.objectContaining(others), secrets });
  expect(Object.keys(handOn(secrets).environment)).toEqual(["WAYPOST_SECRETS_SENT"]);
});

describe("The password of a database", () => {
  it.each([
    "mysql://root:s3cret@db:3306",
    "mysql://root:s3cret@db:3306/",
    "mysql://root:s3cret/more@db/way",
    "mysql://root:s3cret#more@db/way",
    "mysql://root:s3cret:more@db",
    "mysql://root:s3cret@more@db",
    "mysql://root:more@s3cret@db",
    "mysql://root:%s3cret@db/way",
    "mysql://root:s3cret%zz@db/way",
    "mysql://root:s3cret%ff@db/way",
    "mysql://root:s3cret?more@db/way",
    "mysql://root:s3cret\nmore@db",
    "mysql://root:s3cret more@db",
    "mysql://root@server:s3cret@db",
    "mysql://:s3cret@db",
    "mysql://root:s3cret",
    "mysql:root:s3cret@db/way",
    "mysql:/root:s3cret@db/way",
    "root:s3cret@db/way",
    "postgres://root:s3cret@db/way",
    "MySQL://root:s3cret@db/way/more",
  ])("is not in the message: %j", (url) => {
    const message = problemOf({ DATABASE_URL: url });
    expect(message).toMatch(/^DATABASE_URL is "[^\r\n]*$/);
    expect(message).not.toContain("s3cret");
    expect(message).not.toContain("more@");
  });

  it.each([
    ["mysql://root:secret@db:3306/way", "mysql://root:***@db:3306/way"],
    ["mysql://root:se@cret@db:3306/way", "mysql://root:***@db:3306/way"],
    ["mysql://root@db:3306/way", "mysql://root@db:3306/way"],
    ["mysql://db:3306/way", "mysql://db:3306/way"],
    ["mysql://db/way", "mysql://db/way"],
    ["mysql://[::1]:3306/way", "mysql://[::1]:3306/way"],
    ["mysql://root:secret@[::1]:3306/way", "mysql://root:***@[::1]:3306/way"],
  ])("is left out of %s where the database is named", (url, shown) => {
    expect(withoutPassword(url)).toBe(shown);
  });
});
