import { afterAll, afterEach } from "vitest";
import { checkAdmins, closeAdmins, tellAdmins } from "../browser.js";
import { checkEngines, closeEngines, tellEngines } from "../engines.js";

/** Runs for each file, unlike the modules that files of one worker share. */
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  await tellAdmins();
  await tellEngines();
});
afterEach(checkAdmins);
afterEach(checkEngines);
afterAll(closeAdmins);
afterAll(closeEngines);
