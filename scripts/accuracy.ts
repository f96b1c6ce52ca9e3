/**
 * `npm run accuracy`: how well devices and bots are read, on real user agents that stand beside the project where it is
 * developed. `-- --wrong NAME` shows what is read wrongly of bot, person, device, os, browser or app.
 */
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

/** What is measured of what `readDevice` answers. */
type Device = Record<"device" | "os" | "browser", string | null> & { bot: boolean };

const { readDevice } = (await import(new URL("../dist/server/clicks/device.js", import.meta.url).href)) as {
  readDevice: (userAgent: string) => Device;
};

const FILE = "../shared/data/user-agents.json";

/** A user agent and what it is; of a bot only that. */
interface Known {
  ua: string;
  bot: boolean;
  device: string | null;
  os: string | null;
  browser: string;
  /** Whether it is an app that shows pages inside itself. */
  app: boolean;
  modern: boolean;
}

/** Our words for the names in the file that are others; the family counts. A name that is in neither has no word of ours. */
const systems: [RegExp, string][] = [
  [
    /^(?:Android TV|Fire OS|Wear OS|MocorDroid|CyanogenMod|Lineage OS|MyOS|HyperOS|ClearOS Mobile|PICO OS|Meta Horizon)$/,
    "Android",
  ],
  [/^iPadOS$/, "iOS"],
  [/^(?:GNU\/Linux|Ubuntu|Fedora|Sabayon|Opera TV|ViziOS|Whale OS)$/, "Linux"],
  [/^Mac$/, "macOS"],
  [/^(?:OpenHarmony|HarmonyOS NEXT)$/, "HarmonyOS"],
  [/^Windows CE$/, "Windows Phone"],
  [/^BlackBerry OS$/, "BlackBerry"],
  [/^Symbian/, "Symbian"],
];
const browsers: [RegExp, string][] = [
  [/^Chrome /, "Chrome"],
  [/^Mobile Safari$/, "Safari"],
  [/^Firefox Mobile$/, "Firefox"],
  [/^IE Mobile$/, "Internet Explorer"],
  [/^Yandex Browser/, "Yandex Browser"],
  [/^Opera (?!Mini)/, "Opera"],
  [/^UC Browser/, "UC Browser"],
  [/^(?:Samsung Browser)$/, "Samsung Internet"],
  [/^(?:Mi|Mint) Browser$/, "Mi Browser"],
  [/^Mobile Silk$/, "Amazon Silk"],
  [/^vivo Browser$/, "Vivo Browser"],
  [/^Huawei Browser/, "Huawei Browser"],
  [/^(?:HeyTapBrowser|Oppo Browser)$/, "HeyTap Browser"],
  [/^DuckDuckGo/, "DuckDuckGo"],
  [/^Puffin/, "Puffin"],
  [/^Baidu Browser$/, "Baidu"],
  [/^Sogou Explorer$/, "Sogou Browser"],
];

const ourWord = (names: [RegExp, string][], name: string | null) =>
  name === null ? null : (names.find(([theirs]) => theirs.test(name))?.[1] ?? name);

/** What is measured: of which agents, what is right, and the aim in percent. */
const measures: {
  name: string;
  aim: string;
  of: (known: Known) => boolean;
  isRight: (known: Known, read: Device) => boolean;
}[] = [
  { name: "bot", aim: "99", of: ({ bot }) => bot, isRight: (_, read) => read.bot },
  { name: "person", aim: "99.8", of: ({ bot }) => !bot, isRight: (_, read) => !read.bot },
  { name: "device", aim: "87", of: ({ bot }) => !bot, isRight: ({ device }, read) => read.device === device },
  { name: "os", aim: "98.5", of: ({ bot }) => !bot, isRight: ({ os }, read) => read.os === ourWord(systems, os) },
  {
    name: "browser",
    aim: "98",
    of: ({ bot }) => !bot,
    isRight: ({ browser }, read) => read.browser === ourWord(browsers, browser),
  },
  {
    name: "app",
    aim: "95",
    of: ({ app, modern }) => app && modern,
    isRight: ({ browser }, read) => read.browser === ourWord(browsers, browser),
  },
];
const MICROSECONDS_AIM = 30;

function measure(agents: Known[], wrong: string | undefined): boolean {
  const read = agents.map((known) => ({ known, read: readDevice(known.ua) }));
  // Of the processor's time, which others on the machine do not make longer.
  const before = process.cpuUsage();
  for (const { ua } of agents) readDevice(ua);
  const { user, system } = process.cpuUsage(before);
  const microseconds = (user + system) / agents.length;
  let isGood = microseconds < MICROSECONDS_AIM;
  for (const { name, aim, of, isRight } of measures) {
    const asked = read.filter(({ known }) => of(known));
    const missed = asked.filter(({ known, read }) => !isRight(known, read));
    const percent = 100 * (1 - missed.length / asked.length);
    isGood &&= percent >= Number(aim);
    print(`${name.padEnd(8)} ${percent.toFixed(2)} % of ${asked.length} (aim ${aim})`);
    if (wrong === name) for (const { known, read } of missed) print(JSON.stringify({ ...known, read }));
  }
  print(`time     ${microseconds.toFixed(1)} µs of processor each (aim ${MICROSECONDS_AIM})`);
  return isGood;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const { wrong } = parseArgs({ options: { wrong: { type: "string" } } }).values;
if (!existsSync(FILE)) print(`There are no user agents to measure by: ${FILE} is missing.`);
else if (!measure(JSON.parse(readFileSync(FILE, "utf8")), wrong)) process.exitCode = 1;
