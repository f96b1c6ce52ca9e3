import { afterAll, afterEach } from "vitest";
import { checkAdmins, closeAdmins, tellAdmins } from "../browser.js";

/** Runs for each file, unlike the modules that files of one worker share. */
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await tellAdmins();
});
afterEach(checkAdmins);
afterAll(closeAdmins);
