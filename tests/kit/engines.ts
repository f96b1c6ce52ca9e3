import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { isAtRest, RESTFUL_TURNS } from "./at-rest.js";
import { openPage } from "./browser.js";
import { openFirefox } from "./firefox.js";
import { until } from "./until.js";
import { type Waypost } from "./waypost.js";
import { openWebKit } from "./webkit.js";

/** The browsers in which the admin is tried: those that people have are of these three kinds. */
export const engines = ["Chromium", "Firefox", "WebKit"] as const;
export type Engine = (typeof engines)[number];

/** Keys that are no letters. */
export type Key = "ArrowDown" | "Enter" | "Escape" | "Tab";

/** A window of a browser, by what all of them can be told to do. */
export interface EngineWindow {
  load(url: string): Promise<void>;
  /** Runs a function in the page. What it takes and gives goes through JSON. */
  run<T, Given extends unknown[]>(script: (...given: Given) => T | Promise<T>, ...given: Given): Promise<T>;
  /** Presses the pointer's button on a point of the page. */
  press(x: number, y: number): Promise<void>;
  /** Types into what has the focus. */
  type(text: string): Promise<void>;
  key(name: Key): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

/** The admin in a window of any browser. */
export interface EngineAdmin extends EngineWindow {
  /** Loads the admin anew at a place. */
  go(path: string): Promise<void>;
  /** Leads to another place as a link does. */
  show(path: string): Promise<void>;
  /** Loads the page anew where it is. */
  reload(): Promise<void>;
  /** Waits for the first element of a selector that is in sight and, if told, has this text, label or title. Then clicks on it. */
  click(selector: string, text?: string | RegExp): Promise<void>;
  /** Waits for such an element. @returns its text */
  see(selector: string, text?: string | RegExp): Promise<string>;
  settled(): Promise<void>;
}

declare global {
  interface Window {
    /** Errors of this page, since it was loaded. */
    wrong: string[];
    /** Set right before it is loaded anew. */
    isLeft?: boolean;
  }
}

const opened = new Set<EngineAdmin>();

/** After each test: nothing may have gone wrong in any page. */
export async function checkEngines(): Promise<void> {
  for (const { run } of opened) expect(await run(() => window.wrong?.splice(0) ?? [])).toEqual([]);
}

/** After a test that failed: prints what the pages show, which nobody sees otherwise. */
export async function tellEngines(): Promise<void> {
  for (const { run } of opened) {
    console.error(await run(() => `At ${location.href}, in ${navigator.userAgent}:\n${document.body.innerText}`));
  }
}

/** After each file: closes what it has left open. */
export async function closeEngines(): Promise<void> {
  await Promise.all([...opened].map((admin) => admin.close()));
}

/**
 * The built admin with a script of ours before its own: it notes each error, makes the page's clock begin at a moment, and lets
 * nothing fade. Not every browser has another way to all of this. @returns a folder for `startWaypost`
 */
export function watchedAdmin(now: number): string {
  const folder = mkdtempSync(join(tmpdir(), "waypost-admin-"));
  cpSync("dist/admin", folder, { recursive: true });
  writeFileSync(join(folder, "assets/watch.js"), `(${watch})(${now});`);
  const page = join(folder, "index.html");
  writeFileSync(page, readFileSync(page, "utf8").replace("<head>", '<head><script src="./assets/watch.js"></script>'));
  return folder;
}

function watch(now: number): void {
  window.wrong = [];
  const note = ({ error, message, target }: ErrorEvent) => {
    // Firefox says so of scripts that it has already. What is needed and cannot be loaded is told by whoever needs it.
    if ((target as Element).matches?.("link[rel=modulepreload]")) return;
    window.wrong.push(String(error?.stack ?? message ?? `not loaded: ${(target as Element).outerHTML}`));
  };
  window.addEventListener("error", note as (event: Event) => void, true);
  window.addEventListener(
    "unhandledrejection",
    ({ reason }) => void window.wrong.push(String(reason?.stack ?? reason)),
  );
  window.addEventListener(
    "securitypolicyviolation",
    ({ blockedURI }) => void window.wrong.push(`blocked ${blockedURI}`),
  );
  const tell = console.error.bind(console);
  console.error = (...said: unknown[]) => {
    window.wrong.push(said.map(String).join(" "));
    tell(...said);
  };
  // What fades in or out is there, or gone, at once.
  const FADE_MS = 400;
  const wait = window.setTimeout.bind(window);
  window.setTimeout = ((act: TimerHandler, ms = 0, ...given: unknown[]) =>
    wait(act, ms < FADE_MS ? 0 : ms, ...given)) as typeof window.setTimeout;
  const Own = Date;
  const ahead = now - Own.now();
  window.Date = class extends Own {
    constructor(...given: number[]) {
      if (given.length === 0) super(Own.now() + ahead);
      else super(...(given as [number]));
    }
    static override now = () => Own.now() + ahead;
  } as DateConstructor;
}

const open = { Chromium: openChromium, Firefox: openFirefox, WebKit: openWebKit };

/** Opens the admin that a Waypost serves from `watchedAdmin`, signed in as its first user, in a window of 1440 by 900. */
export async function openEngine(engine: Engine, waypost: Waypost, timeZone: string): Promise<EngineAdmin> {
  const own = await open[engine](timeZone);
  async function settled(): Promise<void> {
    let restful = 0;
    await until(async () => {
      restful = (await own.run(isAtRest)) ? restful + 1 : 0;
      return restful === RESTFUL_TURNS;
    });
  }
  async function arrived(): Promise<void> {
    await until(() => own.run(() => document.querySelector("main h1, form h1, h1") !== null));
    await settled();
  }
  const admin: EngineAdmin = {
    ...own,
    settled,
    go: async (path) => {
      await own.load("about:blank");
      await own.load(`${waypost.apiUrl}/#${path}`);
      await arrived();
    },
    show: async (path) => {
      await own.run((hash) => {
        location.hash = hash;
      }, path);
      await arrived();
    },
    reload: async () => {
      await own.run(() => {
        window.isLeft = true;
        location.reload();
      });
      // What runs in the page while it is left comes to nothing.
      await until(() => own.run(() => !window.isLeft).catch(() => false));
      await arrived();
    },
    see: async (selector, text) => (await found(own, selector, text)).text,
    click: async (selector, text) => {
      const { x, y } = await found(own, selector, text);
      await own.press(x, y);
    },
    close: async () => {
      opened.delete(admin);
      await own.close();
    },
  };
  opened.add(admin);
  await own.resize(1440, 900);
  await own.load(waypost.apiUrl);
  const { adminEmail: email, adminPassword: password } = waypost.config;
  await own.run(signIn, { email, password });
  return admin;
}

async function signIn(variables: object): Promise<void> {
  const query = "mutation($email: String!, $password: String!) { login(email: $email, password: $password) { token } }";
  const answer = await fetch("graphql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { errors } = await answer.json();
  if (errors) throw new Error(JSON.stringify(errors));
}

interface Found {
  text: string;
  x: number;
  y: number;
}

/** Waits for an element that stands still in sight, with nothing before it. */
async function found(window: EngineWindow, selector: string, text: string | RegExp = /(?:)/): Promise<Found> {
  const pattern = typeof text === "string" ? `^${text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&")}$` : text.source;
  let last: Found | null = null;
  await until(async () => {
    const now = await window.run(find, selector, pattern);
    const isStill = now !== null && last !== null && now.x === last.x && now.y === last.y;
    last = now;
    return isStill;
  });
  return last as unknown as Found;
}

function find(selector: string, pattern: string): Promise<Found | null> {
  const isMeant = new RegExp(pattern, "s");
  const seen = [...document.querySelectorAll<HTMLElement>(selector)].find((element) =>
    [element.innerText?.trim(), element.getAttribute("aria-label"), element.title].some(
      (each) => each != null && isMeant.test(each),
    ),
  );
  if (!seen) return Promise.resolve(null);
  seen.scrollIntoView({ block: "nearest", inline: "nearest" });
  return new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { left, top, width, height } = seen.getBoundingClientRect();
      const [x, y] = [Math.round(left + width / 2), Math.round(top + height / 2)];
      const before = document.elementFromPoint(x, y);
      resolve(before && (seen.contains(before) || before.contains(seen)) ? { x, y, text: seen.innerText } : null);
    }),
  );
}

/** A page of its own in the Chromium of the run, by the same few means as the others. */
async function openChromium(timeZone: string): Promise<EngineWindow> {
  const page = await openPage({ timezoneId: timeZone, locale: "en-GB" });
  return {
    load: async (url) => void (await page.goto(url)),
    run: (script, ...given) => page.evaluate(`(${script})(...${JSON.stringify(given)})`) as Promise<never>,
    press: (x, y) => page.mouse.click(x, y),
    type: (text) => page.keyboard.type(text),
    key: (name) => page.keyboard.press(name),
    resize: (width, height) => page.setViewportSize({ width, height }),
    screenshot: () => page.screenshot(),
    close: () => page.context().close(),
  };
}
