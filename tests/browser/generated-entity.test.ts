import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ApolloServer } from "@apollo/server";
import { printSchemaWithDirectives } from "@graphql-tools/utils";
import fastify from "fastify";
import { type GraphQLSchema } from "graphql";
import pino from "pino";
import { buildSchemaSync } from "type-graphql";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { columnDirective } from "../../server/kit/column-view.js";
import { serveGraphql } from "../../server/kit/graphql-endpoint.js";
import { newId } from "../../server/kit/id.js";
import { createLoaders } from "../../server/kit/loaders.js";
import { type Database, openDatabase } from "../../server/kit/orm.js";
import { DateTime } from "../../server/kit/scalars.js";
import { serveAdmin } from "../../server/serve-admin.js";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { generate } from "../kit/codegen.js";
import { Gadget, gadgetResolvers, Maker, Screw } from "../kit/gadget.js";
import { type Waypost } from "../kit/waypost.js";

const folder = mkdtempSync(join(tmpdir(), "waypost-gadgets-"));
/** When all of this is, on the browser's clock: times of this year are shown without it. */
const NOW = Date.parse("2026-06-17T12:17:00Z");
const server = fastify({ exposeHeadRoutes: false });
let database: Database;
let admin: AdminPage;

/** Waypost's own admin, unchanged, built over what codegen makes of another schema. */
async function buildAdmin(schema: GraphQLSchema): Promise<string> {
  generate(printSchemaWithDirectives(schema), folder);
  const outDir = join(folder, "admin");
  // Vitest says that this is a test; the admin is built as for everybody, but not made small.
  const environment = process.env.NODE_ENV;
  process.env.NODE_ENV = "production";
  await build({
    configFile: resolve("vite.config.ts"),
    logLevel: "silent",
    build: { outDir, minify: false, reportCompressedSize: false },
    plugins: [
      {
        name: "another-schema",
        enforce: "pre",
        resolveId: (source) => {
          const [, file] = /\/generated\/(columns|introspection\.json)$/.exec(source) ?? [];
          return file ? join(folder, "generated", file.includes(".") ? file : `${file}.ts`) : null;
        },
      },
    ],
  }).finally(() => {
    process.env.NODE_ENV = environment;
  });
  return outDir;
}

beforeAll(async () => {
  database = await openDatabase(
    { kind: "sqlite", file: join(folder, "gadgets.sqlite") },
    { entities: [Maker, Gadget, Screw], migrations: [], log: pino({ level: "silent" }) },
  );
  await database.schema.create();
  await database.em.fork().insert(Maker, { id: 1, name: "Ada & Sons" } as never);
  const schema = buildSchemaSync({
    resolvers: gadgetResolvers as never,
    directives: [columnDirective],
    scalarsMap: [{ type: Date, scalar: DateTime }],
    validate: false,
  });
  const apollo = new ApolloServer({ schema });
  await apollo.start();
  const context = async () => {
    const em = database.em.fork();
    return { em, ...createLoaders(em), rows: () => {}, now: Date.now, nextId: newId };
  };
  serveGraphql(server, apollo, { context, origins: [] });
  await serveAdmin(server, await buildAdmin(schema));
  const apiUrl = await server.listen({ host: "127.0.0.1", port: 0 });
  admin = await openAdmin({ apiUrl } as Waypost, { signedIn: false, path: "/gadgets", now: NOW });
});
afterAll(async () => {
  await admin?.close();
  await server.close();
  await database?.close();
  rmSync(folder, { recursive: true });
});

const cells = async () => (await admin.page.locator(".list tbody tr td").allTextContents()).map((text) => text.trim());
/** An input with what stands around it: its label, its help, what is wrong with it. */
const control = (label: string) => admin.page.locator(".MuiFormControl-root", { has: admin.page.getByLabel(label) });
const save = () => admin.page.getByRole("button", { name: "Save" }).click();

it("a noun of one line a column gets a form, with its errors next to their fields", async () => {
  const { page } = admin;
  await page.getByRole("link", { name: "New" }).first().click();
  await page.getByLabel("Name").fill("x".repeat(41));
  await page.getByLabel("Long story").fill("Once upon a time");
  await page.getByLabel("Serial number").fill("AbC-1");
  await page.getByLabel("Weight").fill("901");
  await page.getByLabel("Price").fill("2.5");
  await page.getByLabel("Currency").fill("EUR");
  await page.getByLabel("Made").fill("2026-11-22T10:00");
  await page.getByLabel("Finish").click();
  await page.getByRole("option", { name: "High gloss" }).click();
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByLabel("Size").fill("x".repeat(21));
  await save();
  await control("Name").getByText("It has 41 characters; at most 40 are allowed.").waitFor();
  await control("Weight").getByText("901 is not a whole number from 1 to 900.").waitFor();
  await control("Size").getByText("It has 21 characters; at most 20 are allowed.").waitFor();
  await page.getByLabel("Name").fill("Widget");
  await page.getByLabel("Weight").fill("12");
  await page.getByLabel("Size").fill("M3");
  await save();
  await page.getByRole("cell", { name: "Widget", exact: true }).waitFor();
});

it("a list of its columns, each as its kind looks, in the order of the schema", async () => {
  await admin.settled();
  const heads = (await admin.page.locator("thead th").allTextContents()).filter(Boolean);
  expect(heads).toEqual([
    "Name",
    "Long story",
    "Serial number",
    "Finish",
    "Working",
    "Weight",
    "Price",
    "Made",
    "Maker",
    "Click hash",
    "Country",
    "Manual",
    "IP",
    "Answer",
    "View",
  ]);
  expect(await cells()).toEqual([
    "Widget",
    "Once upon a time",
    "AbC-1",
    "High gloss",
    "Yes",
    "12",
    "2.50EUR",
    "22 Nov 10:00:00",
    "Ada & Sons",
    "0123…89abcdef",
    "Brazil",
    "example.com/manual?page=1",
    "192.0.2.7",
    "200",
    "Edit",
  ]);
});

it("a filter for each that has one", async () => {
  const { page } = admin;
  const isAlone = (message: string) => expect.poll(() => page.locator(".list tbody tr").count(), { message }).toBe(1);
  const filter = (label: string) => page.locator(".filters").getByLabel(label, { exact: true });
  for (const [label, value, wrong] of [
    ["Name", "Widget", "Gizmo"],
    ["Serial number", "AbC-1", "abc-1"],
    ["Weight", "12", "13"],
    ["Click hash", "0123456789abcdef0123456789abcdef", "f".repeat(32)],
  ] as const) {
    await filter(label).fill(wrong);
    await page.getByText("Nothing matches these filters.").waitFor();
    await filter(label).fill(value);
    await isAlone(label);
    await filter(label).fill("");
  }
  for (const [label, value, wrong] of [
    ["Finish", "High gloss", "Matt"],
    ["Working", "Yes", "No"],
    ["Answer", "200", "500"],
    ["Maker", "Ada & Sons", null],
    ["Country", "Brazil", "Brunei"],
  ] as const) {
    const choose = async (option: string) => {
      await filter(label).click();
      await page.getByRole("option", { name: option, exact: true }).click();
    };
    if (wrong) {
      await choose(wrong);
      await page.getByText("Nothing matches these filters.").waitFor();
    }
    await choose(value);
    await isAlone(label);
  }
});

it("a drawer with every value whole, JSON and what it is made of as tables", async () => {
  const { page } = admin;
  await admin.show("/gadgets?view=1");
  const drawer = page.getByRole("dialog", { name: "Gadget" });
  await drawer.getByText("0123456789abcdef0123456789abcdef").waitFor();
  const text = async () => (await drawer.innerText()).replaceAll(/\s+/g, " ");
  for (const part of [
    "Long story Once upon a time",
    "Made Sun, 22 November 2026 at 10:00:00.000 (UTC)",
    "Manual https://example.com/manual?page=1",
    "Parts lid round springs [1,2]",
    "Screws Size Count M3 4",
  ]) {
    await expect.poll(text).toContain(part);
  }
});

it("a form that changes it, with every value as it was saved", async () => {
  const { page } = admin;
  await admin.show("/gadgets");
  await page.getByRole("button", { name: "Edit Widget" }).click();
  await page.waitForURL(/#\/gadgets\/1$/);
  const fields = ["Name", "Long story", "Serial number", "Weight", "Price", "Currency", "Made", "Size", "Count"];
  const values = () => Promise.all(fields.map((label) => page.locator(".form-page").getByLabel(label).inputValue()));
  await expect
    .poll(values)
    .toEqual(["Widget", "Once upon a time", "AbC-1", "12", "2.50", "EUR", "2026-11-22T10:00", "M3", "4"]);
  await expect.poll(() => page.getByLabel("Finish").innerText()).toBe("High gloss");
  await expect.poll(() => page.getByLabel("Working").isChecked()).toBe(true);

  await page.getByLabel("Weight").fill("0");
  await save();
  await control("Weight").getByText("0 is not a whole number from 1 to 900.").waitFor();
  await page.getByLabel("Weight").fill("13");
  await page.getByLabel("Working").uncheck();
  await page.getByLabel("Size").hover();
  await page.getByRole("button", { name: "Remove" }).click();
  await save();
  await page.getByRole("cell", { name: "13", exact: true }).waitFor();
  await expect.poll(async () => (await cells()).slice(3, 6)).toEqual(["High gloss", "No", "13"]);
  await admin.go("/gadgets/1");
  await expect.poll(() => page.getByLabel("Name").inputValue()).toBe("Widget");
  await expect.poll(() => page.getByLabel("Size").count()).toBe(0);
});

it("a way to delete it, after a question that says what that means", async () => {
  const { page } = admin;
  await admin.go("/gadgets/1");
  await page.getByRole("button", { name: "Delete" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete Widget?" });
  await question.getByText("Takes a gadget apart.").waitFor();
  await question.getByRole("button", { name: "Yes, delete" }).click();
  await page.getByText("Nothing here yet.").waitFor();
});

it("and what can be made and deleted but not changed is made, looked at and deleted in its drawer", async () => {
  const { page } = admin;
  await admin.show("/makers/create");
  await page.getByLabel("Name").fill("Grace & Co");
  await save();
  const drawer = page.getByRole("dialog", { name: "Maker" });
  await drawer.getByText("Grace & Co").waitFor();
  await drawer.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "View Grace & Co" }).click();
  await drawer.getByRole("button", { name: "Delete" }).click();
  await drawer.getByText("Ends a maker: what it made stays.").waitFor();
  await drawer.getByRole("button", { name: "Yes, delete" }).click();
  await page.getByRole("cell", { name: "Grace & Co", exact: true }).waitFor({ state: "detached" });
  await page.getByRole("cell", { name: "Ada & Sons", exact: true }).waitFor();
});
