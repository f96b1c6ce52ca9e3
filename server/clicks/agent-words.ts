/** The words that a click's `device`, `os` and `browser` can be: closed sets, whatever a user agent says. Null: none of them. */
export const DEVICES = ["desktop", "mobile", "tablet", "tv", "console"] as const;
export type DeviceWord = (typeof DEVICES)[number];

export const SYSTEMS = [
  "Android",
  "iOS",
  "Windows",
  "macOS",
  "Linux",
  "Chrome OS",
  "HarmonyOS",
  "KaiOS",
  "Windows Phone",
  "BlackBerry",
  "Symbian",
  "Bada",
  "Tizen",
  "webOS",
  "tvOS",
  "Roku OS",
  "VIDAA",
  "TiVo OS",
  "PlayStation",
  "Nintendo",
] as const;
export type SystemWord = (typeof SYSTEMS)[number];

/** Apps that show pages inside themselves. */
export const IN_APP = [
  "Facebook",
  "Instagram",
  "Threads",
  "TikTok",
  "Snapchat",
  "Telegram",
  "Pinterest",
  "LinkedIn",
  "X",
  "LINE",
  "KakaoTalk",
  "WeChat",
  "Google App",
  "Naver",
  "Baidu",
  "Weibo",
] as const;

export const BROWSERS = [
  "Chrome",
  "Safari",
  "Microsoft Edge",
  "Firefox",
  "Firefox Focus",
  "Samsung Internet",
  "Opera",
  "Opera Mini",
  "Yandex Browser",
  "UC Browser",
  "Mi Browser",
  "Huawei Browser",
  "HeyTap Browser",
  "Vivo Browser",
  "Meizu Browser",
  "QQ Browser",
  "Quark",
  "Phoenix Browser",
  "DuckDuckGo",
  "Brave",
  "Vivaldi",
  "Whale",
  "Puffin",
  "Sogou Browser",
  "Coc Coc",
  "Ecosia",
  "Seznam Browser",
  "AdBlock Browser",
  "Hi Browser",
  "Odin",
  "LG Browser",
  "TV Bro",
  "Roku Browser",
  "PICO Browser",
  "Oculus Browser",
  "Amazon Silk",
  "Android Browser",
  "BlackBerry",
  "Internet Explorer",
  ...IN_APP,
] as const;
export type BrowserWord = (typeof BROWSERS)[number];

/** Bowser's names that are not ours already. A name that is in neither is no word of ours. */
export const bowserSystems: Record<string, SystemWord> = {
  WebOS: "webOS",
  Roku: "Roku OS",
  "PlayStation 4": "PlayStation",
};

export const bowserBrowsers: Record<string, BrowserWord> = {
  Chromium: "Chrome",
  "Samsung Internet for Android": "Samsung Internet",
  "Opera Coast": "Opera",
  "Opera Touch": "Opera",
  "MZ Browser": "Meizu Browser",
  Miui: "Mi Browser",
  "QQ Browser Lite": "QQ Browser",
  "Google Search": "Google App",
  LibreWolf: "Firefox",
};
