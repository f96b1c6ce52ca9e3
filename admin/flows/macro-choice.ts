import { macros } from "../generated/macros";

export interface MacroChoice {
  /** Where in the text the brace stands that was opened. */
  begin: number;
  /** The macros that begin as it was typed. */
  options: readonly { macro: string; meaning: string }[];
}

/** The macros to choose from where one is being typed before the caret; null elsewhere. */
export function macroChoice(text: string, caret: number): MacroChoice | null {
  const begun = /\{[\w.]*$/.exec(text.slice(0, caret));
  if (!begun) return null;
  const options = macros.filter(({ macro }) => macro.startsWith(begun[0].toLowerCase()));
  return options.length > 0 ? { begin: begun.index, options } : null;
}

/** The text with the macro in the place of what was typed of it, and what is selected then: nothing, or what to fill in. */
export function insertMacro(text: string, caret: number, begin: number, macro: string) {
  const rest = text.slice(caret).replace(/^[\w.]*\}/, "");
  const end = begin + macro.length;
  const toFill = macro.indexOf("NAME");
  return {
    text: text.slice(0, begin) + macro + rest,
    selection: toFill < 0 ? ([end, end] as const) : ([begin + toFill, end - 1] as const),
  };
}
