import { type Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { readConfig } from "../../server/config.js";
import { type AdminPage, openAdmin } from "../kit/browser.js";
import { openFacts } from "../kit/facts.js";
import { firstPassword, printed } from "../kit/first-start.js";
import { cleanUp, freshEnvironment, start } from "../kit/processes.js";
import { databases, startWaypost, type Waypost } from "../kit/waypost.js";

const step = (page: Page, name: string) => page.locator(`[data-step="${name}"]`);

describe.each(databases)("The first minute, on %s", (database) => {
  let admin: AdminPage;
  afterEach(async () => {
    await admin.close();
    await cleanUp();
  });

  it("leads from the first start to the first conversion", async () => {
    const environment = await freshEnvironment(database);
    const { stdout } = await start("main", environment);
    const tracker = `http://localhost:${environment.TRACKER_PORT}`;
    admin = await openAt(environment, { signedIn: false });
    const { page } = admin;

    await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "email");
    await page.keyboard.type(printed(stdout, "E-mail"));
    await page.keyboard.press("Tab");
    await page.keyboard.type("not the password");
    await page.keyboard.press("Enter");
    await page.getByText("The e-mail address or the password is wrong.").waitFor();
    await page.keyboard.type(firstPassword(environment));
    await page.keyboard.press("Enter");

    await step(page, "flow").getByRole("link", { name: "Create a flow" }).click();
    const url = page.getByRole("listitem", { name: "Path 1" }).getByRole("combobox", { name: "Destination URL" });
    await url.fill(`${tracker}/robots.txt?click={click}`);
    await page.locator(".form-side").getByLabel("Name").fill("My first flow");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "My first flow" }).waitFor();

    await page.getByRole("navigation").getByText("Dashboard").click();
    await step(page, "flow").getByRole("link", { name: "My first flow" }).waitFor();
    await expect.poll(() => step(page, "visit").getAttribute("aria-current")).toBe("step");
    await expect.poll(() => step(page, "click").innerText()).toContain("Waiting for a click…");
    const visit = admin.context.waitForEvent("page");
    await step(page, "visit").getByRole("link", { name: "Open it in a new tab" }).click();
    const visitor = await visit;
    await visitor.waitForURL(/robots\.txt/);
    const hash = new URL(visitor.url()).searchParams.get("click") ?? "";
    await visitor.close();

    await step(page, "click").getByRole("link", { name: hash }).waitFor();
    const shown = await step(page, "postback").locator("code").innerText();
    expect(shown).toBe(printed(stdout, "Postback").replace("{click}", hash));
    await step(page, "postback").getByRole("button", { name: "Copy the postback URL" }).click();
    await expect.poll(admin.copied).toBe(shown);
    await step(page, "postback").getByRole("button", { name: "Send it" }).click();
    await page.getByRole("heading", { name: "You're set" }).waitFor();
    await expect.poll(() => step(page, "postback").innerText()).toContain("The conversion is recorded.");

    await page.getByRole("button", { name: "Show my dashboard" }).click();
    await expect.poll(() => page.locator('[data-tile="revenue"] .tile-number').innerText()).toBe("2.50 USD");
    await page.locator('[data-tile="conversions"]').click();
    await page.locator(".list tbody").getByText("My first flow").waitFor();
    await admin.go("/");
    await expect.poll(() => page.locator(".first-minute").count()).toBe(0);
    await admin.settled();
    forgive(admin, tracker);
  });

  // What it says comes from the network alone.
  if (database === "SQLite")
    it("says what to do when the tracker does not run", async () => {
      const environment = await freshEnvironment(database, { ADMIN_PASSWORD: "long enough for all" });
      await start("api", environment);
      admin = await openAt(environment);
      const facts = await openFacts({ config: readConfig(environment) } as Waypost);
      await admin.context.request.post(`http://127.0.0.1:${environment.API_PORT}/graphql`, {
        data: { query: 'mutation { createFlow(input: {name: "One"}) { id } }' },
      });
      await facts.clicks([{ flowId: 1 }]);
      await facts.close();
      await step(admin.page, "postback").getByRole("button", { name: "Send it" }).click();
      await step(admin.page, "postback")
        .getByText(
          `The tracker cannot be reached at http://localhost:${environment.TRACKER_PORT}: check that it is running`,
        )
        .waitFor();
    });
});

describe("A list without anything in it", () => {
  it("says why, and what next; what arrives then appears by itself", async () => {
    const waypost = await startWaypost("SQLite");
    const { page, show, close } = await openAdmin(waypost, { path: "/flows" });
    const main = page.getByRole("main");
    await main.getByText("No flows yet.").waitFor();
    await expect.poll(() => main.locator('[data-empty] a[href$="/flows/create"]').count()).toBe(1);
    await show("/clicks");
    await main.getByText("There is no flow yet.").waitFor();
    await show("/conversions");
    await main.getByText(`/postback/${waypost.postbackKey}?click={click}`).waitFor();
    await expect.poll(() => main.getByRole("button", { name: "Send it" }).count()).toBe(0);

    const { id, key } = await waypost.seedFlow({ name: "Closed", status: "PAUSED" });
    await show("/clicks");
    await main.getByText("No flow takes clicks now").waitFor();
    await waypost.ask("mutation($id: ID!) { updateFlow(id: $id, input: {status: ACTIVE}) { id } }", { id });
    await main.getByText(`${waypost.trackerUrl}/c/${key}`).waitFor();
    await expect.poll(() => waypost.track(`/c/${key}`).then(({ status }) => status)).toBe(302);
    await page.locator(".list tbody").getByText("Closed").waitFor();

    await show("/postbackLogs");
    await main.getByRole("button", { name: "Send it" }).click();
    await page.locator(".list tbody").getByText("The conversion is recorded.").waitFor();
    await waypost.ask('mutation { deletePostbackKey(id: "1") { id } }');
    await show("/postbackKeys");
    await main.getByText("No postback keys.").waitFor();
    await close();
    await waypost.close();
  });

  it("says when the newest entry was, where a range of days has none, and leads there", async () => {
    const waypost = await startWaypost("SQLite");
    const facts = await openFacts(waypost);
    const { id } = await waypost.seedFlow();
    await facts.clicks([{ at: Date.parse("2026-03-29T23:30:00.000Z"), flowId: Number(id), country: "DE" }]);
    await facts.close();
    const filter = { country: "DE", range: { zone: "Europe/Berlin", word: "today" } };
    const { page, show, close } = await openAdmin(waypost, {
      timezone: "Europe/Berlin",
      now: Date.parse("2026-06-17T12:17:00Z"),
    });
    await show(`/clicks?filter=${encodeURIComponent(JSON.stringify(filter))}`);
    await page.getByText("The newest entry is from 30 Mar 01:30:00.").waitFor();
    await page.getByRole("link", { name: "Show that day" }).click();
    await expect.poll(() => page.locator(".page-head .total").innerText()).toBe("1");
    await show(`/clicks?filter=${encodeURIComponent(JSON.stringify({ ...filter, country: "FR" }))}`);
    await page.getByText("Nothing matches these filters.").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await expect.poll(() => page.locator(".page-head .total").innerText()).toBe("1");
    await close();
    await waypost.close();
  });
});

/** The admin that a started Waypost serves. */
function openAt(environment: Record<string, string>, options: { signedIn?: boolean } = {}): Promise<AdminPage> {
  const config = readConfig(environment);
  return openAdmin({ apiUrl: `http://127.0.0.1:${config.apiPort}`, config } as Waypost, options);
}

/** The visit of the tracking URL left the admin's host, as it should; nothing else may be wrong. */
function forgive(admin: AdminPage, tracker: string): void {
  const others = admin.wrong.filter((each) => !each.includes(`${tracker}/`));
  admin.wrong.splice(0);
  expect(others).toEqual([]);
}
