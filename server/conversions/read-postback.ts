import { CURRENCY_DEFAULT, CURRENCY_RULE, readCurrency } from "../catalog/currency.js";
import { GOAL_KEY_MAX } from "../catalog/goal.js";
import { lengthOf } from "../kit/column.js";
import { formatMoney, MONEY_RULE, readMoney } from "../kit/money.js";
import { STATUS_RULE, UID_MAX } from "./conversion.js";
import { ConversionStatus } from "./conversion-status.js";
import { refusal } from "./postback-codes.js";
import { type Sent } from "./read-body.js";

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
    meaning: STATUS_RULE,
    absent: "pending for a new conversion",
  },
  revenue: {
    names: ["revenue", "payout", "sum", "amount", "price"],
    meaning: MONEY_RULE,
    absent: "the goal's revenue, else 0",
  },
  currency: {
    names: ["currency", "cnv_currency"],
    meaning: CURRENCY_RULE,
    absent: `the goal's currency, else ${CURRENCY_DEFAULT}`,
  },
  uid: {
    names: ["uid", "txid", "tid", "transaction_id", "action_id", "order_id"],
    meaning: `the advertiser's user or transaction id; at most ${UID_MAX} characters`,
    absent: "none",
  },
} as const satisfies Record<string, Parameter>;

export type PostbackParameter = keyof typeof postbackParameters;

/** What a postback says; null where it says nothing. */
export interface Postback {
  /** The click hash as sent, trimmed. */
  click: string;
  goal: string | null;
  status: ConversionStatus | null;
  /** With four decimals. */
  revenue: string | null;
  currency: string | null;
  uid: string | null;
}

/** A parameter as it was found: under which name, and its text, trimmed and not empty. */
interface Found {
  name: string;
  value: string;
}

/**
 * Reads a postback's parameters.
 *
 * @throws CLICK_MISSING, PARAMETER_TWICE, PARAMETER_NOT_TEXT, GOAL_TOO_LONG, STATUS_UNKNOWN, REVENUE_UNUSABLE,
 * CURRENCY_UNKNOWN, UID_TOO_LONG
 */
export function readPostback(sent: Sent): Postback {
  const click = find(sent, "click");
  if (!click) throw refusal("CLICK_MISSING");
  return {
    click: click.value,
    goal: read(sent, "goal", ({ name, value }) => {
      if (lengthOf(value) > GOAL_KEY_MAX) throw refusal("GOAL_TOO_LONG", name, value, lengthOf(value));
      return value;
    }),
    status: read(sent, "status", ({ name, value }) => {
      const status = Object.values(ConversionStatus).find((known) => known.toLowerCase() === value.toLowerCase());
      if (!status) throw refusal("STATUS_UNKNOWN", name, value);
      return status;
    }),
    revenue: read(sent, "revenue", ({ name, value }) => {
      const amount = readMoney(value);
      if (amount === null) throw refusal("REVENUE_UNUSABLE", name, value);
      return formatMoney(amount);
    }),
    currency: read(sent, "currency", ({ name, value }) => {
      const currency = readCurrency(value);
      if (!currency) throw refusal("CURRENCY_UNKNOWN", name, value);
      return currency;
    }),
    uid: read(sent, "uid", ({ name, value }) => {
      if (lengthOf(value) > UID_MAX) throw refusal("UID_TOO_LONG", name, value, lengthOf(value));
      return value;
    }),
  };
}

/** What is shown of a parameter in the log, also of a postback that cannot be read. */
export function asSent(sent: Sent, parameter: PostbackParameter): string | null {
  for (const { values } of occurrences(sent, parameter)) {
    const text = values.map(textOf).find((value) => value);
    if (text) return text;
  }
  return null;
}

function read<T>(sent: Sent, parameter: PostbackParameter, parse: (found: Found) => T): T | null {
  const found = find(sent, parameter);
  return found && parse(found);
}

function find(sent: Sent, parameter: PostbackParameter): Found | null {
  const found = occurrences(sent, parameter);
  for (const { name, values } of found) {
    if (values.length > 1) throw refusal("PARAMETER_TWICE", name, JSON.stringify(values));
  }
  for (const { name, values } of found) {
    const value = textOf(values[0]);
    if (value === null) throw refusal("PARAMETER_NOT_TEXT", name, JSON.stringify(values[0]));
    if (value) return { name, value };
  }
  return null;
}

/** Where a parameter was sent, in the order in which its names count: those of the body before those of the query. */
function occurrences({ body, query }: Sent, parameter: PostbackParameter): { name: string; values: unknown[] }[] {
  return [body, query].flatMap((part) =>
    postbackParameters[parameter].names.flatMap((name) => {
      const values = part.get(name);
      return values ? [{ name, values }] : [];
    }),
  );
}

/** A value's text, trimmed; null when it is neither text nor nothing. JSON numbers are text by now. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value.toWellFormed().trim() : null;
}
