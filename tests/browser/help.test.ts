import { readFileSync } from "node:fs";
import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { helpOf, helpPages, helpPath } from "../../admin/help/help-pages.ts";
import { type AdminPage, openAdmin, openPage } from "../kit/browser.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

const snippet = /```html\n(<script>.*?)```/s.exec(
  readFileSync("docs/help/click-tracking-and-macros.md", "utf8"),
)?.[1] as string;
const titles = helpPages.map(({ title }) => title);

let waypost: Waypost;
let admin: AdminPage;
let page: Page;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  admin = await openAdmin(waypost, { path: "/help" });
  page = admin.page;
});
afterAll(async () => {
  await admin?.close();
  await waypost.close();
});
const show = (path: string) => admin.show(path);

describe("The help in a browser", () => {
  it("is read from page to page, forth and back", async () => {
    await show("/help");
    const title = page.getByRole("heading", { level: 1 });
    await expect.poll(() => title.textContent()).toBe("Help");
    await page.getByRole("link", { name: titles[0], exact: true }).click();
    const turn = async (word: string, expected: string) => {
      await page.getByRole("link", { name: `${word}: ${expected}` }).click();
      await page.getByRole("heading", { level: 1, name: expected }).waitFor();
    };
    for (const next of titles.slice(1)) await turn("Next", next);
    await expect.poll(() => page.getByRole("link", { name: /^Next/ }).count()).toBe(0);
    for (const previous of titles.slice(0, -1).reverse()) await turn("Previous", previous);
    await expect.poll(() => page.getByRole("link", { name: /^Previous/ }).count()).toBe(0);
  });

  it("fetches a page when it is opened, and no other", async () => {
    const { requests, close } = await openAdmin(waypost, { path: "/help/postback-integration" });
    const fetched = helpPages.filter(({ slug }) => requests.some((url) => url.includes(slug)));
    expect(fetched.map(({ slug }) => slug)).toEqual(["postback-integration"]);
    await close();
  });

  it("opens at the heading that a link names", async () => {
    await show("/help/postback-integration");
    await page.getByRole("link", { name: "common issues" }).click();
    const heading = page.getByRole("heading", { name: "Common issues" });
    await expect.poll(async () => (await heading.boundingBox())?.y).toBeLessThan(200);
    expect(new URL(page.url()).hash).toBe("#/help/monitoring-and-reports#common-issues");
  });

  it("copies an example", async () => {
    await show("/help/click-tracking-and-macros");
    await page.getByText("ADVERTISER_PARAMETER =").locator("xpath=../..").getByRole("button", { name: "Copy" }).click();
    await expect.poll(admin.copied).toBe(snippet.trimEnd());
  });

  it("says so when there is no such page", async () => {
    await show("/help/nothing");
    await expect.poll(() => page.getByRole("alert").textContent()).toMatch("no such page");
  });

  it("scrolls nowhere sideways on a phone, but for tables and examples inside themselves", async () => {
    await page.setViewportSize({ width: 390, height: 900 });
    await admin.go("/help");
    for (const { slug } of helpPages) {
      await show(`/help/${slug}`);
      await page.getByRole("heading", { level: 1, name: titleOf(slug) }).waitFor();
      expect(await page.locator("#content").evaluate((main) => main.scrollWidth - main.clientWidth), slug).toBe(0);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it("is reached from every screen, at what it says of it", async () => {
    for (const screen of Object.keys(helpOf) as (keyof typeof helpOf)[]) {
      await show(screen === "dashboard" ? "/" : `/${screen}`);
      await page.getByRole("link", { name: /^Help: / }).click();
      await page.getByRole("heading", { level: 1, name: titleOf(helpOf[screen].slug) }).waitFor();
      expect(new URL(page.url()).hash).toBe(`#${helpPath(helpOf[screen])}`);
    }
  });
});

describe("The snippet for landing pages", () => {
  it("brings the click hash from a tracking URL to the advertiser, who can report the click", async () => {
    const flow = await waypost.seedFlow({ paths: [{ url: "https://landing.example/?click={click}&zone={sub_id}" }] });
    const visit = await waypost.track(`/c/${flow.key}?sub_id=7`);
    const page = await openLanding(visit.headers.get("location") as string, '<a href="https://ads.example/o">Go</a>');
    await page.getByText("Go").click();
    await page.waitForURL("https://ads.example/**");
    const click = new URL(page.url()).searchParams.get("sub1") as string;
    expect((await waypost.postback({ click })).body.code).toBe("RECORDED");
    await page.context().close();
  });

  it.each([
    ["a link that has parameters keeps them as they are", "https://ads.example/o?a=%20b+c&d", "?a=%20b+c&d&sub1=h"],
    ["an empty place is filled", "https://ads.example/o?sub1=&x=1", "?x=1&sub1=h"],
    ["a page of one's own gets the hash to pass it on", "/second?x=1", "?x=1&click=h"],
    ["a place in the same page stays as it is", "#form", "?click=h&y=2"],
    ["what is no web address is left alone", "mailto:a@ads.example", ""],
  ])("%s", async (_, href, search) => {
    const page = await openLanding("https://landing.example/?click=h&y=2", `<a href="${href}">Go</a>`);
    expect(await page.locator("a").evaluate((link: HTMLAnchorElement) => link.search)).toBe(search);
    await page.context().close();
  });

  it("a link that appears later is covered when it is clicked", async () => {
    const page = await openLanding("https://landing.example/?click=h", "<main></main>");
    await page.evaluate(() => {
      (document.querySelector("main") as HTMLElement).innerHTML = '<a href="https://ads.example/o">Go</a>';
    });
    await page.getByText("Go").click();
    await page.waitForURL("https://ads.example/o?sub1=h");
    await page.context().close();
  });

  it("without a click hash links stay as they are", async () => {
    const page = await openLanding("https://landing.example/", '<a href="https://ads.example/o">Go</a>');
    await expect.poll(() => page.locator("a").getAttribute("href")).toBe("https://ads.example/o");
    await page.context().close();
  });
});

/** Opens a landing page with the snippet, in a world where every site is there. */
async function openLanding(url: string, body: string): Promise<Page> {
  const page = await openPage();
  await page.route("**", (route) =>
    route.fulfill({ contentType: "text/html", body: `<!doctype html><title>Page</title>${body}${snippet}` }),
  );
  await page.goto(url);
  return page;
}

function titleOf(wanted: string): string | undefined {
  return helpPages.find(({ slug }) => slug === wanted)?.title;
}
