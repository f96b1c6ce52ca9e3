import { excerpt, withInvisibleNamed } from "../kit/errors.js";
import { MONEY_SCALE } from "../kit/money.js";
import { hashesElsewhere } from "./postback-codes.js";

/** What is said beside the code of a postback that has something to be mended: sentences behind its message. */
export const postbackWarnings = {
  nothing: (name: string, value: string) =>
    `Warning: the parameter "${name}" is ${value === "" ? "empty" : `"${excerpt(withInvisibleNamed(value))}", which nobody has replaced by a value,`} and counts as left out.`,
  bodyUnreadable: (reason: string) =>
    `Warning: the parameters in the URL count alone, since the body cannot be read: ${reason}`,
  signAmbiguous: (sign: string) =>
    `Warning: "${excerpt(sign, 8)}" is the sign of several currencies and does not say which.`,
  oneAmountOfTwo: (name: string, value: string) =>
    `Warning: the parameter "${name}" is "${excerpt(value)}", with an amount on one side of a comma and nothing on the other side; that amount counts.`,
  amountRounded: (name: string, value: string, amount: string) =>
    `Warning: the parameter "${name}" is "${excerpt(value)}", with more than ${MONEY_SCALE} decimals, and is rounded to ${amount}.`,
  amountNeedless: (name: string, value: string) =>
    `Warning: the parameter "${name}" is "${excerpt(value)}", which cannot be used, but no amount is needed here: amount and currency count as left out.`,
  clickTail: (name: string, tail: string) =>
    `Warning: the parameter "${name}" goes on behind the click hash; "${excerpt(tail)}" does not count.`,
  clickElsewhere: (name: string, paths: string[]) => `Warning: ${hashesElsewhere(name, paths)}`,
  goalUndefined: (goal: string) =>
    `Warning: it counts in "Other", since the flow has no goal with the key "${excerpt(goal)}".`,
};
