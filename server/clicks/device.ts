import Bowser from "bowser";
import { LRUCache } from "lru-cache";
import { browserTokens, deviceTokens, systemTokens } from "./agent-tokens.js";
import {
  BROWSERS,
  type BrowserWord,
  bowserBrowsers,
  bowserSystems,
  DEVICES,
  type DeviceWord,
  SYSTEMS,
  type SystemWord,
} from "./agent-words.js";
import { isBot } from "./bot.js";

/** What a user agent says of itself; null where it does not, or says none of our words. Versions are major and minor, as far as given. */
export interface Device {
  device: DeviceWord | null;
  os: SystemWord | null;
  osVersion: string | null;
  browser: BrowserWord | null;
  browserVersion: string | null;
  bot: boolean;
}

/** A name and the version that stands with it. */
interface Named<Word> {
  word: Word | null;
  version: string | null;
}

const REMEMBERED = 10_000;
const NOTHING: Device = { device: null, os: null, osVersion: null, browser: null, browserVersion: null, bot: true };

/** What most browsers are made of. */
const CHROME: [BrowserWord, RegExp] = ["Chrome", /\bChr[o0]me\/(\d+\.\d+)/];

/** Reads user agents; each is parsed once while it is remembered. */
export function createDeviceOf(): (userAgent: string) => Device {
  const remembered = new LRUCache<string, Device>({ max: REMEMBERED });
  return (userAgent) => {
    const known = remembered.get(userAgent);
    if (known) return known;
    const device = readDevice(userAgent);
    remembered.set(userAgent, device);
    return device;
  };
}

/** Reads a user agent of any length; an empty one is a bot's. */
export function readDevice(userAgent: string): Device {
  if (userAgent.trim() === "") return NOTHING;
  const bowser = Bowser.getParser(userAgent, true);
  const bot = isBot(userAgent);
  const os = byTokens(systemTokens, userAgent) ?? byBowser(bowser.getOS(), SYSTEMS, bowserSystems);
  const browser = browserOf(userAgent, bowser);
  return {
    device: bot ? null : deviceOf(userAgent, bowser),
    os: os.word,
    osVersion: os.version,
    browser: browser.word,
    browserVersion: browser.version,
    bot,
  };
}

function browserOf(userAgent: string, bowser: Bowser.Parser.Parser): Named<BrowserWord> {
  const named = byTokens(browserTokens, userAgent) ?? byBowser(bowser.getBrowser(), BROWSERS, bowserBrowsers);
  // Bowser takes parts of devices' names for browsers, such as the Focus in InFocus.
  return (named.word ? null : byTokens([CHROME], userAgent)) ?? named;
}

function deviceOf(userAgent: string, bowser: Bowser.Parser.Parser): DeviceWord | null {
  for (const [word, token] of deviceTokens) if (token.test(userAgent)) return word;
  return wordOf(bowser.getPlatformType(), DEVICES, {});
}

function byTokens<Word>(tokens: [Word, RegExp][], userAgent: string): Named<Word> | null {
  for (const [word, token] of tokens) {
    const found = token.exec(userAgent);
    if (found) return { word, version: found.slice(1).find(Boolean) ?? null };
  }
  return null;
}

function byBowser<Word extends string>(
  { name, version }: { name?: string; version?: string },
  words: readonly Word[],
  others: Record<string, Word>,
): Named<Word> {
  const word = wordOf(name, words, others);
  return { word, version: word && majorMinor(version) };
}

function wordOf<Word extends string>(
  name: string | undefined,
  words: readonly Word[],
  others: Record<string, Word>,
): Word | null {
  return words.find((word) => word === name) ?? (name && Object.hasOwn(others, name) ? (others[name] as Word) : null);
}

/** `17.5` of "17.5.1", "10.0" of "NT 10.0". */
function majorMinor(version: string | undefined): string | null {
  return /\d{1,6}(?:\.\d{1,6})?/.exec(version ?? "")?.[0] ?? null;
}
