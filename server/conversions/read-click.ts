import { momentOf, readId } from "../kit/id.js";
import { decodings } from "./unreplaced-macro.js";
import { refusal } from "./verdict.js";

/** A click hash, and what a template has put behind it: some networks pass `{subid}_{affiliate}` on as a whole. */
const WITH_TAIL = /^([0-9a-f]{32})_[\x21-\x7e]{1,64}$/i;
/** Clicks of before cannot be ours: Waypost did not exist. */
export const FIRST_CLICK_MS = Date.parse("2026-11-22T00:00:00Z");
/** How far the clocks of two of our machines may be apart, in milliseconds. */
const CLOCKS_APART_MS = 60_000;

/**
 * The click hash that a value is.
 *
 * @param lenient  takes a hash with something behind it.
 * @returns `tail`: what follows the hash and does not count.
 * @throws CLICK_ENCODED_TWICE, CLICK_WRONG_CHARACTER, CLICK_TOO_SHORT, CLICK_TOO_LONG
 */
export function readClickHash(name: string, value: string, lenient: boolean): { hash: string; tail: string } {
  const hash = readId(value);
  if (hash) return { hash, tail: "" };
  const [, head] = lenient ? (WITH_TAIL.exec(value) ?? []) : [];
  if (head) return { hash: head.toLowerCase(), tail: value.slice(head.length) };
  const decoded = decodings(value).at(-1) as string;
  if (decoded !== value) throw refusal("CLICK_ENCODED_TWICE", name, value, decoded);
  const wrong = /[^0-9a-f]/iu.exec(value)?.[0];
  if (wrong) throw refusal("CLICK_WRONG_CHARACTER", name, value, wrong);
  const length = String(value.length);
  throw value.length < 32
    ? refusal("CLICK_TOO_SHORT", name, value, length)
    : refusal("CLICK_TOO_LONG", name, value, length);
}

/** A hash of whole words of its own, so no part of a longer one. */
const AMONG_OTHERS = /(?<![0-9a-z])[0-9a-f]{32}(?![0-9a-z])/i;
/** A longer text is no hash with something around it. */
const AROUND_MAX = 256;

/**
 * The click hash that is meant by a text that is none: with quotes, dashes, invisible characters or others around it or in it, or
 * encoded twice. Nothing is read from it, but operators look for it by its hash. Null: there is none.
 */
export function hashWithin(text: string): string | null {
  if (text.length > AROUND_MAX) return null;
  const decoded = decodings(text).at(-1) as string;
  return readId(decoded.replace(/[\p{C}\p{Z}\p{P}]/gu, "")) ?? amongOthers(decoded);
}

/** The click hash that stands among other characters in a text; null: none does. */
export function amongOthers(text: string): string | null {
  return AMONG_OTHERS.exec(text)?.[0].toLowerCase() ?? null;
}

/**
 * Says of a click that nobody has whether it could be ours, by the moment in its hash.
 *
 * @param now  Unix milliseconds.
 */
export function originOf(hash: string, now: number): string {
  const moment = momentOf(hash);
  if (moment.getTime() > now + CLOCKS_APART_MS)
    return `It says that it is from ${dayOf(moment)}, which is yet to come: it cannot be ours.`;
  if (moment.getTime() < FIRST_CLICK_MS)
    return `It says that it is from ${dayOf(moment)}, when there was no Waypost: it cannot be ours.`;
  return `It could be ours by its form: it would be ${ageOf(now - moment.getTime())} old, from ${moment.toISOString()}.`;
}

function dayOf(moment: Date): string {
  return moment.toISOString().replace(/T.*/, "");
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** A length of time in its largest unit: `3 days`. */
function ageOf(ms: number): string {
  const [unit, unitMs] = UNITS.find(([, each]) => ms >= each) ?? ["second", 1000];
  const count = Math.max(Math.floor(ms / unitMs), 0);
  return new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long" }).format(count);
}
