import { chromium } from "playwright-core";
import { type TestProject } from "vitest/node";
import { programOf } from "../../../scripts/installed.js";
import { LAN_HOST } from "../lan-host.js";
import { shared } from "./shared.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Where workers connect to the run's browser. */
    chromium: string;
  }
}

/** One Chromium for the whole run; each test opens a context of its own in it, with nothing of the others'. */
export default async function startChromium(project: TestProject): Promise<() => Promise<void>> {
  const { value, release } = await shared("chromium", async () => {
    const server = await chromium.launchServer({
      host: "127.0.0.1",
      executablePath: programOf("chromium-headless-shell"),
      args: ["--disable-gpu", "--disable-quic", `--host-resolver-rules=MAP ${LAN_HOST} 127.0.0.1`],
      // The keeper sees to its end; a signal to the run's processes is not answered by half of it.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    return { value: server.wsEndpoint(), remove: () => server.close() };
  });
  project.provide("chromium", value);
  return release;
}
