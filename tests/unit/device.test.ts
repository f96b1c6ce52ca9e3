import { describe, expect, it } from "vitest";
import { BROWSERS, DEVICES, SYSTEMS } from "../../server/clicks/agent-words.js";
import { createDeviceOf, type Device, readDevice } from "../../server/clicks/device.js";

/** Beginnings and ends that agents of real devices have; none of the agents below was sent by anybody. */
const ANDROID = (device: string, rest: string, version = "14") =>
  `Mozilla/5.0 (Linux; Android ${version}; ${device}) AppleWebKit/537.36 (KHTML, like Gecko) ${rest}`;
const WEBVIEW = (rest: string) =>
  ANDROID("SM-S926B Build/UP1A.231005.007; wv", `Version/4.0 Chrome/138.0.7204.63 Mobile Safari/537.36${rest}`);
const IPHONE = (rest: string) =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ${rest}`;
const IPAD = (rest: string) =>
  `Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ${rest}`;
const MAC = (rest: string) =>
  `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) ${rest}`;
const WINDOWS = (rest: string, platform = "Windows NT 10.0; Win64; x64") =>
  `Mozilla/5.0 (${platform}) AppleWebKit/537.36 (KHTML, like Gecko) ${rest}`;
const LINUX = (rest: string) => `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) ${rest}`;

const FACEBOOK_IOS =
  "Mobile/15E148 [FBAN/FBIOS;FBAV/520.1.0.44.90;FBBV/1;FBDV/iPhone16,1;FBMD/iPhone;FBSN/iOS;FBSV/17.5.1;FBSS/3;FBID/phone]";
const TIKTOK_ANDROID =
  " trill_350102 JsSdk/1.0 NetType/WIFI Channel/googleplay AppName/trill app_version/35.1.2 ByteLocale/en ByteFullLocale/en Region/DE BytedanceWebview/d8a21c6";

/** What is expected of an agent; what is left out does not matter. */
type Expected = Partial<Device>;

const inApp: [string, Expected][] = [
  [WEBVIEW(" [FB_IAB/FB4A;FBAV/520.0.0.36.109;IABMV/1;]"), { browser: "Facebook", browserVersion: "520.0" }],
  [WEBVIEW("[FBAN/EMA;FBLC/en_US;FBAV/410.0.0.9.111;]"), { browser: "Facebook", browserVersion: "410.0" }],
  [WEBVIEW(" [FB_IAB/MESSENGER;FBAV/470.1.0.20.1;]"), { browser: "Facebook", browserVersion: "470.1" }],
  [
    IPHONE(FACEBOOK_IOS),
    { browser: "Facebook", browserVersion: "520.1", os: "iOS", osVersion: "17.5", device: "mobile" },
  ],
  [IPAD("Mobile/15E148 [FBAN/FBIOS;FBDV/iPad14,3;FBID/tablet;FBLC/de_DE]"), { browser: "Facebook", device: "tablet" }],
  [
    WEBVIEW(" Instagram 380.0.0.30.99 Android (34/14; 450dpi; 1080x2340; samsung; SM-S926B)"),
    { browser: "Instagram", browserVersion: "380.0" },
  ],
  [
    IPHONE("Mobile/21F90 Instagram 336.0.3.32.96 (iPhone14,5; iOS 17_5_1; de_DE; de; scale=3.00; 1170x2532)"),
    { browser: "Instagram", browserVersion: "336.0", device: "mobile" },
  ],
  [
    WEBVIEW(" Barcelona 340.0.0.33.109 Android (34/14; 450dpi; 1080x2340; samsung; SM-S926B)"),
    { browser: "Threads", browserVersion: "340.0" },
  ],
  [WEBVIEW(TIKTOK_ANDROID), { browser: "TikTok", browserVersion: "35.1" }],
  [
    IPHONE(
      "Mobile/15E148 musical_ly_35.1.0 JsSdk/2.0 NetType/4G Channel/App Store ByteLocale/de Region/DE BytedanceWebview/d8a21c6",
    ),
    { browser: "TikTok", browserVersion: "35.1" },
  ],
  [WEBVIEW("Snapchat12.90.0.41 (SM-S926B; Android 14#9#34; gzip; )"), { browser: "Snapchat", browserVersion: "12.90" }],
  [
    IPHONE("Mobile/15E148 Snapchat/12.90.0.41 (like Safari/8613.3.9.0.16, panda)"),
    { browser: "Snapchat", browserVersion: "12.90" },
  ],
  [
    WEBVIEW(" Telegram-Android/11.3.2 (Samsung SM-S926B; Android 14; SDK 34; HIGH)"),
    { browser: "Telegram", browserVersion: "11.3" },
  ],
  [WEBVIEW(" [Pinterest/Android]"), { browser: "Pinterest", browserVersion: null }],
  [IPHONE("Mobile/15E148 [Pinterest/iOS]"), { browser: "Pinterest", browserVersion: null }],
  ["Pinterest for Android/12.31.0 (beyond1; 14)", { browser: "Pinterest", browserVersion: "12.31" }],
  [WEBVIEW(" [LinkedInApp]"), { browser: "LinkedIn" }],
  [IPHONE("Mobile/15E148 [LinkedInApp]/9.30.1205"), { browser: "LinkedIn", browserVersion: "9.30" }],
  [WEBVIEW(" TwitterAndroid"), { browser: "X", browserVersion: null }],
  [IPHONE("Mobile/21F90 Twitter for iPhone/10.63"), { browser: "X", browserVersion: "10.63" }],
  [WEBVIEW(" Line/14.19.1/IAB"), { browser: "LINE", browserVersion: "14.19" }],
  [IPHONE("Mobile/21F90 Safari Line/14.19.1"), { browser: "LINE", browserVersion: "14.19" }],
  [WEBVIEW(";KAKAOTALK 2610410"), { browser: "KakaoTalk" }],
  [IPHONE("Mobile/21F90 KAKAOTALK 10.9.2"), { browser: "KakaoTalk", browserVersion: "10.9" }],
  [
    WEBVIEW(
      " XWEB/1300 MMWEBSDK/20240404 MicroMessenger/8.0.49.2600(0x28003133) WeChat/arm64 Weixin NetType/WIFI Language/en ABI/arm64",
    ),
    { browser: "WeChat", browserVersion: "8.0" },
  ],
  [
    WEBVIEW(" MicroMessenger/8.0.49.2600(0x28003133) Process/tools WeChat/arm64 NetType/WIFI Language/zh_CN"),
    { browser: "WeChat", bot: false },
  ],
  [
    IPHONE("Mobile/21F90 MicroMessenger/8.0.50(0x18003233) NetType/WIFI Language/de"),
    { browser: "WeChat", browserVersion: "8.0" },
  ],
  [WEBVIEW(" GSA/15.24.28.28.arm64"), { browser: "Google App", browserVersion: "15.24" }],
  [WEBVIEW(" GoogleApp/16.20.57.ve.arm64"), { browser: "Google App", browserVersion: "16.20" }],
  [IPHONE("GSA/320.0.639 Mobile/15E148 Safari/604.1"), { browser: "Google App", browserVersion: "320.0" }],
  [WEBVIEW(" NAVER(inapp; search; 2000; 12.6.3)"), { browser: "Naver", browserVersion: "12.6" }],
  [WEBVIEW(" baiduboxapp/13.61.0.10 (Baidu; P1 14)"), { browser: "Baidu", browserVersion: "13.61" }],
];

const browsers: [string, Expected][] = [
  [
    WINDOWS("Chrome/141.0.0.0 Safari/537.36"),
    { browser: "Chrome", browserVersion: "141.0", os: "Windows", osVersion: "10.0", device: "desktop" },
  ],
  [WINDOWS("Chrome/141.0.0.0 Safari/537.36 Edg/141.0.3537.57"), { browser: "Microsoft Edge", browserVersion: "141.0" }],
  [
    ANDROID("K", "Chrome/141.0.0.0 Mobile Safari/537.36 EdgA/141.0.0.0", "10"),
    { browser: "Microsoft Edge", device: "mobile", osVersion: "10" },
  ],
  [
    IPHONE("Version/17.0 EdgiOS/130.0.2849.68 Mobile/15E148 Safari/604.1"),
    { browser: "Microsoft Edge", browserVersion: "130.0" },
  ],
  [IPHONE("CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1"), { browser: "Chrome", browserVersion: "131.0", os: "iOS" }],
  [IPHONE("FxiOS/132.0 Mobile/15E148 Safari/605.1.15"), { browser: "Firefox", browserVersion: "132.0", os: "iOS" }],
  [IPHONE("Version/17.5 Mobile/15E148 Safari/604.1"), { browser: "Safari", browserVersion: "17.5", osVersion: "17.5" }],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
    { osVersion: "26.0", browserVersion: "26.0" },
  ],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
    { browser: "Firefox", browserVersion: "143.0" },
  ],
  [
    "Mozilla/5.0 (Android 14; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0",
    { browser: "Firefox", os: "Android", osVersion: "14", device: "mobile" },
  ],
  ["Mozilla/5.0 (Android 13; Tablet; rv:143.0) Gecko/143.0 Firefox/143.0", { browser: "Firefox", device: "tablet" }],
  [
    ANDROID("SAMSUNG SM-A546B", "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"),
    { browser: "Samsung Internet", browserVersion: "28.0" },
  ],
  [WINDOWS("Chrome/139.0.0.0 Safari/537.36 OPR/124.0.0.0"), { browser: "Opera", browserVersion: "124.0" }],
  [
    ANDROID("CPH2609", "Chrome/141.0.7390.97 Mobile Safari/537.36 OPX/3.1"),
    { browser: "Opera", browserVersion: "3.1" },
  ],
  [
    "Opera/9.80 (J2ME/MIDP; Opera Mini/4.5.40312/191.300; U; en) Presto/2.12.423 Version/12.16",
    { browser: "Opera Mini", device: "mobile" },
  ],
  [
    "Opera/9.80 (Android; Opera Mini/82.1.2254/191.303; U; en) Presto/2.12.423 Version/12.16",
    { browser: "Opera Mini", browserVersion: "82.1", os: "Android" },
  ],
  [WINDOWS("Chrome/138.0.7204.100 Safari/537.36 Vivaldi/7.5.3735.54"), { browser: "Vivaldi", browserVersion: "7.5" }],
  [
    ANDROID("RMX3999; arm_64", "Chrome/138.0.7204.500 YaBrowser/25.8.4.500.00 SA/3 Mobile Safari/537.36"),
    { browser: "Yandex Browser", browserVersion: "25.8" },
  ],
  [
    ANDROID(
      "M2101K6G",
      "Chrome/134.0.6998.500 YaSearchBrowser/25.50.1 BroPP/1.0 YaSearchApp/25.50.1 webOmni SA/3 Mobile Safari/537.36",
    ),
    { browser: "Yandex Browser", browserVersion: "25.50" },
  ],
  [
    "Mozilla/5.0 (Linux; U; Android 12; en-US; RMX3085 Build/SP1A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.9.8.1311 Mobile Safari/537.36",
    { browser: "UC Browser", browserVersion: "13.9" },
  ],
  [
    "UCWEB/2.0 (MIDP-2.0; U; Adr 4.4.4; en-US; X_1) U2/1.0.0 UCBrowser/9.9.0.543 U2/1.0.0 Mobile",
    { browser: "UC Browser", os: "Android", osVersion: "4.4", device: "mobile", bot: false },
  ],
  [
    ANDROID(
      "HarmonyOS; ALN-AL80; HMSCore 6.15.0.302",
      "Chrome/114.0.5735.196 HuaweiBrowser/15.0.9.301 Mobile Safari/537.36",
      "12",
    ),
    { browser: "Huawei Browser", os: "HarmonyOS", device: "mobile" },
  ],
  [
    "Mozilla/5.0 (Linux; U; Android 14; de-de; 2312DRAABG Build/UP1A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.6723.86 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.38.0-gn",
    { browser: "Mi Browser", browserVersion: "14.38" },
  ],
  [
    ANDROID("V2318", "Version/4.0 Chrome/123.0.6312.118 Mobile Safari/537.36 VivoBrowser/14.9.0.1"),
    { browser: "Vivo Browser" },
  ],
  [
    ANDROID("CPH2519", "Version/4.0 Chrome/115.0.5790.168 Mobile Safari/537.36 HeyTapBrowser/45.11.5.1"),
    { browser: "HeyTap Browser" },
  ],
  [ANDROID("Infinix X6835", "Chrome/131.0.6778.104 Mobile Safari/537.36 PHX/18.1"), { browser: "Phoenix Browser" }],
  [
    ANDROID("ONEPLUS A6013", "Version/4.0 Chrome/138.0.7204.63 Mobile DuckDuckGo/5 Safari/537.36"),
    { browser: "DuckDuckGo", browserVersion: "5" },
  ],
  [
    MAC("Version/17.5 Safari/605.1.15 Ddg/17.5"),
    { browser: "DuckDuckGo", browserVersion: "17.5", os: "macOS", device: "desktop" },
  ],
  [
    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
    { browser: "Internet Explorer", osVersion: "6.1" },
  ],
  [ANDROID("InFocus M999", "Chrome/141.0.0.0 Mobile Safari/537.36"), { browser: "Chrome", browserVersion: "141.0" }],
  [ANDROID("BlackBerry KEY9", "Chrome/120.0.0.0 Mobile Safari/537.36"), { browser: "Chrome" }],
  [
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    { browser: "Chrome", os: "Chrome OS", device: "desktop" },
  ],
  [WINDOWS("discord/1.0.9154 Chrome/124.0.6367.243 Electron/30.2.0 Safari/537.36"), { browser: "Chrome", bot: false }],
  [
    "Mozilla/5.0 (New Nintendo 3DS like iPhone) AppleWebKit/536.30 (KHTML, like Gecko) NX/3.0.0.5.20 Mobile NintendoBrowser/1.8.10156.EU",
    { os: "Nintendo", device: "console" },
  ],
  ["Something/Else (of no kind)", { browser: null, os: null, device: null, browserVersion: null, osVersion: null }],
];

const devices: [string, Device["device"]][] = [
  [ANDROID("Pixel 8", "Chrome/141.0.0.0 Mobile Safari/537.36"), "mobile"],
  [ANDROID("SM-X710", "Chrome/141.0.0.0 Safari/537.36"), "tablet"],
  [ANDROID("SM-T505", "Chrome/141.0.0.0 Mobile Safari/537.36"), "tablet"],
  [ANDROID("Redmi Pad SE", "Chrome/141.0.0.0 Mobile Safari/537.36"), "tablet"],
  [ANDROID("KFTRWI", "Silk/138.4.1 like Chrome/138.0.7204.63 Safari/537.36", "11"), "tablet"],
  [IPAD("Version/16.6 Mobile/15E148 Safari/604.1"), "tablet"],
  [MAC("CriOS/131 Version/11.1.1 Safari/605.1.15"), "tablet"],
  [MAC("FxiOS/132.0 Safari/605.1.15"), "tablet"],
  [MAC("Mobile/15E148 [FBAN/FBIOS;FBDV/iPad13,4;FBMD/iPad;FBID/tablet]"), "tablet"],
  [MAC("Version/17.5 Safari/605.1.15"), "desktop"],
  [LINUX("Chrome/141.0.0.0 Safari/537.36"), "desktop"],
  ["Mozilla/5.0 (X11; FreeBSD amd64; rv:143.0) Gecko/20100101 Firefox/143.0", "desktop"],
  [
    "Mozilla/5.0 (X11; CrOS aarch64 15359.58.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "desktop",
  ],
  [
    ANDROID("Chromebook Spin 999 Build/R120-15662.0.0; wv", "Version/4.0 Chrome/126.0.0.0 Safari/537.36", "13"),
    "desktop",
  ],
  [
    "Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) 94.0.4606.31/7.0 TV Safari/537.36",
    "tv",
  ],
  [
    "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/108.0.5359.211 Safari/537.36 WebAppManager",
    "tv",
  ],
  [
    "Mozilla/5.0 (Linux; NetCast; U) AppleWebKit/537.31 (KHTML, like Gecko) Chrome/38.0.2125.122 Safari/537.31 SmartTV/7.0",
    "tv",
  ],
  [ANDROID("BRAVIA VH99 Build/PTT1", "Chrome/120.0.0.0 Safari/537.36", "10"), "tv"],
  [ANDROID("AFTXYZ999", "Silk/138.4.1 like Chrome/138.0.7204.63 Safari/537.36", "9"), "tv"],
  [ANDROID("Chromecast Google TV HD", "Chrome/138.0.0.0 Safari/537.36", "12"), "tv"],
  [ANDROID("MIBOX9 TV Box", "Chrome/138.0.0.0 Safari/537.36", "12"), "tv"],
  [ANDROID("55EX99 Build/RP1A; wv", "Version/4.0 Chrome/138.0.0.0 Mobile Safari/537.36", "11"), "tv"],
  ["AppleTV14,1/17.5", "tv"],
  ["Roku/DVP-14.5 (14.5.4.5934-88)", "tv"],
  [
    "Mozilla/5.0 (X11; Linux armv7l) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 CrKey/1.56.500000",
    "tv",
  ],
  [
    "Opera/9.80 (Linux mips; HbbTV/1.2.1 (; Maker; set9; 1.0.0; 1.0.0; ); CE-HTML/1.0;) Presto/2.12.407 Version/12.50",
    "tv",
  ],
  [
    "Mozilla/5.0 (X11; Linux armv7l) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/111.0.0.0 Safari/537.36 Model/VIDAA-X9 VIDAA/8.0(maker;SmartTV;43A;)",
    "tv",
  ],
  [
    "Mozilla/5.0 (PlayStation; PlayStation 5/9.60) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15",
    "console",
  ],
  ["Mozilla/5.0 (PlayStation 4 11.52) AppleWebKit/605.1.15 (KHTML, like Gecko)", "console"],
  [
    WINDOWS("Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0", "Windows NT 10.0; Win64; x64; Xbox; Xbox Series X"),
    "console",
  ],
  [
    "Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/606.4 (KHTML, like Gecko) NF/6.0.1.15.4 NintendoBrowser/5.1.0.20393",
    "console",
  ],
  [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Valve Steam GameOverlay/1 SteamDeck",
    "console",
  ],
  [
    "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 999) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15254",
    "mobile",
  ],
  ["Mozilla/5.0 (Mobile; Maker_F9; rv:84.0) Gecko/84.0 Firefox/84.0 KAIOS/3.0", "mobile"],
  [
    "Mozilla/5.0 (BB10; Touch) AppleWebKit/537.10+ (KHTML, like Gecko) Version/10.3.3.2205 Mobile Safari/537.10+",
    "mobile",
  ],
  ["Dalvik/2.1.0 (Linux; U; Android 13; Maker X9 Build/TP1A)", "mobile"],
  [LINUX("OculusBrowser/33.0.0.57.133 Chrome/122.0.6261.64 VR Safari/537.36"), null],
  ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", null],
  [
    ANDROID(
      "Nexus 5X Build/MMB29P",
      "Chrome/141.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
      "6.0.1",
    ),
    null,
  ],
  [LINUX("HeadlessChrome/141.0.0.0 Safari/537.36"), null],
];

const bots: [what: string, agent: string][] = [
  ["no user agent", ""],
  ["spaces alone", "   "],
  ["Googlebot", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"],
  [
    "a smartphone's Googlebot",
    ANDROID(
      "Nexus 5X Build/MMB29P",
      "Chrome/141.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
      "6.0.1",
    ),
  ],
  ["AdsBot", "AdsBot-Google (+http://www.google.com/adsbot.html)"],
  [
    "a bot in a device's comment",
    ANDROID("Pixel 9 Build/ABC1.1; Storebot-Google/1.0", "Chrome/141.0.0.0 Mobile Safari/537.36"),
  ],
  [
    "a bot in a device's place",
    ANDROID("checkbot/1.0 +https://check.example", "Chrome/141.0.0.0 Mobile Safari/537.36"),
  ],
  ["Facebook's preview", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"],
  ["Meta's crawler", "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)"],
  ["Telegram's preview", "TelegramBot (like TwitterBot)"],
  ["WhatsApp's preview", "WhatsApp/2.24.20.71 A"],
  ["Slack's preview", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"],
  ["Discord's preview", "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"],
  [
    "Skype's preview",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
  ],
  ["LinkedIn's preview", "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)"],
  ["Pinterest's preview", "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)"],
  ["KakaoTalk's preview", "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984"],
  ["LINE's preview", "facebookexternalhit/1.1;line-poker/1.0"],
  ["Snapchat's preview", "Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots"],
  ["Office's look ahead", "Mozilla/4.0 (compatible; ms-office; MSOffice 16)"],
  ["Word's look ahead", "Microsoft Office Word 2014"],
  [
    "Outlook's look ahead",
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Win64; x64; Trident/7.0; .NET4.0C; ms-office)",
  ],
  ["headless Chrome", LINUX("HeadlessChrome/141.0.0.0 Safari/537.36")],
  ["curl", "curl/8.14.1"],
  ["wget", "Wget/1.25.0"],
  ["Python", "python-requests/2.32.4"],
  ["httpx", "python-httpx/0.28.1"],
  ["Go", "Go-http-client/2.0"],
  ["okhttp", "okhttp/5.1.0"],
  ["axios", "axios/1.11.0"],
  ["Dart", "Dart/3.9 (dart:io)"],
  ["Viber's preview", "Viber/25.1.0.5 CFNetwork/1568.100.1 Darwin/24.0.0"],
  ["a check of a load balancer", "ELB-HealthChecker/2.0"],
  ["a probe of Kubernetes", "kube-probe/1.33"],
  ["Uptime Kuma", "Uptime-Kuma/2.0.1"],
  ["Mastodon's preview", "Mastodon/4.4.0 (http.rb/5.3.1; +https://social.example/)"],
  ["a word alone", "test"],
  ["Java", "Java/21.0.4"],
  ["UptimeRobot", "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)"],
  ["Pingdom", "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)"],
  [
    "Better Stack",
    "Better Stack Better Uptime Bot Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
  ],
  ["GTmetrix", LINUX("Chrome/117.0.0.0 Safari/537.36 GTmetrix")],
  ["Lighthouse", ANDROID("moto g power (2022)", "Chrome/141.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse", "11")],
];

const people: [what: string, agent: string][] = [
  ["Chrome", WINDOWS("Chrome/141.0.0.0 Safari/537.36")],
  ["WeChat for Android", WEBVIEW(" MicroMessenger/8.0.49.2600(0x28003133) Process/tools WeChat/arm64")],
  ["a phone named Discovery", ANDROID("Discovery X9", "Chrome/141.0.0.0 Mobile Safari/537.36")],
  [
    "an older phone named Discovery",
    "Mozilla/5.0 (Linux; U; Android 4.4.2; de-de; Discovery_X9 Build/KOT49H) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30",
  ],
  ["a phone named XBot", ANDROID("XBot Senior", "Chrome/141.0.0.0 Mobile Safari/537.36")],
  [
    "a phone whose name Facebook's app says once more",
    ANDROID("CUBOT_Z9", "Chrome/141.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/520.0.0.36.109;FBDV/CUBOT_Z9;]"),
  ],
  [
    "one whose name Telegram's app says once more",
    ANDROID(
      "CUBOT P9",
      "Chrome/141.0.0.0 Mobile Safari/537.36 Telegram-Android/11.3.2 (CUBOT CUBOT_P9; Android 14; SDK 34; LOW)",
    ),
  ],
  [
    "one whose name Snapchat's app says once more",
    ANDROID(
      "Scanner 9",
      "Chrome/141.0.0.0 Mobile Safari/537.36Snapchat12.90.0.41 (Scanner 9; Android 14#9#34; gzip; )",
    ),
  ],
  [
    "one whose name Instagram's app says once more",
    WEBVIEW(" Instagram 380.0.0.30.99 Android (34/14; 450dpi; 1080x2340; Maker; Scanner Bot; x; de_DE)"),
  ],
  ["a phone with the word Bot in its name", ANDROID("Q BOT 9 Build/MRA58K", "Chrome/141.0.0.0 Mobile Safari/537.36")],
  [
    "a set with Google TV",
    ANDROID("Maker Google TV 4K Build/RTM1; wv", "Version/4.0 Chrome/129.0.0.0 Mobile Safari/537.36", "11"),
  ],
  [
    "a set with HbbTV",
    "Opera/9.80 (Linux mips; HbbTV/1.2.1 (; Maker; set9; 1.0.0; 1.0.0; ); CE-HTML/1.0;) Presto/2.12.407 Version/12.50",
  ],
  [
    "a set with NetTV",
    "Opera/9.80 NETTV/4.5.0 Mozilla/5.0 (Linux armv7i; CE-HTML/1.0; U; en) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/49.0.2623.75 Safari/537.36 Tbrowser/2.0",
  ],
  [
    "a set with a catching browser",
    "Mozilla/5.0 (Linux armv7l) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/84.0.4147.140 Safari/537.36 OPR/46.0.2207.0 OMI/4.21.9.Catcher9 VIDAA/5.0(MAKER;SmartTV;X;)",
  ],
  ["an old phone", "MakerX900/R1 Browser/NetFront/3.4 Profile/MIDP-2.1 Configuration/CLDC-1.1 JavaPlatform/JP-8.4"],
  ["Facebook's app", IPHONE(FACEBOOK_IOS)],
  ["Telegram's app", WEBVIEW(" Telegram-Android/11.3.2 (Samsung SM-S926B; Android 14; SDK 34; HIGH)")],
  ["Snapchat's app", WEBVIEW("Snapchat12.90.0.41 (SM-S926B; Android 14#9#34; gzip; )")],
  ["Google's app", WEBVIEW(" GoogleApp/16.20.57.ve.arm64")],
];

describe("What a user agent says", () => {
  it.each(inApp)("3.1 tells an app that shows the page inside itself: %s", (agent, expected) => {
    expect(readDevice(agent)).toMatchObject({ bot: false, ...expected });
  });

  it.each(browsers)("3.4 reads browser, system and their versions, major and minor: %s", (agent, expected) => {
    expect(readDevice(agent)).toMatchObject(expected);
  });

  it.each(devices)("3.2 names a device of the closed set, or none: %s", (agent, device) => {
    expect(readDevice(agent).device).toBe(device);
  });

  it.each(bots)("3.3 takes %s for a bot: %j", (_, agent) => {
    expect(readDevice(agent)).toMatchObject({ bot: true, device: null });
  });

  it.each(people)("3.3 takes no person for a bot: %s", (_, agent) => {
    expect(readDevice(agent).bot).toBe(false);
  });

  it("3.2 keeps to its words, whatever is sent", () => {
    const all = [
      ...inApp,
      ...browsers,
      ...devices,
      ...bots.map(([_, agent]) => [agent]),
      ...people.map(([_, agent]) => [agent]),
    ];
    const pieces = all.flatMap(([agent]) => String(agent).split(/(?<=[ ;()[\]])/));
    const agents = pieces.map((_, index) =>
      Array.from({ length: 12 }, (_, place) => pieces[(index * 31 + place * 977) % pieces.length]).join(""),
    );
    const hostile = [
      "constructor",
      "__proto__/1.0 (toString)",
      "Chrome/",
      "é🚀\u0000",
      "Mozilla/5.0 (",
      "(".repeat(512),
      "a".repeat(8000),
      ...["Macintosh ", "Android ", "bot Android BlackBerry ", "bot Instagram ("].map((piece) => piece.repeat(4000)),
    ];
    for (const agent of [...agents, ...hostile]) {
      const { device, os, browser, osVersion, browserVersion } = readDevice(agent);
      expect([...DEVICES, null]).toContain(device);
      expect([...SYSTEMS, null]).toContain(os);
      expect([...BROWSERS, null]).toContain(browser);
      for (const version of [osVersion, browserVersion]) expect(version ?? "1").toMatch(/^\d{1,6}(\.\d{1,6})?$/);
    }
  });

  it("3.4 reads an agent that is cut at 512 characters by what is left of it", () => {
    const long = `${WEBVIEW("")} ${"X/1.0 ".repeat(200)}`.slice(0, 512);
    expect(readDevice(long)).toMatchObject({ browser: "Chrome", os: "Android", device: "mobile" });
  });

  it("reads each agent once while it is remembered", () => {
    const deviceOf = createDeviceOf();
    expect(deviceOf(WINDOWS("Chrome/141.0.0.0 Safari/537.36"))).toBe(
      deviceOf(WINDOWS("Chrome/141.0.0.0 Safari/537.36")),
    );
  });
});
