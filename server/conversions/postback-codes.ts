import { CURRENCY_RULE } from "../catalog/currency.js";
import { GOAL_KEY_MAX } from "../catalog/goal.js";
import { excerpt } from "../kit/errors.js";
import { MONEY_RULE } from "../kit/money.js";
import { STATUS_RULE, UID_MAX } from "./conversion.js";

/** Largest body of a postback, in bytes. */
export const BODY_MAX = 64 * 1024;

/**
 * Every answer to a postback: code, HTTP status, message. The list is closed; codes are stable and never reused.
 * The messages are read by advertisers and, in the postback log, by operators: they name the thing, the value and the cure.
 */
export const postbackCodes = {
  RECORDED: { status: 200, message: () => "The conversion is recorded." },
  UPDATED: { status: 200, message: (changes: string) => `The conversion is updated: ${changes}.` },
  REPEATED: { status: 200, message: () => "An exact repeat: the conversion is as it was." },
  SUPERSEDED: {
    status: 200,
    message: () => "A later postback for this conversion was processed before: this one is kept in its history only.",
  },
  ACCEPTED: {
    status: 202,
    message: () => "It is stored and will be processed by itself: there is no need to send it again.",
  },
  KEY_UNKNOWN: {
    status: 401,
    message: () => "There is no such postback key: check the part of the URL after /postback/.",
  },
  KEY_DELETED: { status: 401, message: () => "This postback key has been deleted: ask for a new postback URL." },
  CLICK_MALFORMED: {
    status: 404,
    message: (click: string) =>
      `"${excerpt(click)}" cannot be a click hash, which has 32 characters of 0-9 and a-f: check that {click} is passed from the landing page to the advertiser.`,
  },
  CLICK_UNKNOWN: {
    status: 404,
    message: (click: string) =>
      `The click hash "${click}" was not found: check that {click} is passed from the landing page to the advertiser.`,
  },
  FLOW_DELETED: {
    status: 404,
    message: (flow: string) => `The flow "${excerpt(flow)}" of this click has been deleted.`,
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: (method: string) => `A postback is sent by GET or POST, not by ${excerpt(method, 20)}.`,
  },
  BODY_TOO_LARGE: {
    status: 413,
    message: () => `The body has more than ${BODY_MAX / 1024} KiB: send the parameters alone.`,
  },
  HEAD_TOO_LARGE: {
    status: 431,
    message: () => "The request's head has more than 16 KiB: shorten the URL or send a body.",
  },
  CLICK_MISSING: {
    status: 422,
    message: () => 'The parameter "click" is missing: put the click hash into the postback URL.',
  },
  BODY_UNREADABLE: { status: 422, message: (reason: string) => `The body cannot be read: ${reason}` },
  PARAMETER_TWICE: {
    status: 422,
    message: (name: string, values: string) =>
      `The parameter "${name}" is given more than once (${excerpt(values)}): send it once.`,
  },
  PARAMETER_NOT_TEXT: {
    status: 422,
    message: (name: string, value: string) =>
      `The parameter "${name}" is ${excerpt(value)}, which is neither text nor a number: send its value alone.`,
  },
  GOAL_TOO_LONG: {
    status: 422,
    message: (name: string, value: string, length: number) =>
      `The parameter "${name}" is "${excerpt(value, 40)}" with ${length} characters: a goal has at most ${GOAL_KEY_MAX}.`,
  },
  UID_TOO_LONG: {
    status: 422,
    message: (name: string, value: string, length: number) =>
      `The parameter "${name}" is "${excerpt(value, 40)}" with ${length} characters: a uid has at most ${UID_MAX}.`,
  },
  STATUS_UNKNOWN: {
    status: 422,
    message: (name: string, value: string) =>
      `The parameter "${name}" is "${excerpt(value)}": it must be ${STATUS_RULE}.`,
  },
  REVENUE_UNUSABLE: {
    status: 422,
    message: (name: string, value: string) =>
      `The parameter "${name}" is "${excerpt(value)}": it must be ${MONEY_RULE}.`,
  },
  CURRENCY_UNKNOWN: {
    status: 422,
    message: (name: string, value: string) =>
      `The parameter "${name}" is "${excerpt(value)}": it must be ${CURRENCY_RULE}.`,
  },
  INTERNAL: {
    status: 500,
    message: () => "Something went wrong on our side; nothing was recorded. Please send it again.",
  },
  STORAGE_DOWN: { status: 503, message: () => "Nothing can be stored at the moment: please send it again." },
} as const satisfies Record<string, { status: number; message: (...details: never[]) => string }>;

export type PostbackCode = keyof typeof postbackCodes;

/** A postback that cannot be taken. */
export class PostbackRefusal extends Error {
  readonly code: PostbackCode;

  constructor(readonly verdict: Verdict) {
    super(verdict.message);
    this.code = verdict.code;
  }
}

/** A code with its message in full. */
export interface Verdict {
  code: PostbackCode;
  message: string;
}

/** Fills in the message of a code. */
export function verdict<C extends PostbackCode>(
  code: C,
  ...details: Parameters<(typeof postbackCodes)[C]["message"]>
): Verdict {
  const message = postbackCodes[code].message as (...details: unknown[]) => string;
  return { code, message: message(...details) };
}

export function refusal<C extends PostbackCode>(
  code: C,
  ...details: Parameters<(typeof postbackCodes)[C]["message"]>
): PostbackRefusal {
  return new PostbackRefusal(verdict(code, ...details));
}
