import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../../server/config.js";
import { makePrivate } from "../../server/kit/private-files.js";
import { protectData } from "../../server/private-data.js";

describe("What Waypost keeps on disk", () => {
  let folder: string;
  let dataDir: string;
  let logged: { path: string; reason: string; others: number }[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "waypost-private-"));
    dataDir = join(folder, "data");
    make("data", 0o755);
    logged = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Makes a file, or a folder where no dot is in its name, that everybody may read. */
  function make(name: string, mode = name.includes(".") ? 0o644 : 0o755): string {
    const path = join(folder, name);
    if (name.includes(".")) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, "x");
    } else mkdirSync(path, { recursive: true });
    chmodSync(path, mode);
    return path;
  }
  const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);
  const log = pino({ level: "warn" }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const protect = (environment: Record<string, string> = {}) =>
    protectData(readConfig({ DATA_DIR: dataDir, ...environment }), log);

  it("4.4 is for us alone, also what was made before", () => {
    const files = ["waypost.sqlite", "waypost.sqlite-wal", "waypost.sqlite-shm", "catalog.jsonl", "country.mmdb"];
    const more = ["journal/installation.id", "journal/00/1.segment", "journal/00/damaged/2.segment"];
    const paths = [...files, ...more].map((name) => make(`data/${name}`));
    const folders = ["data/journal", "data/journal/00", "data/journal/00/damaged"].map((name) => make(name));
    protect();
    expect(paths.map(modeOf)).toEqual(paths.map(() => "600"));
    expect([dataDir, ...folders].map(modeOf)).toEqual(["700", "700", "700", "700"]);
    expect(logged).toEqual([]);
  });

  it("4.4 keeps the rights that are our own, and a folder's group", () => {
    const program = make("data/backup.sh", 0o755);
    const locked = make("data/catalog.jsonl", 0o440);
    chmodSync(dataDir, 0o2775);
    protect();
    expect([modeOf(program), modeOf(locked), modeOf(dataDir)]).toEqual(["700", "400", "2700"]);
  });

  it("4.4 is for us alone where links lead to it, but not what others' links lead to", () => {
    const real = make("elsewhere");
    const journal = make("fast-disk");
    const segment = make("fast-disk/1.segment");
    const database = make("database.sqlite");
    const country = make("geo/country.mmdb");
    const other = make("other");
    rmSync(dataDir, { recursive: true });
    symlinkSync(real, dataDir);
    symlinkSync(journal, join(dataDir, "journal"));
    symlinkSync(database, join(dataDir, "waypost.sqlite"));
    symlinkSync(country, join(dataDir, "country.mmdb"));
    symlinkSync(other, join(dataDir, "other"));
    protect();
    expect([real, journal, segment, database].map(modeOf)).toEqual(["700", "700", "600", "600"]);
    expect([country, other].map(modeOf)).toEqual(["644", "755"]);
    expect(logged).toEqual([]);
  });

  it("4.4 leaves folders in DATA_DIR that are none of ours", () => {
    const other = [make("data/lost"), make("data/lost/a.file")];
    protect();
    expect(other.map(modeOf)).toEqual(["755", "644"]);
  });

  it("4.4 has a database elsewhere for us alone, and leaves its folder", () => {
    const files = ["a.sqlite", "a.sqlite-wal", "a.sqlite-shm", "a.sqlite-journal"].map((name) => make(`db/${name}`));
    chmodSync(join(folder, "db"), 0o755);
    protect({ DATABASE_URL: `sqlite:${files[0]}` });
    expect([...files, join(folder, "db")].map(modeOf)).toEqual(["600", "600", "600", "600", "755"]);
  });

  it("4.4 says once what belongs to somebody else, and goes on", () => {
    const files = [make("data/catalog.jsonl"), make("data/country.mmdb")];
    const refuse = (path: string) => {
      if (path !== files[0]) throw Object.assign(new Error("No."), { code: "EPERM" });
      chmodSync(path, 0o600);
    };
    const exposed = makePrivate(dataDir, ["journal"], refuse as typeof chmodSync);
    const reason = "it belongs to another user";
    expect(exposed).toEqual([dataDir, files[1]].map((path) => ({ path, reason })));
    expect(modeOf(files[0] as string)).toBe("600");
    const keepsNone = makePrivate(dataDir, [], (() => {}) as typeof chmodSync);
    expect(keepsNone[0]).toEqual({ path: dataDir, reason: "its file system keeps no rights" });
  });

  it("4.4 leaves a folder that is for everybody as it is, and says so", () => {
    chmodSync(dataDir, 0o1777);
    const file = make("data/some.file");
    protect();
    expect([modeOf(dataDir), modeOf(file)]).toEqual(["1777", "644"]);
    expect(logged).toMatchObject([{ path: dataDir, reason: expect.stringContaining("for everybody"), others: 0 }]);
    expect(makePrivate("/", [])).toMatchObject([{ path: "/" }]);
  });

  it("4.4 need not be there", () => {
    rmSync(dataDir, { recursive: true });
    protect();
    expect(logged).toEqual([]);
  });
});
