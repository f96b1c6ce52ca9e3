import { once } from "node:events";
import { programOf } from "../../scripts/installed.js";
import { type EngineWindow } from "./engines.js";

/** Starts Debian's Firefox without a screen and opens a page in it, by WebDriver BiDi. */
export async function openFirefox(timeZone: string): Promise<EngineWindow> {
  const { default: puppeteer } = await import("puppeteer-core");
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: programOf("firefox-esr"),
    headless: true,
    env: { ...process.env, TZ: timeZone },
    // Nobody waits for a time: tests have theirs.
    timeout: 0,
    protocolTimeout: 0,
    // The keeper sees to its end.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const [page = await browser.newPage()] = await browser.pages();
  return {
    load: async (url) => void (await page.goto(url, { timeout: 0 })),
    run: (script, ...given) => page.evaluate(`(${script})(...${JSON.stringify(given)})`) as Promise<never>,
    press: (x, y) => page.mouse.click(x, y),
    type: (text) => page.keyboard.type(text),
    key: (name) => page.keyboard.press(name),
    resize: (width, height) => page.setViewport({ width, height }),
    screenshot: async () => Buffer.from(await page.screenshot()),
    // Nothing of it is kept, so it need not end in good order, which it takes its time for.
    close: async () => {
      const program = browser.process();
      await Promise.all([program && once(program, "exit"), program?.kill("SIGKILL")]);
    },
  };
}
