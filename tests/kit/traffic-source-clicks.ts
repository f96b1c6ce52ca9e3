import { type trafficSources } from "../../server/presets/traffic-source.js";

type TrafficSource = (typeof trafficSources)[number];

/** A preset's tracking URL as its source opens it: each macro filled in, here with the name of the parameter that it is for. */
export function filledLink(trackingUrl: string): string {
  return trackingUrl.replace(/([?&])([^=&]+)=([^&]+)/g, (whole, mark, name) =>
    name === "utm_source" ? whole : `${mark}${name}=value+of+${name}`,
  );
}

/** What the click of such a URL has. */
export function labelsOf(source: TrafficSource) {
  const names = source.link.split("&").map((pair) => pair.split("=")[0] ?? "");
  const { sub_id, utm_campaign, utm_content, utm_term, ...params } = Object.fromEntries(
    names.map((name) => [name, `value of ${name}`]),
  );
  const orNull = (value: string | undefined) => value ?? null;
  return {
    source: source.name,
    subId: orNull(sub_id),
    medium: null,
    campaign: orNull(utm_campaign),
    content: orNull(utm_content),
    term: orNull(utm_term),
    params,
  };
}
