import { type FirstStart } from "./accounts/first-start.js";
import { postbackUrl, trackingUrl } from "./catalog/urls.js";
import { type Config } from "./config.js";

const EXAMPLE_KEY = "first";

/** What the operator reads when Waypost has started; on the very first start also how to sign in and what to do next. */
export function welcome(config: Config, first: FirstStart | null): string {
  const api = `http://${hostOf(config)}:${config.apiPort}`;
  const lines = [
    "",
    "Waypost is running. Ctrl-C ends it.",
    "",
    `  GraphQL   ${api}/graphql`,
    `  Tracker   ${config.trackerUrl}`,
  ];
  if (first) lines.push(...firstSteps(config, api, first));
  return `${lines.join("\n")}\n\n`;
}

function firstSteps(config: Config, api: string, { email, password, postbackKey }: FirstStart): string[] {
  const graphql = (query: string) =>
    `curl -s ${api}/graphql -H 'content-type: application/json' -H "authorization: Bearer $TOKEN" -d '${JSON.stringify({ query })}'`;
  const login = `mutation{login(email:${JSON.stringify(email)},password:${JSON.stringify(password ?? "YOUR_PASSWORD")}){token}}`;
  const flow = `mutation{createFlow(input:{key:"${EXAMPLE_KEY}",name:"First flow",paths:[{url:"https://example.com/?click={click}"}]}){trackingUrl}}`;
  return [
    "",
    "This is the first start. What follows is shown this once:",
    "",
    `  E-mail    ${email}`,
    `  Password  ${password ?? "the one you gave in ADMIN_PASSWORD"}`,
    `  Postback  ${postbackUrl(config.trackerUrl, postbackKey)}?click={click}&status=approved&revenue=2.50&currency=USD`,
    "",
    "Next: from a tracking URL to a conversion, in another terminal:",
    "",
    "  # 1. Sign in.",
    `  TOKEN=$(curl -s ${api}/graphql -H 'content-type: application/json' -d '${JSON.stringify({ query: login })}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
    "  # 2. Create a flow.",
    `  ${graphql(flow)}`,
    "  # 3. Open its tracking URL as a visitor would, and keep the click hash from the redirect.",
    `  CLICK=$(curl -s -o /dev/null -w '%{redirect_url}' ${trackingUrl(config.trackerUrl, EXAMPLE_KEY)} | sed 's/.*click=//')`,
    "  # 4. Send the postback as the advertiser would.",
    `  curl -s "${postbackUrl(config.trackerUrl, postbackKey)}?click=$CLICK&status=approved&revenue=2.50&currency=USD"`,
    "  # 5. See both.",
    `  ${graphql("{conversions{items{goal status revenue currency flow{name} click{id country createdAt}}}}")}`,
  ];
}

function hostOf({ host }: Config): string {
  if (host === undefined || host === "::" || host === "0.0.0.0") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
