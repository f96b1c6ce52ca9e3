import { type BrowserWord, type DeviceWord, type SystemWord } from "./agent-words.js";

/** An iPad that asks for the desktop's page says it is a Mac; its browsers and apps give it away. */
const IPAD_AS_MAC = /^(?=.*?\bMacintosh\b).*(?:\b(?:CriOS|FxiOS|EdgiOS|OPiOS|GSA)\/| Mobile\/\w)/;

/**
 * What user agents say that Bowser does not know. The first that is found counts; a group is the version. Each looks no further
 * than its own word, or once from the beginning, so that a long agent costs no more than reading it.
 */
export const browserTokens: [BrowserWord, RegExp][] = [
  ["Instagram", /\bInstagram[ /](\d+\.\d+)?/],
  ["Threads", /\bBarcelona (\d+\.\d+)/],
  ["Facebook", /\bFBAV\/(\d+\.\d+)/],
  ["Facebook", /\bFB(?:AN|AV|_IAB|IOS|4A)\b/],
  ["TikTok", /\bAppName\/(?:musical|trill).{0,20}\bapp_version\/(\d+\.\d+)/],
  ["TikTok", /\b(?:musical_ly|trill)_(\d+\.\d+)?|\b(?:musical_?ly|BytedanceWebview|TikTok)\b/],
  ["Snapchat", /Snapchat[ /]?(\d+\.\d+)/],
  ["Telegram", /\bTelegram(?:-\w+)?\/(\d+\.\d+)/],
  ["Pinterest", /\bPinterest(?: for [\w ]{1,20})?\/(?:(\d\d+\.\d+)|iOS|Android)/],
  ["LinkedIn", /\bLinkedInApp\]?(?:\/(\d+\.\d+))?/],
  ["X", /\bTwitter(?:Android| for \w+)(?:\/(\d+\.\d+))?/],
  ["LINE", /\bLine\/(\d+\.\d+)/],
  ["KakaoTalk", /\bKAKAOTALK[ /]?(\d+\.\d+)?/],
  ["WeChat", /\bMicroMessenger\/(\d+\.\d+)/],
  ["Naver", /\bNAVER\(inapp;(?: search;)? ?\d+; ?(\d+\.\d+)/],
  ["Weibo", /\b__weibo__(\d+\.\d+)|\bWeibo \(/],
  ["Baidu", /\b(?:baiduboxapp|bdbrowser\w*|baidubrowser)\/(\d+\.\d+)/i],
  ["Google App", /\b(?:GSA|GoogleApp)\/(\d+\.\d+)/],
  ["UC Browser", /\b(?:UCBrowser|UCWEB|UCTurbo)\/?(\d+\.\d+)?/],
  ["Opera Mini", /\bOpera Mini(?:\/(?:\w+\/)?(\d+\.\d+))?/],
  ["Opera", /\b(?:OPX|OMI|OPT|OPRGX)\/(\d+\.\d+)/],
  ["Huawei Browser", /\bHuaweiBrowser\/(\d+\.\d+)|\bhuawei\.hmos\.browser/],
  ["Yandex Browser", /\b(?:YaBrowser|YaSearchBrowser|YandexSearch\w*|YaApp_\w+)\/(\d+\.\d+)/],
  ["DuckDuckGo", /\b(?:DuckDuckGo|Ddg)\/(\d+(?:\.\d+)?)/],
  ["Quark", /\bQuark\/(\d+\.\d+)/],
  ["Phoenix Browser", /\bPHX\/(\d+\.\d+)/],
  ["Mi Browser", /\bXiaoMi\/(?:MiuiBrowser|Mint Browser)\/(\d+\.\d+)/],
  ["HeyTap Browser", /\b(?:HeyTap|Oppo|Realme)Browser\/(\d+\.\d+)/],
  ["Coc Coc", /\bcoc_coc_browser\/(\d+\.\d+)/],
  ["Sogou Browser", /\bSE 2\.X\b/i],
  ["Ecosia", /\bEcosia \w+@(\d+\.\d+)/],
  ["Whale", /\bWhale\/(\d+\.\d+)/],
  ["Seznam Browser", /\bSznProhlizec\/(\d+\.\d+)/],
  ["AdBlock Browser", /\bABB\/(\d+\.\d+)/],
  ["Hi Browser", /\bHiBrowser\/v?(\d+\.\d+)/],
  ["Odin", /\bOdin\/(\d+\.\d+)/],
  ["LG Browser", /\bLG Browser\/(\d+\.\d+)/],
  ["TV Bro", /^TV Bro\/(\d+\.\d+)/],
  ["Roku Browser", /^RokuBrowser\/(\d+\.\d+)/],
  ["PICO Browser", /\bPicoBrowser\/(\d+\.\d+)/],
  ["Oculus Browser", /\bOculusBrowser\/(\d+\.\d+)/],
  ["Chrome", /^(?=.*?\bAndroid\b)(?=.*?\bBlackBerry\b).*\bChrome\/(\d+\.\d+)/],
  ["Firefox Focus", /\b(?:Focus|Klar)\/(\d+\.\d+)/],
];

/** The same of operating systems. */
export const systemTokens: [SystemWord, RegExp][] = [
  ["Windows Phone", /\b(?:Windows Phone(?: OS)?|wds) (\d+\.\d+)|\bWindows (?:Phone|CE|Mobile)\b|\b(?:XBLWP|ZuneWP)7/],
  ["HarmonyOS", /\bOpenHarmony[ -](\d+(?:\.\d+)?)|\bHarmonyOS(?: (\d+(?:\.\d+)?))?/],
  ["KaiOS", /\bKAIOS\/(\d+\.\d+)/i],
  ["tvOS", /\bAppleTV\d*(?:,\d+)?(?:\/(\d+\.\d+))?|\bApple TV\b|\btvOS\b/],
  ["Roku OS", /\bRoku(?:\/DVP-|OS\/)(\d+\.\d+)|\bRoku/],
  ["VIDAA", /\bVIDAA(?:\/(\d+\.\d+))?/],
  ["TiVo OS", /\bTiVoOS\/(\d+\.\d+)/],
  ["PlayStation", /\bPlayStation(?: \w+)?[ /](\d+\.\d+)|\bPlayStation/i],
  ["Nintendo", /\bNintendo\b/],
  ["Chrome OS", /\bCrOS (?:\w+ )?(\d+\.\d+)|\bCrosArc|\bChromebook/],
  // What it says of a version is untrue.
  ["iOS", IPAD_AS_MAC],
  ["iOS", /^dv\(iP|\biP[hd] OS|^iP(?:hone|ad|od)/],
  ["Android", /\b(?:Andr[o0]id|Adr)[ /-]?(\d+(?:\.\d+)?)|\bSilk-Accelerated/],
  ["macOS", /\bDarwin\/\d.*Mac/],
  ["Symbian", /\bSymbian(?:OS\/(\d+\.\d+))?|\bSeries ?[4689]0\b/],
];

/** And of devices; null: a device that is none of ours, such as a watch. */
export const deviceTokens: [DeviceWord | null, RegExp][] = [
  ["console", /\bNintendo|\bPlayStation|\bXbox\b|\bSteam ?Deck/i],
  [null, /\bVR Safari|\bOculus|\bTesla\/|; (?:SAMSUNG )?SM-R\d/],
  [
    "desktop",
    /\b(?:Free|Open|Net)BSD\b|\bSunOS\b|\bCrOS\b|\bCrosArc|\bChromebook|\b(?:PC|2in1); ?OpenHarmony|\bosmeta\b/,
  ],
  [
    "tv",
    /smart-?tv|hbbtv|ce-html|nettv|netcast|apple ?tv|\btvos\b|bravia|\broku|\bcrkey\b|\bviera|web0s|webos\.tv|vidaa/i,
  ],
  ["tablet", IPAD_AS_MAC],
  ["tablet", /tablet(?! pc)|\biPad\b|\bpad\b|[a-z]pad\b|\bTab\b|\bkindle\b|\bplaybook\b|\bxoom\b|\bpocketbook\b/i],
  ["tablet", /\bKF[A-Z]{2,6}\b|\bSM-[TXP]\d{3}|\bGT-[PN][158]\d{3}|\bLenovo TB|; TB-?[X\d]|\bNexus (?:7|9|10)\b/],
  ["tv", /(?<![a-z])TV(?![a-z])|\bAFT[A-Z0-9]|TV ?Box|; [^;)]*box\b|\bMi ?Box|\bOMI\/|\bGoogle ?TV/i],
  // A set's name begins with its inches, a box's with one of a few words.
  [
    "tv",
    /; (?:24|28|32|39|4\d|5[058]|6[05]|7[057]|8[256]|98)[A-Z]|; (?:X9[68]|X88|H96|T95|TX[369]|MXQ|M8S|A95X|HK1|MECOOL|Tanix)/,
  ],
  [
    "mobile",
    /\bMIDP\b|\bCLDC\b|\bUP\.Browser|\bUCWEB\/|\bWindows (?:CE|Phone|Mobile)\b|\bKAIOS\b|^dv\(iPh|^iPhone|^Dalvik\//i,
  ],
];
