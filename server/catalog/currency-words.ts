import { Field, InputType, ObjectType } from "#type-graphql";
import { type Problem } from "../kit/input.js";
import { currencyProblem, readCurrency } from "./currency.js";
import { readMappedWords } from "./words.js";

@ObjectType({ description: "Which currency one word stands for in the postbacks of a key." })
@InputType("CurrencyWordInput", { description: "Which currency one word is to stand for in the postbacks of a key." })
export class CurrencyWord {
  @Field(() => String, {
    description: "The advertiser's word or code, such as usdt, in small letters; any case of it counts.",
  })
  word!: string;
  @Field(() => String, { description: "The currency that it stands for (ISO 4217)." }) currency!: string;
}

/** Reads the currency words that an operator maps. What is wrong is added to `problems`, such as `currencyWords.0.currency`. */
export function readCurrencyWords(given: readonly CurrencyWord[] | null, problems: Problem[]): CurrencyWord[] {
  const words = readMappedWords(given, { field: "currencyWords", sentAs: "currency", problems });
  return words.map(({ word, currency: typed }, place) => {
    const message = currencyProblem(typed);
    if (message) problems.push({ field: `currencyWords.${place}.currency`, message });
    return { word, currency: readCurrency(typed) ?? "" };
  });
}
