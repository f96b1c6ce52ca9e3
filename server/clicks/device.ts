import Bowser from "bowser";
import { isbot } from "isbot";
import { LRUCache } from "lru-cache";

/** What a user agent says of itself; null where it does not. */
export interface Device {
  device: string | null;
  os: string | null;
  browser: string | null;
  bot: boolean;
}

const NAME_MAX = 32;
const REMEMBERED = 10_000;
const NOTHING: Device = { device: null, os: null, browser: null, bot: false };

/** Reads user agents; each is parsed once while it is remembered. */
export function createDeviceOf(): (userAgent: string) => Device {
  const remembered = new LRUCache<string, Device>({ max: REMEMBERED });
  return (userAgent) => {
    if (userAgent === "") return NOTHING;
    const known = remembered.get(userAgent);
    if (known) return known;
    const device = parse(userAgent);
    remembered.set(userAgent, device);
    return device;
  };
}

function parse(userAgent: string): Device {
  const { platform, os, browser } = Bowser.parse(userAgent);
  return { device: name(platform.type), os: name(os.name), browser: name(browser.name), bot: isbot(userAgent) };
}

function name(value: string | undefined): string | null {
  return value?.slice(0, NAME_MAX) || null;
}
