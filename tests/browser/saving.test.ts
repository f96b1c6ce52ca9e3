import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations } from "../kit/axe.js";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const URL_OK = "https://example.com/?c={click}";

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

async function begin(path: string, width = 1440): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await admin.begin(path);
}
const button = (name: string) => page.getByRole("button", { name, exact: true });
const name = () => page.locator("[name=name]");
const weight = (index: number) => page.locator(`[name="paths.${index}.weight"]`);
const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
const flowOf = async (id: string) =>
  (
    await waypost.ask(
      "query($id: ID!) { flow(id: $id) { name defaultTerm deleted paths { id name weight } goals { key } } }",
      { id },
    )
  ).flow;
const change = (id: string, input: object) =>
  waypost.ask("mutation($id: ID!, $input: FlowInput!) { updateFlow(id: $id, input: $input) { id } }", { id, input });
/** A flow with two paths that get half of the visitors each. */
async function halves(): Promise<{ id: string; paths: { id: string; name: string; url: string; weight: number }[] }> {
  const paths = ["A", "B"].map((each) => ({ name: each, url: URL_OK, weight: 50 }));
  const made = await waypost.seedFlow({ name: "Halves", paths });
  return { id: made.id, paths: paths.map((path, index) => ({ ...path, id: made.paths[index]?.id as string })) };
}
const list = () => page.getByRole("heading", { name: "Flows", level: 1 }).waitFor();
/** Everything that is sent to the API to change something. */
function sentChanges(): string[] {
  const sent: string[] = [];
  page.on("request", (request) => {
    const [, mutation] = /"query":"mutation (\w+)/.exec(request.postData() ?? "") ?? [];
    if (mutation) sent.push(mutation);
  });
  return sent;
}

describe("A flow that is edited in two tabs", () => {
  const dialog = () => page.getByRole("dialog", { name: "Changed meanwhile" });
  const choice = (label: string) => dialog().getByRole("group", { name: label });

  it("5.2 shows what is stored beside what was typed, and saves what is chosen: both are kept unless somebody says otherwise", async () => {
    const { id, paths } = await halves();
    await begin(`/flows/${id}`);
    await name().fill("Named here");
    await change(id, { paths: paths.map((path, index) => ({ ...path, weight: index ? 20 : 80 })) });
    await button("Save").click();
    await dialog().waitFor();
    expect((await flowOf(id)).name).toBe("Halves");
    expect(
      await choice("Name")
        .getByRole("radio")
        .evaluateAll((all) => all.map((each) => (each as HTMLInputElement).checked)),
    ).toEqual([false, true]);
    await choice("Paths: A, Weight").getByText("80").waitFor();
    await choice("Paths: A, Weight").getByText("50").waitFor();
    expect(await dialog().getByRole("group").count()).toBe(3);
    await dialog().getByRole("button", { name: "Save this" }).click();
    await list();
    await page.getByText("Saved.").waitFor();
    expect(await flowOf(id)).toMatchObject({ name: "Named here", paths: [{ weight: 80 }, { weight: 20 }] });
  });

  it("5.2 takes theirs or mine of one and the same field, by keyboard alone", async () => {
    const { id, paths } = await halves();
    await begin(`/flows/${id}`);
    for (const side of ["theirs", "mine"]) {
      await weight(0).fill(side === "mine" ? "33" : "11");
      await change(id, { paths: paths.map((path) => ({ ...path, weight: side === "mine" ? 44 : 22 })) });
      await button("Save").focus();
      await page.keyboard.press("Enter");
      await choice("Paths: A, Weight (changed on both sides)").waitFor();
      await page.keyboard.press("Tab");
      if (side === "theirs") {
        await choice("Paths: A, Weight").getByRole("radio", { name: "What you typed" }).focus();
        await page.keyboard.press("ArrowUp");
      }
      await dialog().getByRole("button", { name: "Save this" }).focus();
      await page.keyboard.press("Enter");
      await list();
      expect((await flowOf(id)).paths[0].weight).toBe(side === "mine" ? 33 : 22);
      await admin.show(`/flows/${id}`);
    }
  });

  it("5.2 goes back to the form with all that was typed, and compares again", async () => {
    const { id } = await halves();
    await begin(`/flows/${id}`);
    await name().fill("Still here");
    await change(id, { name: "Theirs", goals: [{ key: "sale" }] });
    await button("Save").click();
    await dialog().waitFor();
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    expect(await focused()).toBe("Save");
    await page.getByText("Not saved: it was changed elsewhere meanwhile.").waitFor();
    expect(await name().inputValue()).toBe("Still here");
    await change(id, { defaultTerm: "once more" });
    await button("Save").click();
    await choice("Default term").getByText("once more").waitFor();
    await dialog().getByRole("button", { name: "Save this" }).click();
    await list();
    expect(await flowOf(id)).toMatchObject({ name: "Still here", defaultTerm: "once more", goals: [{ key: "sale" }] });
  });

  it("5.2 says that it was deleted, and asks nothing where only what is not typed here has changed", async () => {
    const { id } = await halves();
    await begin(`/flows/${id}`);
    await name().fill("Deleted under my hands");
    await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", { id });
    await button("Save").click();
    await dialog().getByText("It was deleted meanwhile.").waitFor();
    await page.keyboard.press("Escape");
    await waypost.ask("mutation($id: ID!) { restoreFlow(id: $id) { id } }", { id });
    await button("Save").click();
    await list();
    expect(await flowOf(id)).toMatchObject({ name: "Deleted under my hands", deleted: false });
  });

  it("5.2 keeps what is typed while the same flow is restored on the page", async () => {
    const { id } = await halves();
    await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", { id });
    await begin(`/flows/${id}`);
    await name().fill("Typed before it was restored");
    await button("Restore").click();
    await page.getByText("Halves is restored.").waitFor();
    await admin.settled();
    expect(await name().inputValue()).toBe("Typed before it was restored");
    await button("Save").click();
    await list();
    expect((await flowOf(id)).name).toBe("Typed before it was restored");
  });

  it.each([
    ["light", 1440],
    ["dark", 390],
  ] as const)("5.2 compares without barriers, in %s colours, %d pixels wide", async (scheme, width) => {
    const { id } = await halves();
    await begin("/flows", width);
    await page.evaluate((each) => localStorage.setItem("waypost.theme", JSON.stringify(each)), scheme);
    await admin.go(`/flows/${id}`);
    await name().fill("Mine");
    await change(id, { name: "Theirs", paths: [{ url: URL_OK, name: "C" }], goals: [{ key: "sale" }] });
    await button("Save").click();
    await dialog().waitFor();
    expect(await violations(page)).toEqual([]);
    const { x = -1, width: own = Infinity } = (await dialog().boundingBox()) ?? {};
    expect(x).toBeGreaterThan(0);
    expect(x + own).toBeLessThan(width);
    await page.keyboard.press("Escape");
  });
});

describe("What is asked for twice", () => {
  it.each(["a double click", "Enter twice", "two clicks at once"])("5.3 is made once, by %s", async (how) => {
    const act = {
      "a double click": () => button("Save").dblclick(),
      "Enter twice": async () => {
        await name().focus();
        await Promise.all([page.keyboard.press("Enter"), page.keyboard.press("Enter")]);
      },
      "two clicks at once": () =>
        button("Save").evaluate((save: HTMLButtonElement) => {
          save.click();
          save.click();
        }),
    }[how] as () => Promise<void>;
    await begin("/flows/create");
    await name().fill(`Once by ${how}`);
    await page.getByRole("combobox", { name: "Destination URL" }).fill(URL_OK);
    await act();
    await page.waitForURL(/#\/flows\/\d+$/);
    await begin("/postbackKeys/create");
    await name().fill(`Once by ${how}`);
    await act();
    await page.waitForURL(/#\/postbackKeys\/\d+$/);
    await admin.settled();
    const { flows, postbackKeys } = await waypost.ask(
      "query($search: String) { flows(filter: { search: $search }) { totalCount } postbackKeys { items { name } } }",
      { search: `Once by ${how}` },
    );
    expect(flows.totalCount).toBe(1);
    expect(postbackKeys.items.filter((key: { name: string }) => key.name === `Once by ${how}`)).toHaveLength(1);
  });

  it("5.3 is sent once by every button that changes something, and the button keeps the focus meanwhile", async () => {
    const { id } = await halves();
    const sent = sentChanges();
    const twice = async (label: string, mutation: string) => {
      const own = button(label);
      await own.focus();
      await own.evaluate((each: HTMLButtonElement) => {
        each.click();
        each.click();
      });
      await expect.poll(() => sent.filter((each) => each === mutation).length).toBe(1);
      await admin.settled();
      expect(sent.filter((each) => each === mutation)).toHaveLength(1);
    };
    await begin(`/flows/${id}`);
    await button("Delete").click();
    await twice("Yes, delete", "deleteFlow");
    await twice("Undo", "restoreFlow");
    sent.splice(0);
    await admin.show(`/flows/${id}`);
    await button("Delete").click();
    await twice("Yes, delete", "deleteFlow");
    await admin.show(`/flows/${id}`);
    await twice("Restore", "restoreFlow");
    await page.route("**/graphql", () => {});
    await name().fill("Never answered");
    await button("Save").focus();
    await page.keyboard.press("Enter");
    await page.locator("button[type=submit][aria-disabled=true]").waitFor();
    expect(await focused()).toBe("Save");
    await page.keyboard.press("Enter");
    expect(sent.filter((each) => each === "updateFlow")).toHaveLength(1);
    await page.unrouteAll();
  });
});

describe("A form with something typed", () => {
  const question = () => page.getByRole("dialog", { name: "Leave without saving?" });

  it("5.13 asks in our words before it is left, by a link, back, or signing out, and stays as it is", async () => {
    const { id } = await halves();
    await begin("/flows");
    await page.locator(`[data-row="${id}"]`).click();
    await name().fill("Not saved");
    const ways: (() => Promise<unknown>)[] = [
      () => page.getByRole("link", { name: "Clicks" }).first().click(),
      () => page.getByRole("link", { name: "Cancel" }).click(),
      () => page.evaluate(() => history.back()),
      async () => {
        await button("Account").click();
        await page.getByRole("menuitem", { name: "Sign out" }).click();
      },
    ];
    for (const leave of ways) {
      await leave();
      await question().waitFor();
      expect(await focused()).toBe("Stay");
      await page.keyboard.press("Enter");
      await question().waitFor({ state: "detached" });
      expect(await name().inputValue()).toBe("Not saved");
    }
    await page.getByRole("link", { name: "Cancel" }).click();
    expect(await violations(page)).toEqual([]);
    await question().getByRole("button", { name: "Leave" }).click();
    await list();
    expect((await flowOf(id)).name).toBe("Halves");
  });

  it("5.13 asks also when saving came to nothing, and not after it was saved", async () => {
    const { id } = await halves();
    await begin("/flows");
    await admin.show(`/flows/${id}`);
    await name().fill("Typed");
    await page.route("**/graphql", (route) => route.fulfill({ status: 502, body: "", contentType: "text/html" }));
    await button("Save").click();
    await page.getByText("It is not certain that this was done").waitFor();
    await page.unrouteAll();
    await page.getByRole("link", { name: "Cancel" }).click();
    await question().waitFor();
    await page.keyboard.press("Escape");
    await button("Save").click();
    await list();
    expect(await question().count()).toBe(0);
    expect(admin.wrong.splice(0).filter((each) => !/status of 502/.test(each))).toEqual([]);
  });

  it("5.13 is not asked for a postback key either by the browser's own words", async () => {
    await begin("/postbackKeys");
    await admin.show("/postbackKeys/1");
    page.once("dialog", (dialog) => void admin.wrong.push(`the browser asks: ${dialog.message()}`));
    await name().fill("Another name");
    await page.getByRole("link", { name: "Cancel" }).click();
    await question().getByRole("button", { name: "Leave" }).click();
    await page.getByRole("heading", { name: "Postback keys", level: 1 }).waitFor();
  });
});
