import { isbot } from "isbot";

/** Bots that isbot does not know: Office looks ahead at links in mails and documents, Viber at those in messages. */
const FURTHER = /\bms-?office\b|\bMicrosoft Office\b|\bGTmetrix\b|^(?:Viber|Dart)\//i;

/** The name of a device, where words such as Discovery mean nothing, unless it says more than a name does. */
const DEVICE_NAME =
  /(\bAndr[o0]id [^;()]{0,20};(?: [a-z]{2}[-_]\w{2};)?)(?![^;()]*(?:https?:|crawl|spider|bot\/))[^;()]*/i;
/** Where apps say the device's name once more. */
const NAMED_AGAIN =
  /\bFBDV\/[^;\]]*|(?:\b(?:Instagram|Barcelona|Telegram-Android)|Snapchat)[\w./ ]{0,40}\([^()]{0,200}\)/g;
/** People's things that speak in forms which are bots' elsewhere: television sets, old phones, and apps with odd words. */
const PEOPLES =
  /hbbtv|ce-html|nettv|smart-?tv|vidaa|\bMIDP-|\bUP\.Browser|\bDolfin\/|^dv\(iP|^AppleTV|MicroMessenger|Process\/tools/i;
/** What no person's thing says. */
const SURELY = /bot\b|crawl|spider|preview|scan|https?:/i;

/** Whether a user agent is a bot's. A visit without one is. */
export function isBot(userAgent: string): boolean {
  if (userAgent === "" || FURTHER.test(userAgent)) return true;
  if (!isbot(userAgent)) return false;
  const rest = userAgent.replace(DEVICE_NAME, "$1").replace(NAMED_AGAIN, "");
  return PEOPLES.test(rest) ? SURELY.test(rest) : isbot(rest);
}
