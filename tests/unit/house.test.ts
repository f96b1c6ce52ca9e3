import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, it } from "vitest";

/** Who may import whom: a layer imports from layers further down the list, and within itself. */
const layers = [
  [
    "main.ts",
    "demo",
    "reconcile.ts",
    "retire-tracker.ts",
    "reset-password.ts",
    "print-schema.ts",
    "print-docs.ts",
    "print-tables.ts",
  ],
  ["api.ts", "tracker-worker.ts", "loader.ts"],
  ["tracker.ts"],
  [
    "serve-admin.ts",
    "supervise-workers.ts",
    "start.ts",
    "clock.ts",
    "prepare.ts",
    "private-data.ts",
    "welcome.ts",
    "schema.ts",
  ],
  ["database.ts"],
  ["migrations"],
  ["reports", "presets"],
  ["loader"],
  ["conversions"],
  ["clicks"],
  ["accounts"],
  ["catalog"],
  ["config.ts"],
  ["kit"],
];

const files = readdirSync("server", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const imports = new Map(files.map((file) => [file, importsOf(file)]));

it("every file has its place in the house", () => {
  expect(files.filter((file) => layerOf(file) < 0)).toEqual([]);
});

it("imports point back in the story, never forward", () => {
  const wrong = [...imports].flatMap(([file, targets]) =>
    targets.filter((target) => layerOf(target) < layerOf(file)).map((target) => `${file} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

it("no file imports itself on a roundabout way", () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: string[]) => {
    if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file].join(" -> "));
    if (trail.includes(file) || done.has(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...trail, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

it("no file only hands names on", () => {
  expect(files.filter((file) => /(^|\/)index\.ts$/.test(file))).toEqual([]);
  expect(files.filter((file) => /^export (\*|\{[^}]*\}) from/m.test(read(file)))).toEqual([]);
});

it("only config.ts reads the environment", () => {
  expect(files.filter((file) => /process\.env|from "node:process"/.test(read(file)))).toEqual(["config.ts"]);
});

it("nouns take GraphQL by the names under which a tracker leaves it out", () => {
  const isTaken = (names = "") => names.split(",").some((name) => !name.trim().startsWith("type "));
  const takes = (file: string) => [
    ...read(file).matchAll(/^import \{([^}]*)\} from "(?:graphql|graphql-scalars|type-graphql)"/gm),
  ];
  expect(files.filter((file) => takes(file).some(([, names]) => isTaken(names)))).toEqual(["schema.ts"]);
});

it("exports have names", () => {
  expect(files.filter((file) => /^export default/m.test(read(file)))).toEqual([]);
});

it("the admin imports nothing of the server", () => {
  const admin = readdirSync("admin", { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
  expect(
    admin.filter((file) => /(from|import)[ (]+"[^"]*server\//.test(readFileSync(join("admin", file), "utf8"))),
  ).toEqual([]);
});

it("no two style sheets say how the same class looks: which are loaded depends on the pages that were opened", () => {
  const sheets = readdirSync("admin", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".css"));
  const classes = sheets.flatMap((sheet) => {
    const said = readFileSync(join("admin", sheet), "utf8").matchAll(/^\s*\.([\w-]+)(?:::?[\w-]+)*[ ,{]*[,{]$/gm);
    return [...new Set([...said].map(([, name]) => name))];
  });
  expect(classes.length).toBeGreaterThan(100);
  expect(classes.filter((name, index) => classes.indexOf(name) !== index)).toEqual([]);
});

function layerOf(file: string): number {
  return layers.findIndex((layer) => layer.some((place) => file === place || file.startsWith(`${place}/`)));
}

function importsOf(file: string): string[] {
  return [...read(file).matchAll(/^(?:import|export)\b[^;]*?["'](\.[^"']*)["'];/gm)].map(([, target = ""]) =>
    normalize(join(dirname(file), target)).replace(/\.js$/, ".ts"),
  );
}

function read(file: string): string {
  return readFileSync(join("server", file), "utf8");
}
