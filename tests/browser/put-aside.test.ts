import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLICK_ENTRY } from "../../server/clicks/click-store.js";
import { newId } from "../../server/kit/id.js";
import { openAdmin } from "../kit/browser.js";
import { openFacts } from "../kit/facts.js";
import { startWaypost, type Waypost } from "../kit/waypost.js";

let waypost: Waypost;
let flowId: number;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  flowId = Number((await waypost.seedFlow({ name: "Mended" })).id);
});
afterAll(() => waypost.close());

describe("What the database has refused", () => {
  it("is listed with its reason, is refused again in its place, or is stored and leaves the list", async () => {
    const id = newId(Date.now());
    const click = {
      id,
      flowId,
      pathId: 1,
      ip: "192.0.2.7",
      destinationUrl: "https://a.example/",
      bot: false,
      params: {},
    };
    const facts = await openFacts(waypost);
    await facts.putAside(CLICK_ENTRY, click, "The first reason.");
    await facts.putAside(99, { what: "<b>nobody knows</b>" }, "The second reason.");
    await facts.close();
    const { page, close } = await openAdmin(waypost, { path: "/putAsides" });
    const row = (reason: string) => page.locator("tbody tr", { hasText: reason });
    const drawer = page.getByRole("dialog");

    await row("The second reason.").getByRole("button", { name: /^View/ }).click();
    await drawer.getByText("<b>nobody knows</b>").waitFor();
    await drawer.getByRole("button", { name: "Try again" }).click();
    await drawer.getByRole("alert").getByText("It is refused again: ").waitFor();
    await drawer.getByRole("button", { name: "Close" }).click();

    await row("The first reason.").getByRole("button", { name: /^View/ }).click();
    await drawer.getByText("192.0.2.7").waitFor();
    await drawer.getByRole("button", { name: "Try again" }).click();
    await page.getByText("It is stored now.").waitFor();
    await drawer.getByRole("button", { name: "Try again" }).waitFor({ state: "detached" });
    await row("The first reason.").waitFor({ state: "detached" });
    await expect.poll(() => row("The second reason.").count()).toBe(1);
    expect(await waypost.ask("query($id: ID!) { click(id: $id) { flow { name } } }", { id })).toEqual({
      click: { flow: { name: "Mended" } },
    });
    await close();
  });
});
