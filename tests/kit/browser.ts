import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Request,
} from "playwright-core";
import { expect, inject } from "vitest";
import { isAtRest, RESTFUL_TURNS } from "./at-rest.js";
import { PATIENCE_MS } from "./until.js";
import { type Waypost } from "./waypost.js";

/** Of a window, in CSS pixels; 1440 by 900 where nothing is said. */
export interface WindowSize {
  width?: number;
  height?: number;
}

export interface AdminOptions extends WindowSize {
  /** Where in the admin: `/` is the dashboard, `/clicks` the list of clicks. */
  path?: string;
  scheme?: "light" | "dark";
  /** Zone of the browser's clock. */
  timezone?: string;
  /** What its clock shows when the page is opened, in Unix milliseconds: it goes on from there. Left out: the machine's own. */
  now?: number;
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
  /** Loads it so for somebody of whom the browser has kept nothing, but who is signed in. */
  begin(path: string): Promise<void>;
  /** Leads to another place as a link does, without loading the admin anew, and waits until all is there. */
  show(path: string): Promise<void>;
  /** Waits until nothing is asked for, nothing is left to do, and nothing on the page says that it is busy. */
  settled(): Promise<void>;
  /** What the page has put into the clipboard last. The clipboard itself is one for all windows of the browser. */
  copied(): Promise<string>;
  close(): Promise<void>;
}

declare global {
  interface Window {
    copied: string;
  }
}

/** This worker's connection to the run's browser. */
let browser: Promise<Browser> | null = null;
const opened = new Set<AdminPage>();

/** After each test: nothing may have gone wrong in any page. */
export function checkAdmins(): void {
  expect([...opened].flatMap(({ wrong }) => wrong.splice(0))).toEqual([]);
}

/** After a test that failed: prints what its pages show, which nobody sees otherwise. */
export async function tellAdmins(): Promise<void> {
  for (const { page } of opened) {
    const focused = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 300));
    console.error(`At ${page.url()}, the focus at ${focused}:\n${await page.locator("body").innerText()}`);
  }
}

/** After each file: closes what it has left open. */
export async function closeAdmins(): Promise<void> {
  await Promise.all([...opened].map((admin) => admin.close()));
}

/** Opens the admin that a Waypost serves, in Chromium, signed in as its first user. */
export async function openAdmin(waypost: Waypost, options: AdminOptions = {}): Promise<AdminPage> {
  const { path = "/", width = 1440, height = 900, scheme = "light", timezone = "UTC", signedIn = true } = options;
  const { origin = waypost.apiUrl, now } = options;
  const context = await (await connect()).newContext({
    viewport: { width, height },
    colorScheme: scheme,
    timezoneId: timezone,
    locale: "en-GB",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(keepAside);
  if (now !== undefined) await context.clock.install({ time: now });
  if (signedIn) await signIn(context, waypost);
  const page = await context.newPage();
  const underWay = new Set<Request>();
  async function arrived(): Promise<void> {
    await page.getByRole("main").getByText(/\S/).first().waitFor();
    await admin.settled();
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
      await arrived();
    },
    begin: async (place) => {
      await page.evaluate(() => localStorage.clear());
      await admin.go(place);
    },
    show: async (place) => {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `#${place}`);
      await arrived();
    },
    settled: async () => {
      const end = Date.now() + PATIENCE_MS;
      for (let restful = 0; restful < RESTFUL_TURNS; ) {
        const isRestful = (await page.evaluate(isAtRest)) && underWay.size === 0;
        restful = isRestful ? restful + 1 : 0;
        if (Date.now() > end) throw new Error(`No rest at ${page.url()}: ${[...underWay].map((each) => each.url())}`);
      }
    },
    copied: () => page.evaluate(() => window.copied),
    close: async () => {
      opened.delete(admin);
      // What is asked for while it closes comes to nothing, and need not.
      const wrong = admin.wrong.splice(0);
      await context.close();
      expect(wrong).toEqual([]);
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

/** Begins anew at a place of the admin, in a window of that size, and does there what a test does. */
export async function inAdmin(
  { page, begin }: AdminPage,
  path: string,
  run: (page: Page) => Promise<void>,
  { width = 1440, height = 900 }: WindowSize = {},
): Promise<void> {
  await page.setViewportSize({ width, height });
  await begin(path);
  await run(page);
}

/** Opens an empty page in a profile of its own. */
export async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await (await connect()).newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  return context.newPage();
}

function connect(): Promise<Browser> {
  browser ??= chromium.connect(inject("chromium"));
  return browser;
}

/** Runs in each page before all else: keeps what tests need of the browser itself, and what is copied. */
function keepAside(): void {
  // "Copied", and the way back from deleting, stay for so long and are gone: a slow machine would come too late.
  const BRIEF_MS = [1500, 10_000];
  const wait = window.setTimeout.bind(window);
  const waitLonger = (act: TimerHandler, ms = 0, ...given: unknown[]) =>
    wait(act, BRIEF_MS.includes(ms) ? ms * 60 : ms, ...given);
  window.setTimeout = waitLonger as typeof window.setTimeout;
  window.ownAnimationFrame = window.requestAnimationFrame.bind(window);
  window.copied = "";
  // Browsers have it on https and localhost only.
  const { clipboard } = navigator;
  if (!clipboard) return;
  const write = clipboard.writeText.bind(clipboard);
  clipboard.writeText = async (text) => {
    await write(text);
    window.copied = text;
  };
}

/** Waits until the browser has drawn what the page has become. */
export function drawn(page: Page): Promise<void> {
  return page.evaluate(
    () => new Promise((resolve) => window.ownAnimationFrame(() => window.ownAnimationFrame(() => resolve()))),
  );
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
