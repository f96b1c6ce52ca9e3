import { readFileSync } from "node:fs";
import { buildSchema } from "graphql";
import { type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLICK_ENTRY } from "../../server/clicks/click-store.js";
import { newId } from "../../server/kit/id.js";
import { violations } from "../kit/axe.js";
import { type AdminPage, openAdmin, type WindowSize } from "../kit/browser.js";
import { type Facts, openFacts } from "../kit/facts.js";
import { EMAIL, PASSWORD, startWaypost, type Waypost } from "../kit/waypost.js";

const OTHER = "second@localhost";

let waypost: Waypost;
let facts: Facts;
let admin: AdminPage;
let page: Page;
beforeAll(async () => {
  waypost = await startWaypost("SQLite");
  facts = await openFacts(waypost);
  await facts.execute(
    `insert into \`user\` (email, password_hash, created_at) select '${OTHER}', password_hash, created_at from \`user\``,
  );
  admin = await openAdmin(waypost);
  page = admin.page;
});
afterAll(async () => {
  await admin?.close();
  await facts.close();
  await waypost.close();
});

const dialog = () => page.getByRole("dialog", { name: "Sign in" });
/** As if it had been ended in another tab: the browser's cookie is one for all. */
const endSession = () =>
  page.context().request.post(`${waypost.apiUrl}/graphql`, { data: { query: "mutation { logout }" } });
const signInElsewhere = (email: string) =>
  page.context().request.post(`${waypost.apiUrl}/graphql`, {
    data: {
      query: "mutation($email: String!, $password: String!) { login(email: $email, password: $password) { token } }",
      variables: { email, password: PASSWORD },
    },
  });
async function signIn(email = EMAIL): Promise<void> {
  await dialog().getByLabel("E-mail").fill(email);
  await dialog().getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await dialog().waitFor({ state: "detached" });
}
/** The browser reports each answer to a stranger. */
const forgive = () => {
  expect(admin.wrong.splice(0).filter((each) => !/status of 401/.test(each))).toEqual([]);
};
async function begin(path: string, { width = 1440, height = 900 }: WindowSize = {}): Promise<void> {
  await signInElsewhere(EMAIL);
  await page.setViewportSize({ width, height });
  await admin.begin(path);
}
/** Ends the session right before a mutation arrives: what the page reads meanwhile does not notice it first. */
async function endSessionBefore(mutation: string): Promise<void> {
  let isOver = false;
  await page.unrouteAll();
  await page.route("**/graphql", async (route) => {
    if (!isOver && route.request().postData()?.includes(`mutation ${mutation}(`)) {
      isOver = true;
      await endSession();
    }
    await route.continue();
  });
}
const flowOf = async (id: string) =>
  (await waypost.ask("query($id: ID!) { flow(id: $id) { name deleted } }", { id })).flow;
const button = (name: string) => page.getByRole("button", { name, exact: true });

interface Change {
  /** Where it is made. */
  path: string;
  act: () => Promise<void>;
  /** Whether it is made. */
  isDone: () => Promise<boolean>;
  /** What the admin says then, and not before. */
  said: string;
}

/**
 * Every way in which the admin changes something, by the name of its mutation; but one's own password, whose test is with the
 * other tests of accounts.
 */
const changes: Record<string, () => Promise<Change>> = {
  // First: an example is sent only as long as there is no conversion.
  sendPostback: async () => {
    await waypost.click((await waypost.seedFlow()).key);
    return {
      path: "/",
      act: () => button("Send it").click(),
      isDone: async () => (await waypost.ask("{ conversions { totalCount } }")).conversions.totalCount === 1,
      said: "The conversion is recorded.",
    };
  },
  createFlow: async () => ({
    path: "/flows/create",
    act: async () => {
      await page.getByLabel("Name").last().fill("Made after all");
      await page.getByRole("combobox", { name: "Destination URL" }).fill("https://example.com/?c={click}");
      await button("Save").click();
    },
    isDone: async () =>
      (await waypost.ask('{ flows(filter: {search: "Made after all"}) { totalCount } }')).flows.totalCount === 1,
    said: "Created.",
  }),
  updateFlow: async () => {
    const { id } = await waypost.seedFlow({ name: "Before" });
    return {
      path: `/flows/${id}`,
      act: async () => {
        await page.getByLabel("Name").last().fill("After");
        await button("Save").click();
      },
      isDone: async () => (await flowOf(id)).name === "After",
      said: "Saved.",
    };
  },
  deleteFlow: async () => {
    const { id } = await waypost.seedFlow({ name: "To be deleted" });
    return {
      path: `/flows/${id}`,
      act: async () => {
        await button("Delete").click();
        await button("Yes, delete").click();
      },
      isDone: async () => (await flowOf(id)).deleted,
      said: "To be deleted is deleted.",
    };
  },
  restoreFlow: async () => {
    const { id } = await waypost.seedFlow({ name: "To be restored" });
    await waypost.ask("mutation($id: ID!) { deleteFlow(id: $id) { id } }", { id });
    return {
      path: `/flows/${id}`,
      act: () => button("Restore").click(),
      isDone: async () => !(await flowOf(id)).deleted,
      said: "To be restored is restored.",
    };
  },
  generatePostbackKey: async () => ({
    path: "/postbackKeys/create",
    act: async () => {
      await page.getByLabel("Name").fill("A new network");
      await button("Save").click();
    },
    isDone: async () =>
      (await waypost.ask("{ postbackKeys { items { name } } }")).postbackKeys.items.some(
        ({ name }: { name: string }) => name === "A new network",
      ),
    said: "Created.",
  }),
  updatePostbackKey: async () => {
    const { key } = await waypost.ask('mutation { key: generatePostbackKey(name: "Old name") { id } }');
    return {
      path: `/postbackKeys/${key.id}`,
      act: async () => {
        await page.getByLabel("Name").last().fill("New name");
        await button("Save").click();
      },
      isDone: async () =>
        (await waypost.ask("query($id: ID!) { key: postbackKey(id: $id) { name } }", { id: key.id })).key.name ===
        "New name",
      said: "Saved.",
    };
  },
  deletePostbackKey: async () => {
    const { key } = await waypost.ask('mutation { key: generatePostbackKey(name: "Gone soon") { id } }');
    return {
      path: `/postbackKeys/${key.id}`,
      act: async () => {
        await button("Delete").click();
        await button("Yes, delete").click();
      },
      isDone: async () =>
        (await waypost.ask("query($id: ID!) { key: postbackKey(id: $id) { deleted } }", { id: key.id })).key
          ?.deleted !== false,
      said: "Gone soon is deleted.",
    };
  },
  changeConversions: async () => {
    const { id: flowId } = await waypost.seedFlow();
    const id = (await facts.conversions([{ flowId: Number(flowId) }]))[0]?.id;
    return {
      path: `/conversions?view=${id}`,
      act: async () => {
        await button("Approve").click();
        await button("Yes, approve").click();
      },
      isDone: async () =>
        (await waypost.ask("query($id: ID!) { conversion(id: $id) { status } }", { id })).conversion.status ===
        "APPROVED",
      said: "One conversion was changed.",
    };
  },
  replayPostbacks: async () => {
    const click = await waypost.click((await waypost.seedFlow()).key);
    await waypost.postback({ click, status: "Odd word" });
    const { key } = await waypost.ask("{ key: postbackKeys { items { id key } } }").then((data) => ({
      key: data.key.items.find((each: { key: string }) => each.key === waypost.postbackKey),
    }));
    await waypost.ask(
      'mutation($id: ID!) { updatePostbackKey(id: $id, input: { statusWords: [{ word: "odd word", meaning: APPROVED }] }) { id } }',
      { id: key.id },
    );
    const { postbackLogs } = await waypost.ask(
      "query($click: String) { postbackLogs(filter: { clickHash: $click }) { items { id } } }",
      { click },
    );
    return {
      path: `/postbackLogs?view=${postbackLogs.items[0].id}`,
      act: async () => {
        await button("Replay").click();
        await button("Yes, replay").click();
      },
      isDone: async () =>
        (
          await waypost.ask("query($click: String) { postbackLogs(filter: { clickHash: $click }) { totalCount } }", {
            click,
          })
        ).postbackLogs.totalCount === 2,
      said: "The postback was sent through again",
    };
  },
  retryPutAside: async () => {
    const flowId = Number((await waypost.seedFlow()).id);
    const id = newId(Date.now());
    const rest = { pathId: 1, ip: "192.0.2.7", destinationUrl: "https://a.example/", bot: false, params: {} };
    await facts.putAside(CLICK_ENTRY, { id, flowId, ...rest }, "A reason that is gone.");
    const { putAsides } = await waypost.ask("{ putAsides { items { id } } }");
    return {
      path: `/putAsides?view=${putAsides.items[0].id}`,
      act: () => button("Try again").click(),
      isDone: async () => (await waypost.ask("query($id: ID!) { click(id: $id) { id } }", { id })).click !== null,
      said: "It is stored now.",
    };
  },
  retireTracker: async () => {
    const HOUR_AGO = Date.now() - 3_600_000;
    await facts.execute(
      `insert into journal_writer (name, segment, position, loaded_until, seen_at, closed) values ('gone/00', 0, 0, ${HOUR_AGO}, ${HOUR_AGO}, 0)`,
    );
    const late = async () =>
      (await waypost.ask("{ lateTrackers { id name } }")).lateTrackers.filter(
        ({ name }: { name: string }) => name === "gone/00",
      );
    const [{ id }] = await late();
    return {
      path: "/",
      act: async () => {
        await button(`Retire tracker ${id}`).click();
        await button("Yes, retire it").click();
      },
      isDone: async () => (await late()).length === 0,
      said: `Tracker ${id} is retired`,
    };
  },
};

/** What needs no session, or has its test elsewhere. */
const OTHERS = ["login", "logout", "changePassword"];

describe("When the session has ended", () => {
  it("5.1 is tried with every change that there is", () => {
    const mutations = buildSchema(readFileSync("schema.graphql", "utf8")).getMutationType()?.getFields() ?? {};
    expect([...Object.keys(changes), ...OTHERS].sort()).toEqual(Object.keys(mutations).sort());
  });

  it.each(Object.keys(changes))(
    "5.1 asks to sign in over the page before it says that anything is done: %s",
    async (name) => {
      const { path, act, isDone, said } = await (changes[name] as () => Promise<Change>)();
      await begin(path);
      await endSessionBefore(name);
      await act();
      await dialog().getByText("Your session has ended: sign in again.").waitFor();
      expect(await isDone()).toBe(false);
      expect(await page.getByText(said).count()).toBe(0);
      await signIn();
      await page.getByText(said).first().waitFor();
      expect(await isDone()).toBe(true);
      await admin.settled();
      forgive();
    },
  );

  it("5.1 waits with what was typed, says so when nobody signs in, and saves when somebody does", async () => {
    const { id } = await waypost.seedFlow({ name: "Kept" });
    await begin(`/flows/${id}`);
    await page.getByLabel("Name").last().fill("Typed and kept");
    await endSessionBefore("updateFlow");
    await button("Save").click();
    await dialog().waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("password");
    expect(await dialog().getByLabel("E-mail").inputValue()).toBe(EMAIL);
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await page.getByText("Your session has ended, and nothing was done.").waitFor();
    expect(await page.getByLabel("Name").last().inputValue()).toBe("Typed and kept");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Save");
    await page.keyboard.press("Enter");
    await dialog().getByLabel("Password").fill("not the password");
    await page.keyboard.press("Enter");
    await dialog().getByText("The e-mail address or the password is wrong.").waitFor();
    expect((await flowOf(id)).name).toBe("Kept");
    await signIn();
    await page.getByRole("heading", { name: "Flows", level: 1 }).waitFor();
    expect((await flowOf(id)).name).toBe("Typed and kept");
    forgive();
  });

  it("5.1 goes on by itself when the same user has signed in in another tab", async () => {
    const { id } = await waypost.seedFlow({ name: "Two tabs" });
    await begin(`/flows/${id}`);
    await page.getByLabel("Name").last().fill("Saved by the other tab's session");
    await endSessionBefore("updateFlow");
    await button("Save").click();
    await dialog().waitFor();
    await signInElsewhere(EMAIL);
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await dialog().waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "Flows", level: 1 }).waitFor();
    expect((await flowOf(id)).name).toBe("Saved by the other tab's session");
    forgive();
  });

  it("5.1 does nothing in the name of another user, in this tab or by way of another one", async () => {
    const { id } = await waypost.seedFlow({ name: "Whose" });
    await begin(`/flows/${id}`);
    await page.getByLabel("Name").last().fill("Of the first user");
    await signInElsewhere(OTHER);
    await button("Save").click();
    await dialog().waitFor();
    await signIn(OTHER);
    await page.getByText("Another user has signed in, and nothing was done.").waitFor();
    expect((await flowOf(id)).name).toBe("Whose");
    expect(await page.getByLabel("Name").last().inputValue()).toBe("Of the first user");
    await button("Account").click();
    await page.getByText(OTHER).waitFor();
    await page.keyboard.press("Escape");
    await button("Save").click();
    await page.getByRole("heading", { name: "Flows", level: 1 }).waitFor();
    expect((await flowOf(id)).name).toBe("Of the first user");
    await signInElsewhere(EMAIL);
    forgive();
  });

  it("5.1 asks once for all that waits, also for what only reads", async () => {
    await begin("/flows");
    await endSession();
    await page.getByRole("link", { name: "Clicks" }).first().click();
    await dialog().waitFor();
    await page.evaluate(() => {
      location.hash = "#/conversions";
    });
    expect(await page.getByRole("dialog").count()).toBe(1);
    await signIn();
    await page.getByRole("heading", { name: "Conversions", level: 1 }).waitFor();
    await admin.settled();
    expect(await page.getByRole("main").getByText("That did not work.").count()).toBe(0);
    forgive();
  });

  it.each([
    ["light", 1440],
    ["dark", 390],
  ] as const)("5.1 says so without barriers, in %s colours, %d pixels wide", async (scheme, width) => {
    await begin("/flows/create", { width });
    await page.evaluate((name) => localStorage.setItem("waypost.theme", JSON.stringify(name)), scheme);
    await admin.go("/flows/create");
    await endSessionBefore("createFlow");
    await page.getByLabel("Name").last().fill("x");
    await page.getByRole("combobox", { name: "Destination URL" }).fill("https://example.com");
    await button("Save").click();
    await dialog().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await signIn();
    await page.waitForURL(/#\/flows\/\d+$/);
    forgive();
  });
});

describe("When nobody answers", () => {
  const ways = {
    "the network is gone": [
      (url: string) => page.route(url, (route) => route.abort()),
      "The server cannot be reached.",
    ],
    "a proxy answers 502": [
      (url: string) =>
        page.route(url, (route) =>
          route.fulfill({ status: 502, body: "<h1>Bad Gateway</h1>", contentType: "text/html" }),
        ),
      "Something before Waypost answered in its place",
    ],
    "a proxy answers in JSON": [
      (url: string) => page.route(url, (route) => route.fulfill({ status: 503, json: { message: "no upstream" } })),
      "Something before Waypost answered in its place",
    ],
    "a portal answers 200": [
      (url: string) =>
        page.route(url, (route) =>
          route.fulfill({ status: 200, body: "<p>Accept our terms</p>", contentType: "text/html" }),
        ),
      "Something before Waypost answered in its place",
    ],
  } as const;

  it.each(Object.keys(ways) as (keyof typeof ways)[])(
    "5.1 says nothing to be saved that is not, when %s",
    async (name) => {
      const [close, said] = ways[name];
      const { id } = await waypost.seedFlow({ name: "Untouched" });
      await begin(`/flows/${id}`);
      await page.getByLabel("Name").last().fill("Typed");
      await close("**/graphql");
      await button("Save").click();
      await page.getByText(said).waitFor();
      await page.getByText("It is not certain that this was done").waitFor();
      expect(await page.getByText("Saved.").count()).toBe(0);
      expect(await page.getByLabel("Name").last().inputValue()).toBe("Typed");
      await page.unroute("**/graphql");
      await button("Save").click();
      await page.getByRole("heading", { name: "Flows", level: 1 }).waitFor();
      expect((await flowOf(id)).name).toBe("Typed");
      expect(admin.wrong.splice(0).filter((each) => !/ERR_FAILED|status of 50/.test(each))).toEqual([]);
    },
  );

  it("5.1 saves once, and says so, when only the answer was lost", async () => {
    const { id } = await waypost.seedFlow({ name: "Untouched" });
    await begin(`/flows/${id}`);
    await page.getByLabel("Name").last().fill("Stored unseen");
    await page.route("**/graphql", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await button("Save").click();
    await page.getByText("It is not certain that this was done").waitFor();
    expect((await flowOf(id)).name).toBe("Stored unseen");
    await page.unroute("**/graphql");
    await button("Save").click();
    await page.getByRole("heading", { name: "Flows", level: 1 }).waitFor();
    await page.getByText("Saved.").waitFor();
    expect(admin.wrong.splice(0).filter((each) => !/ERR_FAILED/.test(each))).toEqual([]);
  });

  it("5.1 does not say that one is signed out who is not", async () => {
    await begin("/flows");
    await page.route("**/graphql", (route) => route.abort());
    await button("Account").click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByText("You are still signed in.").waitFor();
    await page.unroute("**/graphql");
    await button("Try again").click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await signInElsewhere(EMAIL);
    expect(admin.wrong.splice(0).filter((each) => !/ERR_FAILED|status of 401/.test(each))).toEqual([]);
  });

  it("5.13 says of what cannot be had now not that it does not exist", async () => {
    const { id } = await waypost.seedFlow({ name: "Still there" });
    await begin("/flows");
    await page.route("**/graphql", (route) => route.fulfill({ status: 502, body: "", contentType: "text/html" }));
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#/flows/${id}`);
    await page.getByRole("main").getByText("Something before Waypost answered in its place").waitFor();
    await page.unroute("**/graphql");
    await button("Try again").click();
    await page.getByRole("heading", { name: "Still there" }).waitFor();
    await page.evaluate(() => {
      location.hash = "#/flows/987654";
    });
    await page.getByRole("main").getByText("There is no such entry.").waitFor();
    expect(await button("Try again").count()).toBe(0);
    expect(admin.wrong.splice(0).filter((each) => !/status of 50/.test(each))).toEqual([]);
  });
});
