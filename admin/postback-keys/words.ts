import { type StatusWordInput } from "../generated/types";

/** A row of the list; what it means may still be open. */
export type WordDraft = { word: string; meaning: StatusWordInput["meaning"] | null };

/** A word as the server keeps it: without surrounding space, in small letters. */
export function foldWord(word: string): string {
  return word.trim().toLowerCase().normalize("NFC");
}

/** The rows with one for this word, whose meaning is open unless it has one already. */
export function withRowFor(rows: readonly WordDraft[], word: string): readonly WordDraft[] {
  return word === "" || rows.some((row) => row.word === word) ? rows : [...rows, { word, meaning: null }];
}

/** Reads words that are separated by commas or stand on lines of their own, each once. */
export function readWords(text: string): string[] {
  return [...new Set(text.split(/[,\n]/).map(foldWord))].filter(Boolean);
}

/** The rows with these words meaning this: words that are there already change what they mean, the others are added. */
export function withWords(
  rows: readonly WordDraft[],
  words: readonly string[],
  meaning: WordDraft["meaning"],
): WordDraft[] {
  const rest = rows.filter(({ word }) => word);
  const changed = rest.map((row) => (words.includes(foldWord(row.word)) ? { ...row, meaning } : row));
  const known = new Set(changed.map(({ word }) => foldWord(word)));
  return [...changed, ...words.filter((word) => !known.has(word)).map((word) => ({ word, meaning }))];
}
