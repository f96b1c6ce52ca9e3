/** The routes of the tracker, said once: the tracker serves them, the API shows them. */
export const CLICK_ROUTE = "/c/";
export const POSTBACK_ROUTE = "/postback/";
/** Behind a postback key: where those send postbacks who have Keitaro's URL stored. */
export const KEITARO_ROUTE = "/postback";

/** Where visitors of a flow are sent. */
export function trackingUrl(trackerUrl: string, flowKey: string): string {
  return trackerUrl + CLICK_ROUTE + flowKey;
}

/** What an advertiser says, as an example: that the visitor has bought something. `{click}` stands for the click hash. */
export const examplePostback = "click={click}&status=approved&revenue=2.50&currency=USD";

/** Where an advertiser sends postbacks. */
export function postbackUrl(trackerUrl: string, key: string): string {
  return trackerUrl + POSTBACK_ROUTE + key;
}
