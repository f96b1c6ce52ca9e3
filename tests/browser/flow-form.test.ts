import { type Locator, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { macros } from "../../admin/generated/macros.js";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { countRenders, rendersOf } from "../kit/renders.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const CLICK = "https://example.com/?click={click}";

let waypost: Waypost;
let admin: AdminPage;
let page: Page;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  admin = await openAdmin(waypost);
  page = admin.page;
});
afterAll(async () => {
  await admin?.close();
  await waypost.close();
});
beforeEach(() => admin.begin("/flows/create"));

const card = (title: string) =>
  page.locator(".card", { has: page.getByRole("heading", { name: title, exact: true, level: 2 }) });
const path = (index: number) => card("Paths").locator(".item-rows > li").nth(index);
const goal = (index: number) => card("Goals").locator(".item-rows > li").nth(index);
const flow = () => card("Flow");
/** An input with what stands around it: label, help, and what is wrong. */
const control = (place: Locator, label: string) =>
  place.locator(".MuiFormControl-root", { has: page.getByLabel(label) });
const input = (place: Locator, label: string) => control(place, label).getByRole("textbox").or(spin(place, label));
const spin = (place: Locator, label: string) => control(place, label).getByRole("spinbutton");
const url = (index: number) => path(index).getByRole("combobox", { name: "Destination URL" });
const save = () => page.getByRole("button", { name: "Save" }).click();
const shares = () => card("Paths").locator("output").allInnerTexts();
const urls = () =>
  card("Paths")
    .getByRole("combobox")
    .evaluateAll((all) => all.map((each) => (each as HTMLInputElement).value));
const keys = () => Promise.all([0, 1].map((index) => input(goal(index), "Key").inputValue()));

async function saved(): Promise<string> {
  await save();
  await page.waitForURL(/#\/flows\/\d+$/);
  return /\d+$/.exec(page.url())?.[0] ?? "";
}
const asSaved = async (id: string) =>
  (
    await waypost.ask(
      "query($id: ID!) { flow(id: $id) { name key defaultSource paths { url weight active } goals { key revenue currency } } }",
      { id },
    )
  ).flow;

describe("The form of a flow", () => {
  it("5.12 draws for what is typed one row anew, however many there are", async () => {
    await countRenders(admin.context);
    const drawn: number[] = [];
    for (const count of [2, 60]) {
      const goals = Array.from({ length: count }, (_, index) => ({ key: `goal-${index}` }));
      const paths = Array.from({ length: count }, () => ({ url: CLICK }));
      const { id } = await waypost.seedFlow({ name: `With ${count}`, goals, paths });
      await admin.go(`/flows/${id}`);
      // What is typed first makes the form one that is not saved.
      await input(goal(0), "Name").pressSequentially("First");
      await admin.settled();
      drawn.push(await rendersOf(page, () => input(goal(0), "Name").press("x")));
    }
    const [few = 0, many = 0] = drawn;
    expect(few).toBeGreaterThan(5);
    expect(many).toBeLessThan(few + 60);
  });

  it("says next to each required field that is empty that it is, and goes to the first", async () => {
    await save();
    await control(path(0), "Destination URL").getByText("Required").waitFor();
    await control(flow(), "Name").getByText("Required").waitFor();
    await expect.poll(() => url(0).evaluate((field) => field === document.activeElement)).toBe(true);
    expect(page.url()).toMatch(/create$/);
  });

  it("shows what the server refuses next to its field, also a hidden one, and saves once all is mended", async () => {
    await flow().getByLabel("Name").fill("Summer sale");
    await url(0).fill("ftp://example.com/{click}");
    await input(path(0), "Weight").fill("0");
    for (const index of [0, 1]) {
      await page.getByRole("button", { name: "Add goal" }).click();
      await input(goal(index), "Key").fill("sale");
    }
    await page.getByRole("button", { name: "Show UTM tags" }).click();
    await flow().getByLabel("Default source").fill("x".repeat(513));
    await page.getByRole("button", { name: "Hide UTM tags" }).click();
    await expect.poll(() => flow().getByLabel("Default source").isVisible()).toBe(false);
    await save();
    await control(path(0), "Destination URL").getByText("is not an absolute http or https URL").waitFor();
    await control(path(0), "Weight").getByText("0 is not a whole number from 1 to 10000.").waitFor();
    await control(goal(1), "Key").getByText('Another goal of this flow has the key "sale" already.').waitFor();
    await control(flow(), "Default source").getByText("It has 513 characters; at most 512 are allowed.").waitFor();
    await expect.poll(() => goal(0).locator(".Mui-error").count()).toBe(0);

    await url(0).fill(CLICK);
    await input(path(0), "Weight").fill("7");
    await input(goal(1), "Key").fill("lead");
    await flow().getByLabel("Default source").fill("newsletter");
    expect(await asSaved(await saved())).toMatchObject({
      name: "Summer sale",
      defaultSource: "newsletter",
      paths: [{ url: CLICK, weight: 7, active: true }],
      goals: [{ key: "sale" }, { key: "lead" }],
    });
  });

  it("says of a key that is taken that it is, in its place", async () => {
    await waypost.seedFlow({ key: "taken" });
    await flow().getByLabel("Name").fill("Another");
    await flow().getByLabel("Key").fill("taken");
    await url(0).fill(CLICK);
    await save();
    await control(flow(), "Key").getByText('The key "taken" belongs to another flow').waitFor();
  });

  it("shows what share of the visitors each path gets, and which would not pass the click hash on", async () => {
    const warning = card("Paths").locator(".warning");
    await url(0).fill(CLICK);
    await expect.poll(shares).toEqual(["100.0 %"]);
    for (const _ of [1, 2]) await page.getByRole("button", { name: "Add path" }).click();
    await url(1).fill("https://b.example/landing");
    await url(2).fill("https://c.example/?id={flow}");
    await input(path(0), "Weight").fill("2");
    await input(path(1), "Weight").fill("1");
    await input(path(2), "Weight").fill("1");
    await expect.poll(shares).toEqual(["50.0 %", "25.0 %", "25.0 %"]);
    await expect
      .poll(() => warning.locator(".strong").allInnerTexts())
      .toEqual(["b.example: no {click} in the destination", "c.example: no {click} in the destination"]);
    await path(0).getByLabel("Active").uncheck();
    await expect.poll(shares).toEqual(["–", "50.0 %", "50.0 %"]);
    await expect
      .poll(() => card("Paths").locator(".share-bar li").allInnerTexts())
      .toEqual(["50.0 % b.example", "50.0 % c.example"]);
    await url(1).fill("https://b.example/?sub={click}");
    await input(path(2), "Name").fill("Second landing page");
    await expect
      .poll(() => warning.locator(".strong").allInnerTexts())
      .toEqual(["Second landing page: no {click} in the destination"]);
    await url(2).fill("https://c.example/{click}");
    await warning.waitFor({ state: "detached" });
    for (const index of [1, 2]) await path(index).getByLabel("Active").uncheck();
    await card("Paths").getByText("Without an active path, visitors cannot be sent anywhere.").waitFor();
  });

  it("lists the macros at an opened brace, takes one by keyboard, and shows what a visitor would get", async () => {
    const list = page.getByRole("listbox", { name: "Macros" });
    await url(0).fill("");
    await url(0).pressSequentially("https://example.com/?c={");
    await list.waitFor();
    await expect.poll(() => list.getByRole("option").count()).toBe(macros.length);
    await page.keyboard.type("so");
    await expect.poll(() => list.getByRole("option").locator(".mono").allInnerTexts()).toEqual(["{source}"]);
    await page.keyboard.press("Enter");
    await list.waitFor({ state: "detached" });
    await expect.poll(() => url(0).inputValue()).toBe("https://example.com/?c={source}");
    await page.keyboard.type("&d={");
    await list.waitFor();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => list.getByRole("option", { selected: true }).locator(".mono").innerText()).toBe("{flow}");
    await page.keyboard.press("Tab");
    await expect.poll(() => url(0).inputValue()).toBe("https://example.com/?c={source}&d={flow}");
    await control(path(0), "Destination URL")
      .getByText("https://example.com/?c=facebook&d=summer-sale", { exact: true })
      .waitFor();
    await page.keyboard.type("&e={");
    await list.waitFor();
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "detached" });
    expect(page.url()).toMatch(/create$/);
  });

  it("2.7 takes an amount as it is typed, also when zeros come before its last digit", async () => {
    await flow().getByLabel("Name").fill("Cents of a cent");
    await url(0).fill(CLICK);
    await page.getByRole("button", { name: "Add goal" }).click();
    await input(goal(0), "Key").fill("view");
    await input(goal(0), "Revenue").fill("");
    await input(goal(0), "Revenue").pressSequentially("0.00005");
    await expect.poll(() => input(goal(0), "Revenue").inputValue()).toBe("0.00005");
    const id = await saved();
    expect((await asSaved(id)).goals).toEqual([{ key: "view", revenue: "0.00005", currency: "USD" }]);
    await admin.go("/flows");
    await admin.go(`/flows/${id}`);
    await expect.poll(() => input(goal(0), "Revenue").inputValue()).toBe("0.00005");
  });

  it("brings back what was saved: paths and goals in their new order, tags counted while they are hidden", async () => {
    const { id } = await waypost.seedFlow({
      name: "Kept",
      status: "PAUSED",
      defaultSource: "facebook",
      defaultSubId: "banner",
      paths: ["a", "b", "c"].map((host, index) => ({ url: `https://${host}.example/{click}`, weight: index + 1 })),
      goals: ["lead", "sale"].map((key) => ({ key, revenue: "1.2345", currency: "EUR" })),
    });
    await admin.show(`/flows/${id}`);
    const tags = page.getByRole("button", { name: "Show UTM tags" });
    await expect.poll(() => tags.innerText()).toContain("2 set");
    await expect.poll(() => flow().getByLabel("Default source").isVisible()).toBe(false);
    await tags.click();
    await expect.poll(() => flow().getByLabel("Default source").inputValue()).toBe("facebook");
    await expect.poll(() => flow().getByLabel("Status").innerText()).toBe("Paused");
    await expect.poll(() => input(goal(0), "Revenue").inputValue()).toBe("1.2345");
    await flow().getByLabel("Default source").fill("");
    await page.getByRole("button", { name: "Move c.example up" }).click();
    await page.getByRole("button", { name: "Remove a.example" }).click();
    await page.getByRole("button", { name: "Move sale up" }).click();
    await expect.poll(urls).toEqual(["https://c.example/{click}", "https://b.example/{click}"]);
    await expect.poll(keys).toEqual(["sale", "lead"]);
    await expect.poll(shares).toEqual(["60.0 %", "40.0 %"]);
    await save();
    await page.getByRole("heading", { name: "Flows", level: 1 }).waitFor();
    expect(await asSaved(id)).toMatchObject({
      defaultSource: null,
      paths: [
        { url: "https://c.example/{click}", weight: 3 },
        { url: "https://b.example/{click}", weight: 2 },
      ],
      goals: [{ key: "sale", revenue: "1.2345", currency: "EUR" }, { key: "lead" }],
    });
    await admin.go(`/flows/${id}`);
    await expect.poll(urls).toEqual(["https://c.example/{click}", "https://b.example/{click}"]);
    await page.getByRole("button", { name: "Remove sale" }).click();
    await page.getByRole("button", { name: "Remove lead" }).click();
    await card("Goals").getByText("Every conversion counts as “Other”").waitFor();
    await save();
    await page.getByRole("heading", { name: "Flows", level: 1 }).waitFor();
    expect((await asSaved(id)).goals).toEqual([]);
  });
});
