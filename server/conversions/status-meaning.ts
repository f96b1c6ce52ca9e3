import { registerEnumType } from "#type-graphql";
import { type StatusWord, WordMeaning } from "../catalog/status-words.js";
import { foldWord, mappedWord } from "../catalog/words.js";
import { refusal } from "./verdict.js";

/** Words for a status that mean one thing wherever they are used. Numbers do not: `1` is approved for most, and pending for some. */
export const builtInWords = {
  [WordMeaning.PENDING]: ["pending", "reg", "lead", "hold", "new", "wait"],
  [WordMeaning.APPROVED]: ["approved", "approve", "rebill", "confirmed", "confirm", "sale", "paid", "buyout", "ftd"],
  [WordMeaning.REJECTED]: [
    "rejected",
    "trash",
    "reject",
    "cancel",
    "cancelled",
    "declined",
    "fail",
    "duplicate",
    "spam",
  ],
} as const;

const builtIn = new Map<string, WordMeaning>(
  Object.entries(builtInWords).flatMap(([meaning, words]) => words.map((word) => [word, meaning as WordMeaning])),
);

/** Who says what a word means. */
export enum MeaningSource {
  URL = "URL",
  KEY = "KEY",
  BUILT_IN = "BUILT_IN",
}
registerEnumType(MeaningSource, {
  name: "MeaningSource",
  description: "Who says what an advertiser's word for a status means.",
  valuesConfig: {
    URL: { description: "The postback's own URL." },
    KEY: { description: "The status words of the postback key." },
    BUILT_IN: { description: "The words that mean one thing wherever they are used." },
  },
});

/** What a word means, and who says so. */
export interface Meaning {
  means: WordMeaning;
  by: MeaningSource;
}

/** A list of words in a postback's URL. */
export interface WordList {
  name: string;
  value: string;
  means: WordMeaning;
}

/** What the lists of one URL say of words. @throws STATUS_MAPPED_TWICE when one word stands in two of another meaning. */
export function readWordLists(lists: WordList[]): Map<string, WordMeaning> {
  const meanings = new Map<string, WordMeaning>();
  const namedIn = new Map<string, string>();
  for (const { name, value, means } of lists) {
    for (const word of value.split(",").map(foldWord).filter(Boolean)) {
      const other = namedIn.get(word);
      if (other !== undefined && meanings.get(word) !== means) throw refusal("STATUS_MAPPED_TWICE", word, other, name);
      namedIn.set(word, name);
      meanings.set(word, means);
    }
  }
  return meanings;
}

/** Where to look for what a word means. */
interface Meanings {
  inUrl: Map<string, WordMeaning>;
  ofKey: readonly StatusWord[];
  /** Words that stand for approved in the convention of the URL. */
  approvedWords: readonly string[];
}

/** What a word for a status means: as the URL says, else the key, else as everywhere; null when nobody says. */
export function meaningOf(word: string, { inUrl, ofKey, approvedWords }: Meanings): Meaning | null {
  const folded = foldWord(word);
  const byUrl = inUrl.get(folded);
  if (byUrl) return { means: byUrl, by: MeaningSource.URL };
  const byKey = mappedWord(ofKey, word)?.meaning;
  if (byKey) return { means: byKey, by: MeaningSource.KEY };
  const means = approvedWords.includes(folded) ? WordMeaning.APPROVED : builtIn.get(folded);
  return means ? { means, by: MeaningSource.BUILT_IN } : null;
}
