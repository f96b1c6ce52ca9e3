import { choosePath } from "../clicks/choose-path.js";
import { bots, homes, type Origin, origins, weightAt } from "./people.js";

/** Somebody who opens a tracking URL. */
export interface DemoVisitor {
  ip: string;
  headers: Record<string, string>;
  /** What the link carries besides the flow's key. */
  query: Record<string, string>;
}

/** Out of a hundred. */
const BOTS = 4;
const CLICK_ID_LENGTH = 24;

/**
 * Draws a visitor as they come at a moment.
 *
 * @param random  from 0 (included) to 1 (excluded), anew with each call.
 * @param ms      Unix milliseconds.
 */
export function drawVisitor(random: () => number, ms: number): DemoVisitor {
  const origin = choosePath(origins, random());
  const query = labels(origin, random);
  if (random() * 100 < BOTS) {
    const { network, userAgent } = choosePath(bots, random());
    return { ip: addressIn(network, random), headers: { "user-agent": userAgent }, query };
  }
  const home = choosePath(
    homes.map((each) => ({ ...each, weight: weightAt(each, ms) })),
    random(),
  );
  const agent = choosePath(draw(origin.agents, random), random());
  const language = draw(home.languages, random);
  const referrer = draw(origin.referrers, random);
  return {
    ip: addressIn(draw(home.networks, random), random),
    headers: {
      "user-agent": agent.userAgent,
      "accept-language": `${language},${language.slice(0, 2)};q=0.9`,
      ...(referrer && { referer: referrer }),
    },
    query,
  };
}

function labels({ source, medium, clickId }: Origin, random: () => number): Record<string, string> {
  return {
    ...(source && { utm_source: source, utm_medium: medium }),
    ...(clickId && { [clickId]: tokenOf(CLICK_ID_LENGTH, random) }),
  };
}

function tokenOf(length: number, random: () => number): string {
  return Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join("");
}

/** An address in a network, which is named by its beginning. */
function addressIn(network: string, random: () => number): string {
  const byte = () => Math.floor(random() * 254) + 1;
  const group = () => Math.floor(random() * 65_535 + 1).toString(16);
  if (network.includes(":")) return `${network}:${group()}:${group()}::${group()}`;
  return [...network.split("."), byte(), byte(), byte()].slice(0, 4).join(".");
}

export function draw<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T;
}
