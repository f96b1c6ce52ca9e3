import { type FirstStart } from "./accounts/first-start.js";
import { postbackUrl, trackingUrl } from "./catalog/urls.js";
import { type Config } from "./config.js";

const EXAMPLE_KEY = "first";

/** What the operator is told as soon as the first user is made, whatever becomes of the start then: it is said only once. */
export function firstAccount({ trackerUrl }: Config, { email, password, postbackKey }: FirstStart): string {
  return block([
    "This is the first start. What follows is shown this once:",
    "",
    `  E-mail    ${email}`,
    `  Password  ${password ?? "the one you gave in ADMIN_PASSWORD"}`,
    `  Postback  ${postbackUrl(trackerUrl, postbackKey)}?click={click}&status=approved&revenue=2.50&currency=USD`,
  ]);
}

/** What the operator reads when Waypost has started; on the very first start also what to do next. */
export function welcome(config: Config, first: FirstStart | null): string {
  const api = `http://${hostOf(config)}:${config.apiPort}`;
  return block([
    "Waypost is running. Ctrl-C ends it.",
    "",
    `  GraphQL   ${api}/graphql`,
    `  Tracker   ${config.trackerUrl}`,
    ...(first ? ["", ...firstSteps(config, api, first)] : []),
  ]);
}

function firstSteps({ trackerUrl }: Config, api: string, { email, password, postbackKey }: FirstStart): string[] {
  const curl = `curl -s ${api}/graphql -H 'content-type: application/json'`;
  const body = (query: string) => `-d ${quoted(JSON.stringify({ query }))}`;
  const signedIn = (query: string) => `${curl} -H "authorization: Bearer $TOKEN" ${body(query)}`;
  const login = `mutation{login(email:${JSON.stringify(email)},password:${JSON.stringify(password ?? "YOUR_PASSWORD")}){token}}`;
  const flow = `mutation{createFlow(input:{key:"${EXAMPLE_KEY}",name:"First flow",paths:[{url:"https://example.com/?click={click}"}]}){trackingUrl}}`;
  return [
    "Next: from a tracking URL to a conversion, in another terminal:",
    "",
    "  # 1. Sign in.",
    `  TOKEN=$(${curl} ${body(login)} | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
    "  # 2. Create a flow.",
    `  ${signedIn(flow)}`,
    "  # 3. Open its tracking URL as a visitor would, and keep the click hash from the redirect.",
    `  CLICK=$(curl -s -o /dev/null -w '%{redirect_url}' ${trackingUrl(trackerUrl, EXAMPLE_KEY)} | sed 's/.*click=//')`,
    "  # 4. Send the postback as the advertiser would.",
    `  curl -s "${postbackUrl(trackerUrl, postbackKey)}?click=$CLICK&status=approved&revenue=2.50&currency=USD"`,
    "  # 5. See both.",
    `  ${signedIn("{conversions{items{goal status revenue currency flow{name} click{id country createdAt}}}}")}`,
  ];
}

function block(lines: string[]): string {
  return `\n${lines.join("\n")}\n\n`;
}

/** A word for a POSIX shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function hostOf({ host }: Config): string {
  if (host === undefined || host === "::" || host === "0.0.0.0") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
