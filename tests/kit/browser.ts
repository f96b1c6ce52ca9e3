import { type Browser, type BrowserContext, chromium, type Page, type Request } from "playwright-core";
import { expect, inject } from "vitest";
import { PATIENCE_MS } from "./until.js";
import { type Waypost } from "./waypost.js";

export interface AdminOptions {
  /** Where in the admin: `/` is the dashboard, `/clicks` the list of clicks. */
  path?: string;
  /** Of the window, in CSS pixels. */
  width?: number;
  height?: number;
  scheme?: "light" | "dark";
  /** Zone of the browser's clock. */
  timezone?: string;
  /** Without a session the admin shows its login page. */
  signedIn?: boolean;
  /** Where the browser finds the admin, when not at the API's own address. */
  origin?: string;
}

/** The admin in a browser with a profile of its own. */
export interface AdminPage {
  page: Page;
  context: BrowserContext;
  /** URL of everything that was asked for. */
  requests: string[];
  /** Errors on the console and in the page, and requests that left the host. After each test it must be empty. */
  wrong: string[];
  /** Loads the admin at another place and waits until all is there. */
  go(path: string): Promise<void>;
  close(): Promise<void>;
}

/** So often in a row a page must have been seen at rest: between two requests it rests for a moment. */
const RESTFUL_TURNS = 3;

/** This worker's connection to the run's browser. */
let browser: Promise<Browser> | null = null;
const opened = new Set<AdminPage>();

/** After each test: nothing may have gone wrong in any page. */
export function checkAdmins(): void {
  expect([...opened].flatMap(({ wrong }) => wrong.splice(0))).toEqual([]);
}

/** After each file: closes what it has left open. */
export async function closeAdmins(): Promise<void> {
  const all = [...opened];
  opened.clear();
  await Promise.all(all.map((admin) => admin.close()));
}

/** Opens the admin that a Waypost serves, in Chromium, signed in as its first user. */
export async function openAdmin(waypost: Waypost, options: AdminOptions = {}): Promise<AdminPage> {
  const { path = "/", width = 1440, height = 900, scheme = "light", timezone = "UTC", signedIn = true } = options;
  const { origin = waypost.apiUrl } = options;
  browser ??= chromium.connect(inject("chromium"));
  const context = await (await browser).newContext({
    viewport: { width, height },
    colorScheme: scheme,
    timezoneId: timezone,
    locale: "en-GB",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(PATIENCE_MS);
  if (signedIn) await signIn(context, waypost);
  const page = await context.newPage();
  const underWay = new Set<Request>();
  /** Waits until nothing is asked for and nothing is left to do. Chromium's own "network idle" takes half a second each time. */
  async function settled(): Promise<void> {
    for (let restful = 0; restful < RESTFUL_TURNS; ) {
      await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
      restful = underWay.size === 0 ? restful + 1 : 0;
    }
  }
  const admin: AdminPage = {
    page,
    context,
    requests: [],
    wrong: [],
    go: async (place) => {
      // From a blank page, so that it is loaded anew: a change of the hash alone does not count as loading.
      await page.goto("about:blank");
      await page.goto(`${origin}/#${place}`);
      await page.getByRole("main").getByText(/\S/).first().waitFor();
      await settled();
    },
    close: async () => {
      await context.close();
    },
  };
  for (const end of ["requestfinished", "requestfailed"] as const) {
    context.on(end as "requestfinished", (request) => void underWay.delete(request));
  }
  context.on("request", (request) => {
    underWay.add(request);
    const url = request.url();
    admin.requests.push(url);
    if (!/^(data|blob):/.test(url) && new URL(url).origin !== origin) admin.wrong.push(`asked for ${url}`);
  });
  context.on("console", (message) => {
    // The API's answer to a stranger; the browser reports it, whatever the page makes of it.
    const isStranger = !signedIn && /status of 401/.test(message.text());
    if (message.type() === "error" && !isStranger) admin.wrong.push(`${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => void admin.wrong.push(String(error.error().stack)));
  opened.add(admin);
  await admin.go(path);
  return admin;
}

/** Signs in with the cookies of a browser. */
async function signIn(context: BrowserContext, { apiUrl, config }: Waypost): Promise<void> {
  const answer = await context.request.post(`${apiUrl}/graphql`, {
    data: {
      query: "mutation($email: String!, $password: String!) { login(email: $email, password: $password) { token } }",
      variables: { email: config.adminEmail, password: config.adminPassword },
    },
  });
  if (!(await answer.json()).data) throw new Error(await answer.text());
}
