import { readCurrency } from "../catalog/currency.js";
import { GOAL_KEY_MAX } from "../catalog/goal.js";
import { lengthOf } from "../kit/column.js";
import { formatMoney, readMoney } from "../kit/money.js";
import { UID_MAX } from "./conversion.js";
import { ConversionStatus } from "./conversion-status.js";
import { refusal } from "./postback-codes.js";
import { type SentParameters } from "./read-body.js";

/** Our parameters, each with the names it is read from: the first that is not empty counts. */
export const postbackParameters = {
  click: ["click", "click_id", "clickid", "cid", "subid", "cnv_id", "aff_click_id"],
  goal: ["goal", "event", "et"],
  status: ["status", "cnv_status", "conv_status"],
  revenue: ["revenue", "payout", "sum", "amount", "price"],
  currency: ["currency", "cnv_currency"],
  uid: ["uid", "txid", "tid", "transaction_id", "action_id", "order_id"],
} as const;

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
export function readPostback(sent: SentParameters): Postback {
  const click = find(sent, "click");
  if (!click) throw refusal("CLICK_MISSING");
  return {
    click: click.value,
    goal: read(sent, "goal", ({ name, value }) => {
      if (lengthOf(value) > GOAL_KEY_MAX) throw refusal("GOAL_TOO_LONG", name, lengthOf(value));
      return value;
    }),
    status: read(sent, "status", ({ name, value }) => {
      const status = value.toUpperCase();
      if (!Object.hasOwn(ConversionStatus, status)) throw refusal("STATUS_UNKNOWN", name, value);
      return status as ConversionStatus;
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
      if (lengthOf(value) > UID_MAX) throw refusal("UID_TOO_LONG", name, lengthOf(value));
      return value;
    }),
  };
}

/** What is shown of a parameter in the log, also of a postback that cannot be read. */
export function asSent(sent: SentParameters, parameter: PostbackParameter): string | null {
  for (const name of postbackParameters[parameter]) {
    const text = sent
      .get(name)
      ?.map(textOf)
      .find((value) => value);
    if (text) return text;
  }
  return null;
}

function read<T>(sent: SentParameters, parameter: PostbackParameter, parse: (found: Found) => T): T | null {
  const found = find(sent, parameter);
  return found && parse(found);
}

function find(sent: SentParameters, parameter: PostbackParameter): Found | null {
  for (const name of postbackParameters[parameter]) {
    const values = sent.get(name);
    if (!values) continue;
    if (values.length > 1) throw refusal("PARAMETER_TWICE", name);
    const value = textOf(values[0]);
    if (value === null) throw refusal("PARAMETER_NOT_TEXT", name);
    if (value) return { name, value };
  }
  return null;
}

/** A value's text, trimmed; null when it is neither text nor nothing. JSON numbers are text by now. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value.toWellFormed().trim() : null;
}
