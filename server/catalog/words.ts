import { lengthOf } from "../kit/column.js";
import { excerpt } from "../kit/errors.js";
import { type Problem } from "../kit/input.js";

export const WORD_MAX = 64;
const WORDS_MAX = 200;

/** The form in which words are kept and compared: without surrounding space, in small letters, in Unicode's form NFC. */
export function foldWord(word: string): string {
  return word.toWellFormed().trim().toLowerCase().normalize("NFC");
}

/** What an operator's word means; undefined when nobody mapped it. Words that were kept before may not be in the form NFC. */
export function mappedWord<T extends { word: string }>(words: readonly T[], sent: string): T | undefined {
  const folded = foldWord(sent);
  return words.find(({ word }) => word === folded || foldWord(word) === folded);
}

/**
 * Reads the words that an operator maps into the form in which they are kept.
 *
 * A word is 1 to 64 characters without a comma, which stands between words in a postback URL, and is mapped once; there are
 * at most 200. What is wrong is added to `problems` by the place of the word, such as `statusWords.0.word`.
 *
 * @param given  null is refused: a list is cleared by an empty one.
 * @param field  the name of the list.
 * @param sentAs  the parameter in which advertisers send such words.
 */
export function readMappedWords<T extends { word: string }>(
  given: readonly T[] | null,
  { field, sentAs, problems }: { field: string; sentAs: string; problems: Problem[] },
): T[] {
  if (given === null || given.length > WORDS_MAX) {
    const message = given
      ? `${given.length} words are given; at most ${WORDS_MAX} are allowed.`
      : `${field} cannot be null: an empty list takes all words out.`;
    problems.push({ field, message });
    return [];
  }
  const words = given.map((each) => ({ ...each, word: foldWord(each.word) }));
  const mapped = new Set<string>();
  for (const [place, { word }] of words.entries()) {
    const message = mapped.has(word)
      ? `"${excerpt(word)}" is mapped already: a word means one thing.`
      : wordProblem(word, sentAs);
    if (message) problems.push({ field: `${field}.${place}.word`, message });
    mapped.add(word);
  }
  return words;
}

function wordProblem(word: string, sentAs: string): string | null {
  if (word === "") return `A word is required: what the advertiser sends as ${sentAs}.`;
  if (word.includes(",")) return `"${excerpt(word)}" holds a comma: map each word by itself.`;
  const length = lengthOf(word);
  return length > WORD_MAX ? `It has ${length} characters; at most ${WORD_MAX} are allowed.` : null;
}
