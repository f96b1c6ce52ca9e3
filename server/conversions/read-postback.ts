import { ConversionStatus } from "../catalog/conversion-status.js";
import { CURRENCY_DEFAULT, readCurrency } from "../catalog/currency.js";
import { usualCurrency } from "../catalog/currency-signs.js";
import { GOAL_KEY_MAX } from "../catalog/goal.js";
import { type KeyRules } from "../catalog/postback-key.js";
import { WordMeaning } from "../catalog/status-words.js";
import { mappedWord, WORD_MAX } from "../catalog/words.js";
import { lengthOf } from "../kit/column.js";
import { formatMoney } from "../kit/money.js";
import { UID_MAX } from "./conversion.js";
import { type Dialect } from "./dialect.js";
import { findClicks } from "./find-clicks.js";
import { type Found } from "./find-parameter.js";
import { createParameterReader, type Meant, type ParameterReader, type ParameterReading } from "./parameter-reader.js";
import { postbackWarnings } from "./postback-warnings.js";
import { readAmount } from "./read-amount.js";
import { BODY_SHOWN, type Sent } from "./read-body.js";
import { readClickHash } from "./read-click.js";
import { type Meaning, MeaningSource, meaningOf, readWordLists, type WordList } from "./status-meaning.js";
import { unreplacedMacro } from "./unreplaced-macro.js";
import { refusal, type Verdict, verdict } from "./verdict.js";

/** What a postback says; null where it says nothing. */
export interface Postback {
  goal: string | null;
  status: ConversionStatus | null;
  /** The status of a conversion that it makes though it names none; left out by journals of before 2026-11-30: pending. */
  defaultStatus?: ConversionStatus;
  /** As `formatMoney` writes it. */
  revenue: string | null;
  currency: string | null;
  uid: string | null;
}

/** A postback as it was read. */
export interface PostbackReading {
  /** What it says of a click. */
  postback: Postback;
  clickHash: string;
  /** A click hash that stands where none is read, if none was read or what was read first is none: the log finds the entry by it. */
  hashElsewhere: string | null;
  /** Why it goes no further than the door; null: it can be recorded. */
  verdict: Verdict | null;
  /** How each parameter was read that was found, also of a postback that goes no further. */
  parameters: ParameterReading[];
  /** What should be mended though it is no reason to refuse it. */
  warnings: string[];
  /** The text alone that it is to be answered by when it is taken; null: as always. */
  answer: string | null;
}

/**
 * Reads a postback's parameters. Every one is read, also when another cannot be used: the log shows them all.
 *
 * @param key  the postback key that it was sent with.
 */
export function readPostback(sent: Sent, dialect: Dialect, key: KeyRules): PostbackReading {
  const { names } = dialect;
  const reader = createParameterReader(sent);
  const clickHash = readClick(reader, dialect);
  const hashElsewhere = clickHash === null || reader.verdict() ? lookElsewhere(reader, dialect, sent) : null;
  const inUrl = readLists(reader, dialect);
  const goal = reader.read("goal", names.goal, goalOf);
  const places = { inUrl, key, dialect };
  const status = reader.read("status", names.status, (found) => statusOf(found, places), {
    isKnown: (word) => meaningIn(word, places) !== null || isNoApproval(word, places),
  });
  const defaultStatus = dialect.unnamedStatus ?? key.defaultStatus;
  const isRejection = (status ?? defaultStatus) === ConversionStatus.REJECTED;
  const amount = readNamedAmount(reader, { dialect, key, isRejection, hasGoal: goal !== null });
  const uid = reader.read("uid", names.uid, uidOf);
  const reason = reader.verdict();
  const passedOver = reason?.code === "BODY_UNREADABLE" ? undefined : sent.unreadable;
  const answer = reader.read("return", dialect.answer, answerOf);
  return {
    postback: { goal, status, defaultStatus, ...amount, uid },
    clickHash: clickHash ?? "",
    hashElsewhere,
    verdict: reason,
    parameters: reader.parameters,
    warnings: [
      ...(passedOver ? [postbackWarnings.bodyUnreadable(passedOver)] : []),
      ...reader.parameters.flatMap(({ warning }) => warning ?? []),
    ],
    answer,
  };
}

function readClick(reader: ParameterReader, { names, allowsTail }: Dialect): string | null {
  return reader.read("click", names.click, (found) => clickOf(found, allowsTail), {
    ofNothing: ({ name, nothing }) => {
      if (nothing) throw refusal("CLICK_UNREPLACED", name, nothing);
      return postbackWarnings.nothing(name, "");
    },
  });
}

/** Says where else a click hash stands, or why there is no click at all. @returns the hash that the log finds the entry by. */
function lookElsewhere(reader: ParameterReader, { names }: Dialect, sent: Sent): string | null {
  const [name = ""] = names.click;
  const misread = reader.parameters.filter(({ code }) => code);
  const elsewhere = findClicks(without(sent, misread));
  // In a body that cannot be read it may stand in the right place.
  const inReach = sent.body.has(BODY_SHOWN) ? elsewhere.filter(({ place }) => place === "query") : elsewhere;
  const paths = inReach.map(({ path }) => path);
  const [first = elsewhere[0]] = inReach;
  const found = first && { name: first.path, place: first.place, value: first.hash };
  if (misread.length === 0) reader.refuse(whyNoClick(name, paths, sent), found);
  else if (found && paths.length > 0) reader.warn("click", found, postbackWarnings.clickElsewhere(name, paths));
  return (first ?? findClicks(sent)[0])?.hash ?? null;
}

function whyNoClick(name: string, paths: string[], { unreadable }: Sent): Verdict {
  if (paths.length > 0) return verdict("CLICK_ELSEWHERE", name, paths);
  return unreadable ? verdict("BODY_UNREADABLE", unreadable) : verdict("CLICK_MISSING", name);
}

/** What was sent beside some parameters. */
function without(sent: Sent, parameters: Pick<ParameterReading, "name" | "place">[]): Sent {
  const rest = { ...sent, query: new Map(sent.query), body: new Map(sent.body) };
  for (const { name, place } of parameters) rest[place].delete(name);
  return rest;
}

function clickOf({ name, value }: Found, allowsTail: boolean): Meant<string> {
  const { hash, tail } = readClickHash(name, value, allowsTail);
  return { value: hash, means: hash, ...(tail && { warning: postbackWarnings.clickTail(name, tail) }) };
}

/** What the lists in the URL say of words. A word in two of them is a mistake, also when it is not the one that was sent. */
function readLists(reader: ParameterReader, { lists }: Dialect): Map<string, WordMeaning> {
  const read: WordList[] = [];
  let meanings = new Map<string, WordMeaning>();
  for (const means of Object.values(WordMeaning)) {
    for (const list of lists[means]) {
      reader.read(
        `${means.toLowerCase()}_status`,
        [list],
        ({ name, value }) => {
          meanings = readWordLists([...read, { name, value, means }]);
          read.push({ name, value, means });
          return { value: null, means };
        },
        // A word for nothing is a word that a network may send.
        { isKnown: (text) => text !== "" && unreplacedMacro(text) === null },
      );
    }
  }
  return meanings;
}

function goalOf({ name, value }: Found): Meant<string> {
  const length = lengthOf(value);
  if (length > GOAL_KEY_MAX) throw refusal("GOAL_TOO_LONG", name, value, String(length));
  return { value, means: value };
}

/** Where to look for what a word for a status means. */
interface StatusPlaces {
  inUrl: Map<string, WordMeaning>;
  key: KeyRules;
  dialect: Dialect;
}

function meaningIn(word: string, { inUrl, key, dialect: { approvedWords } }: StatusPlaces): Meaning | null {
  return meaningOf(word, { inUrl, ofKey: key.statusWords, approvedWords });
}

/**
 * Whether a word, without the signs around it, means something else than approved: then it is no macro, since a status that is
 * not said can mean approved.
 */
function isNoApproval(word: string, places: StatusPlaces): boolean {
  const means = word.length <= WORD_MAX && meaningIn(word.replace(SIGNS_AROUND, ""), places)?.means;
  return Boolean(means) && means !== WordMeaning.APPROVED;
}

const SIGNS_AROUND = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

function statusOf({ name, value: word }: Found, places: StatusPlaces): Meant<ConversionStatus | null> {
  const meaning = meaningIn(word, places);
  if (!meaning) {
    if (word.includes(",")) throw refusal("STATUS_LIST", name, word);
    const lists = Object.values(places.dialect.lists).flat();
    throw refusal("STATUS_UNKNOWN", name, word, lists.map((list) => `${list}=`).join(", "));
  }
  if (meaning.means !== WordMeaning.IGNORE) return { ...meaning, value: ConversionStatus[meaning.means] };
  const says = meaning.by === MeaningSource.URL ? "the URL" : "the postback key";
  return { ...meaning, value: null, verdict: verdict("IGNORED", name, word, says) };
}

/**
 * What a postback says of the amount. A rejection takes effect whatever that is: revenue and currency count together or, with a
 * warning, not at all.
 */
function readNamedAmount(
  reader: ParameterReader,
  {
    dialect: { names },
    key,
    isRejection,
    hasGoal,
  }: { dialect: Dialect; key: KeyRules; isRejection: boolean; hasGoal: boolean },
): Pick<Postback, "revenue" | "currency"> {
  let isUsable = true;
  const ofUnusable = ({ name, value }: Pick<Found, "name" | "value">) => {
    isUsable = false;
    return postbackWarnings.amountNeedless(name, value);
  };
  const manner = isRejection ? { ofUnusable } : {};
  const currency = reader.read("currency", names.currency, (found) => currencyOf(found, key), {
    ...manner,
    isKnown: (word) => currencyIn(word, key) !== null,
  });
  const revenue = reader.read(
    "revenue",
    names.revenue,
    (found) => revenueOf(found, { named: currency, key, hasGoal }),
    manner,
  );
  if (isUsable) return { revenue: revenue?.amount ?? null, currency: currency ?? revenue?.currency ?? null };
  for (const reading of reader.parameters) {
    if (reading.parameter === "revenue" || reading.parameter === "currency") delete reading.means;
  }
  return { revenue: null, currency: null };
}

/** A currency by a word that the key maps, or by its code; null: nobody knows it. */
function currencyIn(word: string, { currencyWords }: KeyRules): string | null {
  return mappedWord(currencyWords, word)?.currency ?? readCurrency(word);
}

/** A currency: never another one, and never none, in place of one that nobody knows. */
function currencyOf({ name, value: sent }: Found, key: KeyRules): Meant<string> {
  const value = currencyIn(sent, key);
  if (value === null) throw refusal("CURRENCY_UNKNOWN", name, sent);
  const isMapped = mappedWord(key.currencyWords, sent) !== undefined;
  return { value, means: value, ...(isMapped && { by: MeaningSource.KEY }) };
}

/**
 * An amount; the currency of its sign or code counts where it is one alone and none is named beside it. A sign of several is left to
 * the goal's currency, or to the default if that is one of them.
 */
function revenueOf(
  { name, value: sent }: Found,
  { named, key, hasGoal }: { named: string | null; key: KeyRules; hasGoal: boolean },
): Meant<{ amount: string; currency: string | null }> {
  const { amount: held, isExact, unit, currencies, isOneOfTwo } = readAmount(name, sent, key.currencyWords);
  if (unit && named && !currencies.includes(named)) throw refusal("REVENUE_CURRENCY", name, sent, unit, named);
  const amount = formatMoney(held);
  const [only = null, ...others] = currencies;
  const usual = others.length === 0 ? only : named ? null : usualCurrency(unit);
  const isShared = others.length > 0 && !named && !usual;
  if (isShared && !hasGoal && !currencies.includes(CURRENCY_DEFAULT))
    throw refusal("CURRENCY_UNKNOWN", name, sent, `"${unit}" stands for several currencies`);
  const warnings = [
    ...(isExact ? [] : [postbackWarnings.amountRounded(name, sent, amount)]),
    ...(isOneOfTwo ? [postbackWarnings.oneAmountOfTwo(name, sent)] : []),
    ...(isShared ? [postbackWarnings.signAmbiguous(unit)] : []),
  ];
  return {
    value: { amount, currency: usual },
    means: usual ? `${amount} ${usual}` : amount,
    ...(warnings.length > 0 && { warning: warnings.join(" ") }),
  };
}

function uidOf({ name, value }: Found): Meant<string> {
  const length = lengthOf(value);
  if (length > UID_MAX) throw refusal("UID_TOO_LONG", name, value, String(length));
  return { value, means: value };
}

/** Printable ASCII, since it is sent back as it came; what is longer is no answer that anybody waits for. */
const ANSWER = /^[\x20-\x7e]{1,64}$/;

function answerOf({ value }: Found): Meant<string | null> {
  return ANSWER.test(value) ? { value, means: value } : { value: null };
}
