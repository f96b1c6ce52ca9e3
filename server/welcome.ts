import { type FirstStart } from "./accounts/first-start.js";
import { examplePostback, postbackUrl } from "./catalog/urls.js";
import { type Config } from "./config.js";

/** What the operator is told as soon as the first user is made, whatever becomes of the start then: it is said only once. */
export function firstAccount({ trackerUrl }: Config, { email, password, postbackKey }: FirstStart): string {
  return block([
    "This is the first start. What follows is shown this once:",
    "",
    `  E-mail    ${email}`,
    `  Password  ${password ?? "the one you gave in ADMIN_PASSWORD"}`,
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
