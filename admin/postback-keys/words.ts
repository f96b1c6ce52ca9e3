import { type CurrencyWordInput, type StatusWordInput } from "../generated/types";

/** What a word stands for, by the name of its field: a status, or a currency. */
export type Standing = Exclude<keyof StatusWordInput | keyof CurrencyWordInput, "word">;

/** A row of a list of words; what it stands for may still be open. */
export type WordDraft = { word: string } & Partial<Record<Standing, string | null>>;

/** A word as the server keeps it: without surrounding space, in small letters. */
export function foldWord(word: string): string {
  return word.trim().toLowerCase().normalize("NFC");
}

/** The rows with one for this word: what it stands for is open unless it is said already. */
export function withRowFor(rows: readonly WordDraft[], word: string, standing: Standing): readonly WordDraft[] {
  return word === "" || rows.some((row) => row.word === word) ? rows : [...rows, { word, [standing]: null }];
}

/** Reads words that are separated by commas or stand on lines of their own, each once. */
export function readWords(text: string): string[] {
  return [...new Set(text.split(/[,\n]/).map(foldWord))].filter(Boolean);
}

/** The rows with these words standing for this: words that are there already change, the others are added. */
export function withWords(
  rows: readonly WordDraft[],
  words: readonly string[],
  said: Partial<Record<Standing, string>>,
): WordDraft[] {
  const rest = rows.filter(({ word }) => word);
  const changed = rest.map((row) => (words.includes(foldWord(row.word)) ? { ...row, ...said } : row));
  const known = new Set(changed.map(({ word }) => foldWord(word)));
  return [...changed, ...words.filter((word) => !known.has(word)).map((word) => ({ word, ...said }))];
}
