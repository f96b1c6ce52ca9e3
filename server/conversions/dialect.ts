import { registerEnumType } from "#type-graphql";
import { ConversionStatus } from "../catalog/conversion-status.js";
import { CURRENCY_DEFAULT, CURRENCY_RULE } from "../catalog/currency.js";
import { GOAL_KEY_MAX } from "../catalog/goal.js";
import { type WordMeaning } from "../catalog/status-words.js";
import { MONEY_SCALE, ROUNDED_MONEY_RULE } from "../kit/money.js";
import { plainName } from "../kit/parameters.js";
import { STATUS_RULE, UID_MAX } from "./conversion.js";

/** A parameter of ours: the names it is read from (the first that is not empty counts), what it means, and what its absence means. */
interface Parameter {
  names: readonly [string, ...string[]];
  meaning: string;
  absent: string;
}

export const postbackParameters = {
  click: {
    names: ["click", "click_id", "clickid", "cid", "subid", "cnv_id", "aff_click_id"],
    meaning: "the click hash, as {click} passed it on",
    absent: "required",
  },
  goal: {
    names: ["goal", "event", "et"],
    meaning: `key of a goal of the click's flow; at most ${GOAL_KEY_MAX} characters`,
    absent: 'the "Other" bucket',
  },
  status: {
    names: ["status", "cnv_status", "conv_status"],
    meaning: `${STATUS_RULE}, or a word that means one of them`,
    absent: "the key's default status for a new conversion: pending, unless it says another",
  },
  revenue: {
    names: ["revenue", "payout", "sum", "amount", "price"],
    meaning: `${ROUNDED_MONEY_RULE}; more than ${MONEY_SCALE} decimals are rounded`,
    absent: "the goal's revenue, else 0",
  },
  currency: {
    names: ["currency", "cnv_currency"],
    meaning: `${CURRENCY_RULE}, or a word that the key maps to one`,
    absent: `the goal's currency, else ${CURRENCY_DEFAULT}`,
  },
  uid: {
    names: ["uid", "txid", "tid", "transaction_id", "action_id", "order_id"],
    meaning: `the advertiser's user or transaction id; at most ${UID_MAX} characters`,
    absent: "none",
  },
} as const satisfies Record<string, Parameter>;

export type PostbackParameter = keyof typeof postbackParameters;

/** The convention that a postback's URL is written in. */
export enum PostbackDialect {
  WAYPOST = "WAYPOST",
  KEITARO = "KEITARO",
}
registerEnumType(PostbackDialect, {
  name: "PostbackDialect",
  description: "The convention that a postback's URL is written in.",
  valuesConfig: {
    WAYPOST: { description: "Ours: /postback/{key}." },
    KEITARO: { description: "Keitaro's: /{key}/postback, where only Keitaro's names count." },
  },
});

/** What differs between the conventions; everything else is read alike. */
export interface Dialect {
  /** The names of each parameter; none: the convention does not have it. */
  names: Record<PostbackParameter, readonly string[]>;
  /** The names of the parameters that list the words for each meaning of a status; each of them counts. */
  lists: Record<WordMeaning, readonly string[]>;
  /** Words for an approved status that are built in here alone. */
  approvedWords: readonly string[];
  /** The status that is meant where none is named; null: the key says which one a new conversion has. */
  unnamedStatus: ConversionStatus | null;
  /** The parameter that says by which text a postback that was taken is answered; none: always by JSON. */
  answer: readonly string[];
  /** Whether what stands behind a click hash is only worth a warning. */
  allowsTail: boolean;
}

export const dialects: Record<PostbackDialect, Dialect> = {
  WAYPOST: {
    names: Object.fromEntries(
      Object.entries(postbackParameters).map(([parameter, { names }]) => [parameter, names]),
    ) as unknown as Dialect["names"],
    lists: {
      PENDING: ["pending_status"],
      APPROVED: ["approved_status"],
      REJECTED: ["rejected_status"],
      IGNORE: ["ignore_status"],
    },
    approvedWords: [],
    unnamedStatus: null,
    answer: [],
    allowsTail: false,
  },
  KEITARO: {
    names: {
      click: ["subid"],
      goal: [],
      status: ["status"],
      revenue: ["payout", "revenue"],
      currency: ["currency"],
      uid: ["tid"],
    },
    lists: {
      PENDING: ["lead_status"],
      APPROVED: ["sale_status"],
      REJECTED: ["rejected_status", "reject_status", "trash_status"],
      IGNORE: ["ignore_status", "ignore"],
    },
    approvedWords: ["dep", "deposit"],
    unnamedStatus: ConversionStatus.APPROVED,
    answer: ["return"],
    allowsTail: true,
  },
};

/** Whether a parameter of this name is read, in whatever spelling. */
export function isReadIn(dialect: Dialect): (name: string) => boolean {
  const names = new Set([...Object.values(dialect.names), ...Object.values(dialect.lists), dialect.answer].flat());
  return (name) => names.has(plainName(name));
}
