import { firstPasswordFile, keepFirstPassword } from "./accounts/first-password.js";
import { type FirstStart } from "./accounts/first-start.js";
import { examplePostback, postbackUrl } from "./catalog/urls.js";
import { type Config } from "./config.js";

/**
 * Tells the operator of the first user as soon as it is made, whatever becomes of the start then: it is said only once. Where the
 * output is no terminal somebody may keep it, so a password that was made up goes to a file.
 */
export function tellFirstAccount(config: Config, made: FirstStart, output: NodeJS.WriteStream = process.stdout): void {
  output.write(firstAccount(config, made, made.password ? whereIs(config, made, output) : GIVEN));
}

const GIVEN = "the one you gave in ADMIN_PASSWORD";

function whereIs({ dataDir }: Config, { email, password }: FirstStart, { isTTY }: NodeJS.WriteStream): string {
  if (isTTY || password === null) return password ?? GIVEN;
  try {
    keepFirstPassword(dataDir, password);
    return `in the file ${firstPasswordFile(dataDir)}, until you change it`;
  } catch (error) {
    return `lost, since its file cannot be written (${(error as Error).message}): npm run reset-password -- ${email} makes another`;
  }
}

function firstAccount({ trackerUrl }: Config, { email, postbackKey }: FirstStart, password: string): string {
  return block([
    "This is the first start. What follows is shown this once:",
    "",
    `  E-mail    ${email}`,
    `  Password  ${password}`,
    `  Postback  ${postbackUrl(trackerUrl, postbackKey)}?${examplePostback}`,
  ]);
}

/** What the operator reads when Waypost has started; on the very first start also what to do next. */
export function welcome(config: Config, first: FirstStart | null): string {
  const api = `http://${hostOf(config)}:${config.apiPort}`;
  return block([
    "Waypost is running. Ctrl-C ends it.",
    "",
    `  Admin     ${api}/`,
    `  GraphQL   ${api}/graphql`,
    `  Tracker   ${config.trackerUrl}`,
    `  Proxies   ${config.trustProxy.join(", ") || "none: behind a reverse proxy set TRUST_PROXY to its address"}`,
    ...(first
      ? ["", "Next: open the admin, sign in with the e-mail and password above, and follow its four steps."]
      : []),
  ]);
}

function block(lines: string[]): string {
  return `\n${lines.join("\n")}\n\n`;
}

function hostOf({ host }: Config): string {
  if (host === undefined || host === "::" || host === "0.0.0.0") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
