import { Field, ObjectType } from "#type-graphql";
import { ConversionStatus } from "../catalog/conversion-status.js";
import { CURRENCY_DEFAULT } from "../catalog/currency.js";
import { type KeyRules, NO_RULES } from "../catalog/postback-key.js";
import { dialects } from "../conversions/dialect.js";
import { FILL_IN, type NetworkTemplate, type Value } from "./network.js";

@ObjectType({ description: "What a preset leaves to the operator." })
export class PresetNote {
  @Field(() => String, { description: "The parameter of the postback URL that it is about." }) parameter!: string;
  @Field(() => String, { description: "What to do, in words." }) text!: string;
}

@ObjectType({ description: "What an operator enters at a network and in a flow, so that conversions arrive." })
export class NetworkPreset {
  @Field(() => String, { description: "The postback URL, to be pasted at the network." }) postbackUrl!: string;
  @Field(() => String, { description: "What to add to the destination URL of the path that leads to the network." })
  destination!: string;
  @Field(() => ConversionStatus, {
    nullable: true,
    description: "What the key's default status should be, since the network sends no status; null: as it is.",
  })
  defaultStatus!: ConversionStatus | null;
  @Field(() => [PresetNote], { description: "What is left to do." }) notes!: PresetNote[];
}

/**
 * @param postbackUrl  of the key whose postbacks they are to be.
 * @param key  what the key says; left out: what a new one does.
 */
export function networkPreset(
  template: NetworkTemplate,
  postbackUrl: string,
  { defaultStatus }: KeyRules = NO_RULES,
): NetworkPreset {
  const { destination, click, revenue, currency, uid, status } = template;
  const { pending, approved, rejected } = template;
  const { names, lists } = dialects.WAYPOST;
  // Macros stay as they are: the network looks for them letter by letter.
  const parameters: [names: readonly string[], value: Value | undefined][] = [
    [names.click, click],
    [names.revenue, revenue],
    [names.currency, currency],
    [names.uid, uid],
    [names.status, status],
    [lists.PENDING, pending && wordList(pending)],
    [lists.APPROVED, approved && wordList(approved)],
    [lists.REJECTED, rejected && wordList(rejected)],
  ];
  const query = parameters
    .filter(([, value]) => value !== undefined)
    .map(([[name], value]) => `${name}=${Array.isArray(value) ? FILL_IN : value}`)
    .join("&");
  // Who sends no status sends what pays: networks without one report sales alone.
  const isUnset = status === undefined && defaultStatus !== ConversionStatus.APPROVED;
  return {
    postbackUrl: `${postbackUrl}?${query}`,
    destination,
    defaultStatus: isUnset ? ConversionStatus.APPROVED : null,
    notes: notesOn(template, defaultStatus),
  };
}

/** Lists are separated by commas, which the words themselves never hold. */
function wordList(words: string[]): string {
  return words.map(encodeURIComponent).join(",");
}

function notesOn(template: NetworkTemplate, defaultStatus: ConversionStatus): PresetNote[] {
  const texts = {
    revenue: revenueNote(template),
    currency: currencyNote(template),
    status: statusNote(template, defaultStatus),
  };
  return Object.entries(texts).flatMap(([parameter, text]) => (text ? { parameter, text } : []));
}

function revenueNote({ revenue }: NetworkTemplate): string | null {
  if (revenue === undefined) return "The network sends no amount: a conversion earns the revenue of its goal.";
  if (revenue === FILL_IN) return `Write the amount for ${FILL_IN}, or the network's macro for it.`;
  if (Array.isArray(revenue)) return `Write for ${FILL_IN} what you are paid by: ${oneOf(revenue)}.`;
  return null;
}

function currencyNote({ currency }: NetworkTemplate): string | null {
  if (currency === undefined) {
    return `The network sends no currency: amounts are in that of the goal, else in ${CURRENCY_DEFAULT}. Where it pays in another, add it, such as &currency=EUR.`;
  }
  if (currency === FILL_IN) return `Write for ${FILL_IN} the currency that the network pays in, such as EUR.`;
  if (Array.isArray(currency)) return `Write for ${FILL_IN} the currency that you are paid in: ${oneOf(currency)}.`;
  return null;
}

function statusNote(
  { status, pending = [], approved = [], rejected = [] }: NetworkTemplate,
  defaultStatus: ConversionStatus,
): string | null {
  if (status === undefined) {
    const stands = `The network sends no status: a new conversion has this key's default status, ${defaultStatus.toLowerCase()}.`;
    if (defaultStatus === ConversionStatus.APPROVED) return stands;
    return `${stands} Set it to approved, so that what the network reports counts as revenue; give the network a key of its own.`;
  }
  if (status !== FILL_IN) return null;
  const words = [...pending, ...approved, ...rejected];
  const choice = oneOf(words.length > 0 ? words : ["pending", "approved", "rejected"]);
  return `The network has no macro for the status: enter one URL for each of its events, and write for ${FILL_IN} what the event means: ${choice}.`;
}

function oneOf(values: string[]): string {
  return new Intl.ListFormat("en-GB", { type: "disjunction" }).format(values);
}
