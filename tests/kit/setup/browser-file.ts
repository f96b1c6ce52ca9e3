import { afterAll, afterEach } from "vitest";
import { checkAdmins, closeAdmins } from "../browser.js";

/** Runs for each file, unlike the modules that files of one worker share. */
afterEach(checkAdmins);
afterAll(closeAdmins);
