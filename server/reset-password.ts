import { forgetFirstPassword } from "./accounts/first-password.js";
import { resetPassword } from "./accounts/reset-password.js";
import { openWaypostDatabase } from "./database.js";
import { createAudit } from "./kit/audit.js";
import { createLog } from "./kit/log.js";
import { EXIT_CONFIG, run, StartError } from "./kit/process.js";
import { prepareDatabase } from "./prepare.js";
import { readSettings } from "./start.js";

const USAGE = `Sets a new random password for a user, prints it, and ends the user's sessions.

Usage: npm run reset-password -- EMAIL`;

await run(async () => {
  const [email, ...others] = process.argv.slice(2);
  if (email === undefined || others.length > 0) throw new StartError(USAGE, EXIT_CONFIG);
  const config = readSettings();
  const log = createLog(config.logLevel, "reset-password");
  await prepareDatabase(config, log, { firstUser: false });
  const database = await openWaypostDatabase(config, log);
  try {
    const { user, password } = await resetPassword(database.em, email);
    forgetFirstPassword(config.dataDir);
    createAudit(log, { user: user.email })("password_reset");
    process.stdout.write(`The password of ${user.email} is ${password} now. All sessions have ended.\n`);
  } finally {
    await database.close();
  }
});
