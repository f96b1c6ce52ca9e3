import { CURRENCY_RULE } from "../catalog/currency.js";
import { GOAL_KEY_MAX } from "../catalog/goal.js";
import { codePointOf, excerpt, withInvisibleNamed } from "../kit/errors.js";
import { ROUNDED_MONEY_RULE } from "../kit/money.js";
import { STATUS_RULE, UID_MAX } from "./conversion.js";

/** Largest body of a postback, in bytes. */
export const BODY_MAX = 64 * 1024;

/** A way in which a postback can end. */
export interface Reason {
  /** The HTTP status of the answer. */
  status: number;
  /** What happened to this one: it names the thing, the value and what is allowed. */
  message: (...details: never[]) => string;
  /** Why that happens. */
  cause: string;
  /** What to do about it; null: nothing. */
  cure: string | null;
}

const said = (name: string, value: string, length?: number) =>
  `The parameter "${name}" is "${excerpt(withInvisibleNamed(value), length)}"`;
/** A character that is in the wrong place; with its number where it may look like another, or like nothing. */
const named = (character: string) => {
  const seen = withInvisibleNamed(character);
  if (seen !== character) return codePointOf(character);
  return /^[!#-~]$/.test(character) ? `"${character}"` : `"${character}" (${codePointOf(character)})`;
};
/** Where click hashes stand though none is read there, and as what to send the one that counts. */
export function hashesElsewhere(name: string, paths: string[]): string {
  const [first = "", ...others] = paths;
  return others.length === 0
    ? `a click hash stands under ${path(first)}: send it as ${name}.`
    : `click hashes stand under ${[first, ...others].map(path).join(" and under ")}: send the one that counts as ${name}.`;
}
const path = (sent: string) => excerpt(withInvisibleNamed(sent));
const REPLACE_MACRO =
  "In the advertiser's postback URL, put their own macro for it in this place, written exactly as their documentation has it.";
const PASS_THE_HASH =
  "Check that the destination URL passes {click} on to the advertiser, and that they send back that value whole.";
const MAP_THE_WORD =
  "Map the word in the status words of the postback key, and replay the postback. Or have the URL map it from now on, by approved_status= or another of the lists that the message names; on Keitaro's path it is sale_status=.";

/**
 * Every way in which a postback can end. The list is closed; codes are stable and never reused, and no two causes share one.
 * Answer, postback log, help and metrics say the same words: advertisers read them, and operators.
 */
export const postbackCodes = {
  RECORDED: {
    status: 200,
    message: () => "The conversion is recorded.",
    cause: "It is the first postback of this click with this goal and uid.",
    cure: null,
  },
  UPDATED: {
    status: 200,
    message: (changes: string) => `The conversion is updated: ${changes}.`,
    cause:
      "A conversion of this click with this goal and uid was there, and the postback named something new. On Keitaro's path the first tid of a click is the uid of its pending conversion without one.",
    cure: null,
  },
  REPEATED: {
    status: 200,
    message: () => "An exact repeat: the conversion is as it was.",
    cause: "A conversion of this click with this goal and uid was there, and the postback named nothing new.",
    cure: "If it was another sale, have a uid of its own sent with each, such as the order number.",
  },
  SUPERSEDED: {
    status: 200,
    message: () =>
      "The conversion stays as it is, since what was said of it otherwise counts: this postback is kept in its history only.",
    cause:
      "Two postbacks for one conversion overtook each other, and the one that arrived later counts. Or, on Keitaro's path, a lead came for a conversion that is approved or rejected, or a postback without a status for one that is rejected: it takes nothing back.",
    cure: null,
  },
  IGNORED: {
    status: 200,
    message: (name: string, word: string, by: string) =>
      `${said(name, word)}, a word that is to be ignored, as ${by} says: nothing is recorded.`,
    cause: "The word for the status is mapped to ignore, in the URL or in the postback key.",
    cure: "If it should count, map the word to pending, approved or rejected.",
  },
  ACCEPTED: {
    status: 202,
    message: () => "It is stored and will be processed by itself: there is no need to send it again.",
    cause:
      "What becomes of it cannot be decided yet: the database is away, or its click may still come from a tracker that has yet to report. It waits for a day at most.",
    cure: null,
  },
  KEY_UNKNOWN: {
    status: 401,
    message: () => "There is no such postback key: check the part of the URL that is the key.",
    cause: "The key in the URL is not one of the postback keys.",
    cure: "Copy the postback URL again from Postback keys, or make a postback key that is this one. Have earlier postbacks sent again: they cannot be replayed, since the log does not keep a key that nobody knows.",
  },
  KEY_DELETED: {
    status: 401,
    message: () => "This postback key has been deleted: ask for a new postback URL.",
    cause: "The key in the URL was a postback key and has been deleted.",
    cure: "Give out the URL of another key, or take this one over again by making a postback key that is the same.",
  },
  CLICK_UNREPLACED: {
    status: 404,
    message: (name: string, macro: string) =>
      `${said(name, macro)}, which nobody has replaced by a click hash: put the advertiser's own macro for it there.`,
    cause:
      "Where the click hash should be is a macro still, or a word for nothing such as null: the advertiser does not know the macro by that name, or was never given a value for it.",
    cure: `${REPLACE_MACRO} It is the one under which they got {click}.`,
  },
  CLICK_ENCODED_TWICE: {
    status: 404,
    message: (name: string, value: string, decoded: string) =>
      `${said(name, value)}, which is encoded twice: it should be "${excerpt(decoded)}".`,
    cause: "The click hash was encoded for the URL twice on its way, so that it holds escapes such as %25.",
    cure: "Use a macro of the advertiser that is not encoded, or take one of the two encodings out.",
  },
  CLICK_WRONG_CHARACTER: {
    status: 404,
    message: (name: string, value: string, character: string) =>
      `${said(name, value)}, which cannot be a click hash: ${named(character)} is not one of its characters, 0-9 and a-f.`,
    cause:
      "What was sent is not a click hash: an id of the advertiser's own, a name, or a hash that was changed on its way, such as by dashes, quotes or an invisible character.",
    cure: PASS_THE_HASH,
  },
  CLICK_TOO_SHORT: {
    status: 404,
    message: (name: string, value: string, length: string) =>
      `${said(name, value)} with ${length} characters: a click hash has 32.`,
    cause: "The click hash was cut on its way, or it is an id of somebody else's.",
    cure: `${PASS_THE_HASH} Their field for it must hold 32 characters.`,
  },
  CLICK_TOO_LONG: {
    status: 404,
    message: (name: string, value: string, length: string) =>
      `${said(name, value)} with ${length} characters: a click hash has 32.`,
    cause: "Something was added to the click hash on its way, or it is an id of somebody else's.",
    cure: PASS_THE_HASH,
  },
  CLICK_UNKNOWN: {
    status: 404,
    message: (click: string, origin: string) => `The click hash "${click}" was not found. ${origin}`,
    cause:
      "It has the form of a click hash, but there is no such click: it comes from another tracker or another Waypost, or was made up.",
    cure: "Check that the click came through a tracking URL of this Waypost, and that the advertiser sends back its {click} and not an id of another tracker.",
  },
  FLOW_DELETED: {
    status: 404,
    message: (flow: string) => `The flow "${excerpt(flow)}" of this click has been deleted.`,
    cause: "The click's flow has been deleted.",
    cure: "Restore the flow, then replay the postback. To stop visitors but not conversions, pause or archive a flow.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: (method: string) => `A postback is sent by GET or POST, not by ${excerpt(method, 20)}.`,
    cause: "The request was neither a GET nor a POST.",
    cure: "Have it sent by GET.",
  },
  BODY_TOO_LARGE: {
    status: 413,
    message: () => `The body has more than ${BODY_MAX / 1024} KiB: send the parameters alone.`,
    cause: "Far more was sent in the body than a postback needs.",
    cure: "Have the parameters sent alone.",
  },
  HEAD_TOO_LARGE: {
    status: 431,
    message: () => "The request's head has more than 16 KiB: shorten the URL or send a body.",
    cause: "URL and headers are too long to be read. Such a request is not in the postback log.",
    cure: "Have the parameters sent alone, or by POST.",
  },
  CLICK_MISSING: {
    status: 422,
    message: (name: string) => `The parameter "${name}" is missing: put the click hash into the postback URL.`,
    cause: "No click hash was sent, or an empty one: then the advertiser never got it.",
    cure: `${PASS_THE_HASH} On Keitaro's path only subid is read.`,
  },
  CLICK_ELSEWHERE: {
    status: 422,
    message: (name: string, paths: string[]) =>
      `The parameter "${name}" is missing, but ${hashesElsewhere(name, paths)}`,
    cause: "The advertiser got the click hash and sends it back, but under a name or in a place where none is read.",
    cure: "Have it sent under the name that the message asks for, as a parameter of its own: in the URL, in a form, or at the top of one JSON object with its content type.",
  },
  BODY_UNREADABLE: {
    status: 422,
    message: (reason: string) => `The body cannot be read: ${reason}`,
    cause:
      "The body is no form and no JSON object, is not what its content type says, or is compressed; and the URL alone names no click.",
    cure: "Have the parameters sent in the URL, as a form, or as one JSON object, with the content type of what it is, and not compressed.",
  },
  PARAMETER_TWICE: {
    status: 422,
    message: (name: string, values: string) =>
      `The parameter "${name}" is given more than once (${excerpt(values)}): send it once.`,
    cause: "One parameter stands in the URL, or in the body, more than once.",
    cure: "Take one of the two out.",
  },
  PARAMETER_NOT_TEXT: {
    status: 422,
    message: (name: string, value: string) =>
      `The parameter "${name}" is ${excerpt(value)}, which is neither text nor a number: send its value alone.`,
    cause: "In a JSON body a parameter is a list, an object, or true or false.",
    cure: "Have its value sent alone, as text or as a number.",
  },
  GOAL_TOO_LONG: {
    status: 422,
    message: (name: string, value: string, length: string) =>
      `${said(name, value, 40)} with ${length} characters: a goal has at most ${GOAL_KEY_MAX}.`,
    cause: "The goal is longer than the key of any goal.",
    cure: REPLACE_MACRO,
  },
  UID_TOO_LONG: {
    status: 422,
    message: (name: string, value: string, length: string) =>
      `${said(name, value, 40)} with ${length} characters: a uid has at most ${UID_MAX}.`,
    cause: "The uid is longer than an id of a user or transaction is.",
    cure: REPLACE_MACRO,
  },
  STATUS_UNKNOWN: {
    status: 422,
    message: (name: string, word: string, lists: string) =>
      `${said(name, word)}, a word that nobody has mapped: it must be ${STATUS_RULE}, or be mapped in the postback key's status words or by adding one of ${lists} to the URL.`,
    cause:
      "The word for the status means nothing yet: it is neither built in, nor mapped in the postback key, nor in the URL.",
    cure: MAP_THE_WORD,
  },
  STATUS_LIST: {
    status: 422,
    message: (name: string, list: string) =>
      `${said(name, list)}, a list of words: put the advertiser's macro for the status there, or one of the words.`,
    cause: "The template lists the words that the network may send, and nobody has put one in their place.",
    cure: REPLACE_MACRO,
  },
  STATUS_MAPPED_TWICE: {
    status: 422,
    message: (word: string, one: string, other: string) =>
      `The word "${excerpt(word)}" stands in "${one}" and in "${other}": it can mean one thing only.`,
    cause: "One word stands in two of the lists in the URL.",
    cure: "Take the word out of one of the two lists.",
  },
  REVENUE_UNUSABLE: {
    status: 422,
    message: (name: string, value: string) => `${said(name, value)}: it must be ${ROUNDED_MONEY_RULE}.`,
    cause:
      "The amount is no number that can be used: it is too large, has an exponent, is two amounts, or has something else in it.",
    cure: `Have one amount alone sent, as ${ROUNDED_MONEY_RULE}. Or have it left out: a new conversion has the goal's revenue then, and one that is there keeps its own.`,
  },
  REVENUE_NEGATIVE: {
    status: 422,
    message: (name: string, value: string) =>
      `${said(name, value)}, which is negative: to take a conversion back, send the same uid with status=rejected.`,
    cause: "The amount has a minus or stands in brackets: a refund or a chargeback.",
    cure: "Have the conversion rejected: the same click, goal and uid again with status=rejected, on Keitaro's path the same subid and tid. No amount is needed then; one that is sent does no harm.",
  },
  REVENUE_AMBIGUOUS: {
    status: 422,
    message: (name: string, value: string, decimal: string, thousands: string) =>
      `${said(name, value)}, which can be read as ${decimal} and as ${thousands}: send it with a point as the decimal sign, or without a comma.`,
    cause: "One comma before exactly three digits: nobody can tell decimals from thousands.",
    cure: "Have the amount sent with a point as the decimal sign and without separators of thousands.",
  },
  REVENUE_CURRENCY: {
    status: 422,
    message: (name: string, value: string, sign: string, currency: string) =>
      `${said(name, value)} with "${excerpt(sign, 8)}", but the currency that is named beside it is ${currency}: leave one of the two out.`,
    cause: "A sign or code in the amount and the currency that is named beside it contradict each other.",
    cure: "Have one of the two left out.",
  },
  CURRENCY_UNKNOWN: {
    status: 422,
    /** @param inAmount  what is wrong with a sign or code in an amount. */
    message: (name: string, value: string, inAmount = "") =>
      inAmount
        ? `${said(name, value)}, and ${inAmount}: send a currency that has an ISO 4217 code beside the amount, or have the postback key's currency words say which one it is.`
        : `${said(name, value)}: it must be ${CURRENCY_RULE}, or be mapped to one in the postback key's currency words.`,
    cause:
      "The word for the currency means nothing yet: it is no ISO 4217 code, and the postback key does not map it. Or an amount has a sign of several currencies, none of them the default.",
    cure: "If it stands for a currency, as USDT does for USD, map it in the currency words of the postback key, and replay the postback. Or have USD, EUR and so on sent from now on.",
  },
  INTERNAL: {
    status: 500,
    message: () => "Something went wrong on our side; nothing was recorded. Please send it again.",
    cause: "A mistake of ours; nothing was recorded.",
    cure: "Have it sent again, and tell whoever runs the server to look into its log.",
  },
  STORAGE_DOWN: {
    status: 503,
    message: () => "Nothing can be stored at the moment: please send it again.",
    cause:
      "The database could not be reached, and without it the postback could be kept nowhere. Such a request is not in the postback log.",
    cure: "When the database is back, have it sent again. That is always safe: a postback never counts twice.",
  },
} as const satisfies Record<string, Reason>;

export type PostbackCode = keyof typeof postbackCodes;

/** What is known of a code; null of one that is used no more: the log keeps what was answered. */
export function reasonOf(code: string): Reason | null {
  return Object.hasOwn(postbackCodes, code) ? postbackCodes[code as PostbackCode] : null;
}
