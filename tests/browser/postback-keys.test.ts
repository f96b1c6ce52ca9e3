import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

let waypost: Waypost;
let admin: AdminPage;
let page: Page;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  admin = await openAdmin(waypost, { path: "/postbackKeys" });
  page = admin.page;
});
afterAll(async () => {
  await admin.close();
  await waypost.close();
});

const save = () => page.getByRole("button", { name: "Save" }).click();
/** The card of the words for a status, which is the first, or of those for currencies. */
const card = (title: "Status words" | "Currency words") =>
  page.locator(".card", { has: page.getByRole("heading", { name: title }) });
const rows = () => card("Status words").locator(".item-rows > li");
const row = (index: number) => rows().nth(index);
const problemAt = (label: string) => page.locator(".MuiFormControl-root", { has: page.getByLabel(label) });
const copied = () => admin.copied();
/** The address comes first: who goes on before the page has followed finds the page of before. */
async function arrivedAt(title: string, address: RegExp): Promise<void> {
  await page.waitForURL(address);
  await page.getByRole("heading", { name: title, level: 1, exact: true }).waitFor();
}
async function choose(place: ReturnType<typeof row>, meaning: string): Promise<void> {
  await place.getByRole("combobox").click();
  await page.getByRole("option", { name: meaning }).click();
}
async function keyNamed(name: string) {
  const { postbackKeys } = await waypost.ask(
    "{ postbackKeys { items { id name defaultStatus statusWords { word meaning } currencyWords { word currency } } } }",
  );
  return postbackKeys.items.find((key: { name: string }) => key.name === name);
}

describe("Postback keys", () => {
  it("are generated, or taken over, and show the URL for the advertiser; a used one is refused in its place", async () => {
    await page.getByRole("link", { name: "New" }).click();
    await page.getByLabel("Name").fill("Adnet One");
    await save();
    await page.getByRole("heading", { name: "Adnet One" }).waitFor();
    await page.getByRole("button", { name: "Copy the postback URL" }).click();
    await expect.poll(copied).toMatch(/\/postback\/[\w-]{20,}\?click=\{click\}&status=approved/);

    for (const again of [false, true]) {
      await admin.show("/postbackKeys/create");
      await page.getByLabel("Key").fill("old-key-42");
      await save();
      if (again) await problemAt("Key").getByText("This key exists already.").waitFor();
      else await page.locator(".fixed").getByText("old-key-42", { exact: true }).waitFor();
    }
  });

  it("are given words for a status one by one and several at once; what is refused is said at its row", async () => {
    const { id } = await keyNamed("Adnet One");
    await admin.go(`/postbackKeys/${id}`);
    await card("Status words").getByRole("button", { name: "Add word" }).click();
    await row(0).getByRole("textbox", { name: "Word" }).fill("Hold");
    await choose(row(0), "Pending");
    await card("Status words").getByText("Add several at once").click();
    const several = card("Status words").locator(".several");
    await several.getByLabel("Words").fill("rebill, SALE\nhold,,sale\n");
    await choose(several, "Approved");
    await several.getByRole("button", { name: "Add 3 words" }).click();
    await card("Status words").getByRole("button", { name: "Add word" }).click();
    await row(3).getByRole("textbox", { name: "Word" }).fill("sale");
    await choose(row(3), "Ignore");
    await save();
    await row(3).getByText('"sale" is mapped already').waitFor();
    await row(3).getByRole("button", { name: "Remove sale" }).click();
    await save();
    await arrivedAt("Postback keys", /postbackKeys$/);
    expect((await keyNamed("Adnet One")).statusWords).toEqual([
      { word: "hold", meaning: "APPROVED" },
      { word: "rebill", meaning: "APPROVED" },
      { word: "sale", meaning: "APPROVED" },
    ]);
  });

  it.each([
    ["Trash", 3],
    [" SALE", 2],
  ])("take up the word %j that the address asks about, and go to what it means", async (word, place) => {
    const { id } = await keyNamed("Adnet One");
    await admin.show(`/postbackKeys/${id}?word=${encodeURIComponent(word)}`);
    const meaning = row(place).getByRole("combobox");
    await expect.poll(() => meaning.evaluate((field) => field === document.activeElement)).toBe(true);
    await expect
      .poll(() => row(place).getByRole("textbox", { name: "Word" }).inputValue())
      .toBe(word.trim().toLowerCase());
    await expect.poll(() => rows().count()).toBe(4);
    await choose(row(place), "Rejected");
    await save();
    await arrivedAt("Postback log", /postbackLogs\?filter=/);
    expect((await keyNamed("Adnet One")).statusWords[place]).toEqual({
      word: word.trim().toLowerCase(),
      meaning: "REJECTED",
    });
  });

  it("are changed from what the API says now, and not from what was here before", async () => {
    const { id } = await keyNamed("Adnet One");
    await admin.show(`/postbackKeys/${id}`);
    await page.getByLabel("Name").waitFor();
    await admin.show("/postbackKeys");
    await waypost.ask('mutation($id: ID!) { updatePostbackKey(id: $id, input: { name: "Adnet 1" }) { id } }', { id });
    let answer = () => {};
    const isHeld = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const asked = page.waitForRequest((request) => /query postbackKey\(/.test(request.postData() ?? ""));
    await page.route("**/graphql", async (route) => {
      await isHeld;
      await route.continue();
    });
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#/postbackKeys/${id}`);
    await asked;
    // What was typed into a form that is drawn by now would be gone when the answer comes.
    expect(await page.getByLabel("Name").count()).toBe(0);
    answer();
    await page.unrouteAll({ behavior: "wait" });
    await expect.poll(() => page.getByLabel("Name").inputValue()).toBe("Adnet 1");
    await page.getByLabel("Name").fill("Adnet One");
    await save();
    await arrivedAt("Postback keys", /postbackKeys$/);
  });

  it("2.1 2.6 are given a default status and words for currencies, and take up the word that the log asks about", async () => {
    const { id } = await keyNamed("Adnet One");
    const click = await waypost.click((await waypost.seedFlow()).key);
    const { items } = (await waypost.ask("{ postbackKeys { items { id key } } }")).postbackKeys;
    const { key } = items.find((each: { id: string }) => each.id === id);
    await waypost.track(`/${key}/postback?subid=${click}&payout=5&currency=USDT`);
    const { postbackLogs } = await waypost.ask(
      "query($hash: String) { postbackLogs(filter: { clickHash: $hash }) { items { id code } } }",
      { hash: click },
    );
    expect(postbackLogs.items[0].code).toBe("CURRENCY_UNKNOWN");
    await admin.show(`/postbackLogs?view=${postbackLogs.items[0].id}`);
    await page.getByRole("link", { name: "Say what “USDT” means" }).click();
    await page.waitForURL(/postbackKeys\/\d+\?currency=USDT/);
    const words = card("Currency words");
    const currency = words.getByRole("textbox", { name: "Currency" }).first();
    await expect.poll(() => words.getByRole("textbox", { name: "Word" }).first().inputValue()).toBe("usdt");
    await expect.poll(() => currency.evaluate((field) => field === document.activeElement)).toBe(true);
    await currency.fill("BTC");
    await page.getByLabel("Default status").click();
    await page.getByRole("option", { name: "Approved" }).click();
    await save();
    await words.getByText('"BTC" is not an ISO 4217 code').waitFor();
    await currency.fill("usd");
    await save();
    await arrivedAt("Postback log", /postbackLogs\?filter=.*CURRENCY_UNKNOWN/);
    expect(await keyNamed("Adnet One")).toMatchObject({
      defaultStatus: "APPROVED",
      currencyWords: [{ word: "usdt", currency: "USD" }],
    });
    await waypost.ask(
      "mutation($id: ID!, $input: PostbackKeyInput!) { updatePostbackKey(id: $id, input: $input) { id } }",
      {
        id,
        input: { defaultStatus: "PENDING" },
      },
    );
    await admin.show(`/postbackKeys/${id}?network=cake`);
    await page.getByRole("button", { name: "Set the default status to Approved" }).click();
    await save();
    await arrivedAt("Postback keys", /postbackKeys$/);
    expect((await keyNamed("Adnet One")).defaultStatus).toBe("APPROVED");
  });

  it("show the postback URL of a network that is chosen by its name, and what is left to do", async () => {
    const { id } = await keyNamed("Adnet One");
    const { networkPreset } = await waypost.ask(
      'query($id: ID!) { networkPreset(name: "12Monkiss", postbackKeyId: $id) { postbackUrl notes { text } } }',
      { id },
    );
    await admin.show(`/postbackKeys/${id}`);
    await page.getByLabel("Network").fill("monk");
    await page.getByRole("option", { name: "12Monkiss" }).click();
    await page.getByText("click_id={click}").waitFor();
    await page.getByRole("button", { name: "Copy the postback URL" }).click();
    await expect.poll(copied).toBe(networkPreset.postbackUrl);
    await page.getByRole("button", { name: "Copy what is added to the destination URL" }).click();
    await expect.poll(copied).toBe("click_id={click}");
    expect(networkPreset.notes.length).toBe(3);
    await card("Status words").getByRole("button", { name: "Add word" }).click();
    await page.getByLabel("Network").fill("cake");
    await page.getByRole("option", { name: "cake", exact: true }).click();
    await page.getByText("s2={click}").waitFor();
    await expect.poll(() => rows().count()).toBe(5);
    page.once("dialog", (dialog) => void dialog.accept());
    await admin.go(`/postbackKeys/${id}?network=12Monkiss`);
    for (const { text } of networkPreset.notes) await page.getByText(text).waitFor();
  });

  it.each(["key", "url"])("have their %s copied from the list, whole", async (column) => {
    const { items } = (await waypost.ask("{ postbackKeys { items { name key url } } }")).postbackKeys;
    await admin.go("/postbackKeys");
    const cell = page.getByRole("row", { name: items[0].name }).first().locator(`td.column-${column}`);
    await cell.hover();
    await cell.getByRole("button", { name: /^Copy/ }).click();
    await expect.poll(copied).toBe(items[0][column]);
    await cell.getByRole("button", { name: "Copied" }).waitFor();
    expect(page.url()).toMatch(/postbackKeys$/);
  });

  it("are deleted after a question that says what breaks", async () => {
    await admin.show("/postbackKeys");
    await page.getByRole("button", { name: "Edit Adnet One" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    const question = page.getByRole("alertdialog");
    await expect.poll(() => question.innerText()).toMatch(/cannot be undone|for good|refused/i);
    await question.getByRole("button", { name: "Yes, delete" }).click();
    await arrivedAt("Postback keys", /postbackKeys$/);
    await page.getByRole("button", { name: "Edit Adnet One" }).waitFor({ state: "detached" });
  });

  it("are still chosen by a part of their name to filter the log, also when they are deleted", async () => {
    for (let index = 0; index < 60; index += 1) await waypost.ask("mutation { generatePostbackKey { id } }");
    await admin.show("/postbackLogs");
    const field = page.locator(".filters").getByLabel("Postback key");
    await field.fill("adNET");
    await expect.poll(() => page.getByRole("option").allInnerTexts()).toEqual(["Adnet One (deleted)"]);
    await page.getByRole("option").click();
    await page.waitForURL(/postbackKeyId/);
    await page.reload();
    await expect.poll(() => field.inputValue()).toBe("Adnet One (deleted)");
    // What is typed while the page still comes is written over by the filter in the address.
    await admin.settled();
    await field.fill("old-key");
    await page.getByText("No options").waitFor();
  });

  it("say that they are deleted, and how their postbacks are taken again", async () => {
    await admin.show(`/postbackKeys?filter=${encodeURIComponent(JSON.stringify({ deleted: true }))}`);
    await page.getByRole("button", { name: "Edit Adnet One" }).click();
    await page.getByRole("heading", { name: "Adnet One (deleted)" }).waitFor();
    await page.getByText("its postbacks are refused").waitFor();
    const key = await page.locator(".fixed dd").first().innerText();
    await expect.poll(() => page.getByRole("button", { name: /Save|Delete/ }).count()).toBe(0);
    await admin.show("/postbackKeys/create");
    await page.getByLabel("Key").fill(key.trim());
    await save();
    await page.getByRole("button", { name: "Delete" }).waitFor();
  });
});

it("A flow shows its tracking URL with the macros of a traffic source that is chosen by its name", async () => {
  const { id, key } = await waypost.seedFlow();
  await admin.show(`/flows/${id}`);
  const card = page.locator(".card", { has: page.getByRole("heading", { name: "For a traffic source" }) });
  await card.getByLabel("Traffic source").fill("adcash");
  await page.getByRole("option", { name: "adcash.com" }).click();
  await card.getByRole("button", { name: "Copy the tracking URL" }).click();
  await expect
    .poll(copied)
    .toBe(
      `${waypost.trackerUrl}/c/${key}?utm_source=adcash.com&sub_id=[zone]&utm_campaign=[campaign]&external_id=[clickid]`,
    );
  await card.getByText("Its own click ID arrives as external_id").waitFor();
  await card.getByLabel("Traffic source").fill("leadimpact");
  await page.getByRole("option", { name: "leadimpact.com" }).click();
  await card.getByText("leadimpact.com has no macro for a click ID of its own.").waitFor();
});
