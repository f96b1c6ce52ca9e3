import { Field, InputType, ObjectType, registerEnumType } from "#type-graphql";
import { lengthOf } from "../kit/column.js";
import { excerpt } from "../kit/errors.js";
import { type Problem } from "../kit/input.js";

/** What an advertiser's word for a status means to us. */
export enum WordMeaning {
  PENDING = "PENDING",
  APPROVED = "APPROVED",
  REJECTED = "REJECTED",
  IGNORE = "IGNORE",
}
registerEnumType(WordMeaning, {
  name: "WordMeaning",
  description: "What an advertiser's word for a status means.",
  valuesConfig: {
    PENDING: { description: "The conversion is pending." },
    APPROVED: { description: "The conversion is approved: its revenue counts." },
    REJECTED: { description: "The conversion is rejected." },
    IGNORE: { description: "The postback is taken, and changes nothing." },
  },
});

export const WORD_MAX = 64;
const WORDS_MAX = 200;

@ObjectType({ description: "What one word for a status means in the postbacks of a key." })
@InputType("StatusWordInput", { description: "What one word for a status is to mean in the postbacks of a key." })
export class StatusWord {
  @Field(() => String, { description: "The advertiser's word, in small letters; any case of it counts." })
  word!: string;
  @Field(() => WordMeaning, { description: "What it means." }) meaning!: WordMeaning;
}

/** The form in which words are kept and compared: without surrounding space, in small letters, in Unicode's form NFC. */
export function foldWord(word: string): string {
  return word.toWellFormed().trim().toLowerCase().normalize("NFC");
}

/**
 * Reads the words that an operator maps into the form in which they are kept.
 *
 * A word is 1 to 64 characters without a comma, which stands between words in a postback URL, and is mapped once; there are
 * at most 200. What is wrong is added to `problems` by the place of the word, such as `statusWords.0.word`.
 */
export function readStatusWords(given: readonly StatusWord[], problems: Problem[]): StatusWord[] {
  if (given.length > WORDS_MAX) {
    problems.push({
      field: "statusWords",
      message: `${given.length} words are given; at most ${WORDS_MAX} are allowed.`,
    });
    return [];
  }
  const words = given.map(({ word, meaning }) => ({ word: foldWord(word), meaning }));
  const mapped = new Set<string>();
  for (const [place, { word }] of words.entries()) {
    const message = mapped.has(word)
      ? `"${excerpt(word)}" is mapped already: a word means one thing.`
      : wordProblem(word);
    if (message) problems.push({ field: `statusWords.${place}.word`, message });
    mapped.add(word);
  }
  return words;
}

function wordProblem(word: string): string | null {
  if (word === "") return "A word is required: what the advertiser sends as status.";
  if (word.includes(",")) return `"${excerpt(word)}" holds a comma: map each word by itself.`;
  const length = lengthOf(word);
  return length > WORD_MAX ? `It has ${length} characters; at most ${WORD_MAX} are allowed.` : null;
}
