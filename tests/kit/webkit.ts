import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Readable } from "node:stream";
import { programOf } from "../../scripts/installed.js";
import { ownPort } from "../../scripts/ports.js";
import { type EngineWindow, type Key } from "./engines.js";
import { until } from "./until.js";

/** Keys as WebDriver writes them. */
const KEYS: Record<Key, string> = { ArrowDown: "\uE015", Enter: "\uE006", Escape: "\uE00C", Tab: "\uE004" };

/** Beyond what any script takes, in milliseconds. */
const NO_LIMIT_MS = 2 ** 31 - 1;

/**
 * Starts Debian's WebKitGTK on a screen of its own, and opens a page in it by WebDriver: https://www.w3.org/TR/webdriver2. What it
 * would keep of somebody goes into a folder that is removed.
 */
export async function openWebKit(timeZone: string): Promise<EngineWindow> {
  const home = mkdtempSync(join(tmpdir(), "waypost-webkit-"));
  const screen = await startScreen();
  const port = await ownPort();
  const driver = spawn(programOf("WebKitWebDriver"), ["--host=127.0.0.1", `--port=${port}`], {
    env: {
      ...process.env,
      DISPLAY: screen.display,
      TZ: timeZone,
      LANG: "C.UTF-8",
      HOME: home,
      XDG_RUNTIME_DIR: home,
      // Nothing of a desktop is there to talk to.
      DBUS_SESSION_BUS_ADDRESS: "disabled:",
      GSETTINGS_BACKEND: "memory",
      GTK_A11Y: "none",
      NO_AT_BRIDGE: "1",
    },
    stdio: "ignore",
  });

  /** @throws what the driver says is wrong */
  async function tell(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { connection: "close" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const { value } = (await answer.json()) as { value: { error?: string; message?: string } | null };
    if (value?.error) throw new Error(`WebKit: ${value.error}: ${value.message}`);
    return value;
  }

  await until(() =>
    tell("GET", "/status").then(
      () => true,
      () => false,
    ),
  );
  const { sessionId } = (await tell("POST", "/session", {
    capabilities: { alwaysMatch: { timeouts: { script: NO_LIMIT_MS, pageLoad: NO_LIMIT_MS } } },
  })) as { sessionId: string };
  const session = `/session/${sessionId}`;
  const send = async (text: string) => {
    const [id] = Object.values((await tell("GET", `${session}/element/active`)) as object);
    await tell("POST", `${session}/element/${id}/value`, { text });
  };
  return {
    load: async (url) => void (await tell("POST", `${session}/url`, { url })),
    run: async (script, ...given) => {
      const { value, error } = (await tell("POST", `${session}/execute/async`, {
        script: `const [given, done] = arguments;
          new Promise((resolve) => resolve((${script})(...JSON.parse(given))))
            .then((value) => done({ value: value ?? null }), (error) => done({ error: String(error.stack ?? error) }));`,
        args: [JSON.stringify(given)],
      })) as { value: never; error?: string };
      if (error) throw new Error(error);
      return value;
    },
    press: async (x, y) => {
      const actions = [
        { type: "pointerMove", x, y, duration: 0 },
        { type: "pointerDown", button: 0 },
        { type: "pointerUp", button: 0 },
      ];
      await tell("POST", `${session}/actions`, { actions: [{ type: "pointer", id: "mouse", actions }] });
    },
    type: send,
    key: (name) => send(KEYS[name]),
    resize: async (width, height) => void (await tell("POST", `${session}/window/rect`, { x: 0, y: 0, width, height })),
    screenshot: async () => Buffer.from((await tell("GET", `${session}/screenshot`)) as string, "base64"),
    close: async () => {
      await tell("DELETE", session);
      await end(driver);
      await screen.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A screen in memory. It takes the first number that is free and tells it: nobody else can take that in between. */
async function startScreen(): Promise<{ display: string; close(): Promise<void> }> {
  const server = spawn(
    programOf("Xvfb"),
    ["-displayfd", "3", "-noreset", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"],
    {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    },
  );
  const [told] = await once(server.stdio[3] as Readable, "data");
  // Asked to end, it takes away what says that its number is taken.
  return { display: `:${String(told).trim()}`, close: () => end(server, "SIGTERM") };
}

async function end(program: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  await Promise.all([once(program, "exit"), program.kill(signal)]);
}
