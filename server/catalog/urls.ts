/** The routes of the tracker, said once: the tracker serves them, the API shows them. */
export const CLICK_ROUTE = "/c/";
export const POSTBACK_ROUTE = "/postback/";

/** Where visitors of a flow are sent. */
export function trackingUrl(trackerUrl: string, flowKey: string): string {
  return trackerUrl + CLICK_ROUTE + flowKey;
}

/** Where an advertiser sends postbacks. */
export function postbackUrl(trackerUrl: string, key: string): string {
  return trackerUrl + POSTBACK_ROUTE + key;
}
