/**
 * The people who come through the demo's flows: where from, with what, and by which page. Weights are rough shares of a working day
 * of paid traffic; user agents are made up in the form of real ones.
 */

/** A country and its visitors; how many come from it, beside the others, is its weight. */
export interface Home {
  country: string;
  weight: number;
  /** Hours that its clocks are ahead of UTC: people sleep. */
  ahead: number;
  /** Beginnings of addresses of its large networks. */
  networks: string[];
  languages: string[];
}

export const homes: Home[] = [
  {
    country: "US",
    weight: 16,
    ahead: -6,
    networks: ["73.1", "71.80", "174.192", "172.56", "2600:1000", "2601:0"],
    languages: ["en-US", "en-US", "en-US", "es-US"],
  },
  {
    country: "IN",
    weight: 14,
    ahead: 5.5,
    networks: ["49.36", "106.192", "117.200", "2409:4000", "2401:4900"],
    languages: ["en-IN", "hi-IN", "en-GB"],
  },
  {
    country: "BR",
    weight: 12,
    ahead: -3,
    networks: ["177.32", "189.6", "179.100", "2804:14c", "2804:18"],
    languages: ["pt-BR"],
  },
  {
    country: "DE",
    weight: 9,
    ahead: 1,
    networks: ["91.0", "84.160", "109.40", "2003:c0", "2a02:908"],
    languages: ["de-DE", "de-DE", "de", "en-US"],
  },
  {
    country: "ID",
    weight: 7,
    ahead: 7,
    networks: ["114.120", "36.68", "118.96"],
    languages: ["id-ID", "id-ID", "en-US"],
  },
  { country: "MX", weight: 6, ahead: -6, networks: ["201.144", "189.203", "187.188"], languages: ["es-MX", "es-419"] },
  { country: "RU", weight: 6, ahead: 3, networks: ["95.24", "178.140", "5.18"], languages: ["ru-RU", "ru"] },
  { country: "FR", weight: 5, ahead: 1, networks: ["82.64", "92.184", "2a01:e0a"], languages: ["fr-FR", "fr"] },
  { country: "GB", weight: 5, ahead: 0, networks: ["86.128", "92.40", "2a00:23c0"], languages: ["en-GB"] },
  { country: "JP", weight: 4, ahead: 9, networks: ["126.1", "49.96", "106.128"], languages: ["ja-JP", "ja"] },
  { country: "IT", weight: 3, ahead: 1, networks: ["79.0", "151.18"], languages: ["it-IT"] },
  { country: "ES", weight: 3, ahead: 1, networks: ["83.32", "77.224"], languages: ["es-ES", "ca-ES"] },
  { country: "TR", weight: 3, ahead: 3, networks: ["78.160", "88.224"], languages: ["tr-TR"] },
  { country: "VN", weight: 2, ahead: 7, networks: ["14.160", "171.224"], languages: ["vi-VN"] },
  { country: "KR", weight: 2, ahead: 9, networks: ["223.38", "39.7"], languages: ["ko-KR"] },
  { country: "NG", weight: 2, ahead: 1, networks: ["105.112", "197.210"], languages: ["en-NG", "en-GB"] },
  { country: "AU", weight: 1, ahead: 10, networks: ["1.120", "101.160"], languages: ["en-AU"] },
];

/** How awake people are, by the hour of their day. */
const AWAKE = [30, 20, 12, 8, 8, 12, 25, 45, 60, 65, 70, 75, 80, 78, 72, 70, 75, 82, 90, 98, 100, 95, 78, 52];

/** What a home's weight comes to at a moment, in Unix milliseconds. */
export function weightAt({ weight, ahead }: Home, ms: number): number {
  const hour = Math.floor(ms / 3_600_000 + ahead) % 24;
  return weight * (AWAKE[(hour + 24) % 24] as number);
}

const android = (version: number, model: string, chrome: number) =>
  `Mozilla/5.0 (Linux; Android ${version}; ${model}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${chrome}.0.0.0 Mobile Safari/537.36`;
const webview = (version: number, model: string, app: string) =>
  `Mozilla/5.0 (Linux; Android ${version}; ${model} Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/141.0.7390.97 Mobile Safari/537.36${app}`;
const iphone = (version: string, rest: string) =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS ${version} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ${rest}`;
const windows = (rest: string) =>
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ${rest}`;

/** What people come with. */
export interface Agent {
  weight: number;
  userAgent: string;
}

export const phones: Agent[] = [
  { weight: 14, userAgent: android(10, "K", 142) },
  { weight: 6, userAgent: android(14, "SM-A546B", 141) },
  { weight: 5, userAgent: android(15, "SM-S931B", 142) },
  { weight: 5, userAgent: android(13, "Redmi Note 12", 140) },
  { weight: 4, userAgent: android(12, "CPH2269", 139) },
  { weight: 3, userAgent: android(11, "RMX3231", 138) },
  { weight: 4, userAgent: `${android(14, "SAMSUNG SM-A155F", 136).replace("Chrome/", "SamsungBrowser/28.0 Chrome/")}` },
  { weight: 1, userAgent: `${android(13, "2201117TG", 128)} OPR/92.0.0.0` },
  { weight: 1, userAgent: "Mozilla/5.0 (Android 14; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0" },
  { weight: 12, userAgent: iphone("18_6", "Version/26.0 Mobile/15E148 Safari/604.1") },
  { weight: 9, userAgent: iphone("18_5", "Version/18.5 Mobile/15E148 Safari/604.1") },
  { weight: 4, userAgent: iphone("17_6_1", "Version/17.6 Mobile/15E148 Safari/604.1") },
  { weight: 2, userAgent: iphone("18_5", "CriOS/141.0.7390.96 Mobile/15E148 Safari/604.1") },
  {
    weight: 1,
    userAgent:
      "Mozilla/5.0 (Linux; U; Android 12; en-US; RMX3085 Build/SP1A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.9.8.1311 Mobile Safari/537.36",
  },
  {
    weight: 2,
    userAgent:
      "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
  },
  {
    weight: 2,
    userAgent:
      "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
  },
];

export const computers: Agent[] = [
  { weight: 40, userAgent: windows("Chrome/142.0.0.0 Safari/537.36") },
  { weight: 12, userAgent: windows("Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0") },
  { weight: 3, userAgent: windows("Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0") },
  { weight: 8, userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0" },
  {
    weight: 12,
    userAgent:
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
  },
  {
    weight: 10,
    userAgent:
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  },
  {
    weight: 4,
    userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  },
  {
    weight: 2,
    userAgent:
      "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
  },
  {
    weight: 2,
    userAgent:
      "Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) 94.0.4606.31/7.0 TV Safari/537.36",
  },
];

const facebook: Agent[] = [
  { weight: 60, userAgent: webview(14, "SM-A546B", " [FB_IAB/FB4A;FBAV/536.0.0.46.77;IABMV/1;]") },
  {
    weight: 25,
    userAgent: iphone(
      "18_5",
      "Mobile/15E148 [FBAN/FBIOS;FBAV/536.0.0.40.110;FBDV/iPhone15,2;FBMD/iPhone;FBSN/iOS;FBSV/18.5;FBSS/3;FBID/phone;FBLC/en_US;FBOP/5]",
    ),
  },
];
const instagram: Agent[] = [
  {
    weight: 50,
    userAgent: webview(
      14,
      "SM-S918B",
      " Instagram 405.0.0.47.77 Android (34/14; 450dpi; 1080x2125; samsung; SM-S918B; dm3q; qcom; en_US; 800000000)",
    ),
  },
  {
    weight: 50,
    userAgent: iphone(
      "18_5",
      "Mobile/15E148 Instagram 405.0.0.30.80 (iPhone15,3; iOS 18_5; en_US; en; scale=3.00; 1290x2796; 800000000)",
    ),
  },
];
const tiktok: Agent[] = [
  {
    weight: 65,
    userAgent: webview(
      13,
      "CPH2387",
      " trill_420103 JsSdk/1.0 NetType/WIFI Channel/googleplay AppName/trill app_version/42.1.3 ByteLocale/en Region/US BytedanceWebview/d8a21c6",
    ),
  },
  {
    weight: 35,
    userAgent: iphone(
      "18_5",
      "Mobile/15E148 musical_ly_42.1.0 JsSdk/2.0 NetType/4G Channel/App Store ByteLocale/en Region/US BytedanceWebview/d8a21c6",
    ),
  },
];
const telegram: Agent[] = [
  {
    weight: 1,
    userAgent: webview(14, "23124RA7EO", " Telegram-Android/12.1.1 (Xiaomi 23124RA7EO; Android 14; SDK 34; AVERAGE)"),
  },
];

/** A place where links stand: what its visitors come with, the page they come from, and what it adds to the link. */
export interface Origin {
  weight: number;
  source: string;
  medium: string;
  agents: Agent[][];
  referrers: string[];
  /** The parameter of its own click id. */
  clickId?: string;
}

export const origins: Origin[] = [
  {
    weight: 24,
    source: "google",
    medium: "cpc",
    agents: [phones, phones, computers],
    referrers: ["https://www.google.com/"],
    clickId: "gclid",
  },
  {
    weight: 22,
    source: "facebook",
    medium: "paid_social",
    agents: [facebook, facebook, facebook, phones, computers],
    referrers: ["http://m.facebook.com/", "https://www.facebook.com/", "https://l.facebook.com/"],
    clickId: "fbclid",
  },
  {
    weight: 14,
    source: "instagram",
    medium: "paid_social",
    agents: [instagram, instagram, instagram, phones],
    referrers: ["https://l.instagram.com/", "https://www.instagram.com/"],
    clickId: "fbclid",
  },
  {
    weight: 14,
    source: "tiktok",
    medium: "paid_social",
    agents: [tiktok, tiktok, tiktok, phones],
    referrers: ["https://www.tiktok.com/", ""],
    clickId: "ttclid",
  },
  { weight: 12, source: "push", medium: "push", agents: [phones], referrers: [""] },
  {
    weight: 6,
    source: "newsletter",
    medium: "email",
    agents: [computers, phones],
    referrers: ["https://mail.google.com/", ""],
  },
  { weight: 4, source: "telegram", medium: "social", agents: [telegram, phones], referrers: ["https://t.me/", ""] },
  {
    weight: 4,
    source: "",
    medium: "",
    agents: [computers, phones],
    referrers: ["https://www.bing.com/", "https://news.example/", ""],
  },
];

/** Those who are nobody: they ask for no language and come from no page. */
export const bots: (Agent & { network: string })[] = [
  {
    weight: 30,
    network: "66.249.66",
    userAgent: "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  },
  {
    weight: 30,
    network: "173.252.83",
    userAgent: "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
  },
  { weight: 15, network: "3.120", userAgent: "python-requests/2.32.4" },
  {
    weight: 10,
    network: "88.198",
    userAgent:
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36",
  },
  { weight: 10, network: "149.154.167", userAgent: "TelegramBot (like TwitterBot)" },
  { weight: 5, network: "5.161", userAgent: "" },
];
