import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError, readConfig, withoutPassword } from "../../server/config.js";
import { readMySqlAddress } from "../../server/kit/mysql-address.js";

const folder = mkdtempSync(join(tmpdir(), "waypost-ca-"));
const caFile = join(folder, "ca.pem");
const otherFile = join(folder, "other.txt");
writeFileSync(caFile, "-----BEGIN CERTIFICATE-----\n");
writeFileSync(otherFile, "no certificate");

const at = (...hosts: [string, number][]) => hosts.map(([host, port]) => ({ host, port }));

describe("A database's URL", () => {
  it.each([
    ["mysql://u:p@db:3307/way", { hosts: at(["db", 3307]), user: "u", password: "p", dbName: "way", tls: null }],
    ["mariadb://db/way", { hosts: at(["db", 3306]), user: "", password: "" }],
    ["mysql://u@db1:3306,db2:3306/way", { hosts: at(["db1", 3306], ["db2", 3306]) }],
    [
      "mysql://u@db1,db2:3307,[::1],10.0.0.1:1/way",
      { hosts: at(["db1", 3306], ["db2", 3307], ["::1", 3306], ["10.0.0.1", 1]) },
    ],
    ["mysql://u%3A:%2F%23%3A%40%25%2C@db/w%20y", { user: "u:", password: "/#:@%,", dbName: "w y" }],
    ["mysql://u:a@b@db/way", { user: "u", password: "a@b", hosts: at(["db", 3306]) }],
    ["mysql://u:a:b@db/way", { user: "u", password: "a:b" }],
    ["mysql://u@db/way?", { tls: null }],
    ["mysql://u@db/way?ssl=false", { tls: null }],
    ["mysql://u@db/way?ssl=true", { tls: {} }],
    [`mysql://u@db/way?ssl=true&ssl-ca=${caFile}`, { tls: { caFile } }],
    [
      `mysql://u@a,b/way?ssl-ca=${encodeURIComponent(caFile)}`,
      { hosts: at(["a", 3306], ["b", 3306]), tls: { caFile } },
    ],
  ])("is taken apart: %s", (url, expected) => {
    expect(readMySqlAddress(url)).toMatchObject(expected);
    expect(readConfig({ DATABASE_URL: url }).database).toEqual({ kind: "mysql", url });
  });

  it.each([
    ["ssl=yes", "ssl must be true or false"],
    ["ssl=", "ssl must be true or false"],
    ["ssl=true&ssl=true", "a setting stands in it twice"],
    ["sslmode=require", 'there is no setting "sslmode", only ssl and ssl-ca'],
    ["SSL=true", 'there is no setting "SSL"'],
    ["ssl=false&ssl-ca=x", "ssl-ca is only of use with ssl=true"],
    ["ssl-ca=/nowhere/ca.pem", 'ssl-ca names "/nowhere/ca.pem", which cannot be read (ENOENT)'],
    [`ssl-ca=${folder}`, "which cannot be read (EISDIR)"],
    [`ssl-ca=${otherFile}`, "which holds no certificate in PEM"],
    ["password=s3cret", "there is no setting"],
  ])("is refused with its setting %s: %s", (settings, reason) => {
    const read = () => readConfig({ DATABASE_URL: `mysql://u:s3cret@db/way?${settings}` });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow('DATABASE_URL is "mysql://u:***@db/way": ');
    expect(read).toThrow(reason);
    expect(read).not.toThrow(/s3cret/);
  });

  it.each([
    ["mysql://u:s3cret@a:3306,b:3306/way", "mysql://u:***@a:3306,b:3306/way"],
    ["mysql://u:s3cret@a,b/way?ssl=true", "mysql://u:***@a,b/way?ssl=true"],
    ["mysql://a:3306,b:3306/way", "mysql://a:3306,b:3306/way"],
  ])("is shown without its password: %s", (url, shown) => {
    expect(withoutPassword(url)).toBe(shown);
  });
});
