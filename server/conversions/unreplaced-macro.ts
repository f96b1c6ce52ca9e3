/** Some systems write their ids in braces: `{AF9619FF-8B86-D011-B42D-00C04FC964FF}` is a value. */
const UUID = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
/** A macro of some network between its signs; what is between them has a letter first, so that no amount is taken for one. */
const NAME = String.raw`(?!${UUID})[\p{L}_][\p{L}\p{N}\p{No}№_.:=!-]{0,63}`;
const MACRO = new RegExp(
  [
    String.raw`[$%]?\{{1,3}[$% ]?${NAME}[% ]?\}{1,3}`,
    String.raw`\[{1,3}[=+ ]?${NAME}[+ ]?\]{1,3}`,
    `<${NAME}>`,
    `##?${NAME}##?`,
    // In capitals or longer, since `%` stands for much else.
    String.raw`%(?:[A-Z]|[A-Za-z]\w\w)\w{0,63}%`,
    "\\$[A-Z][A-Z0-9_]{0,63}",
  ].join("|"),
  "gu",
);
/** What may stand between several: `{transaction}_{goal}`, `##CPA##,##RS##`. */
const BETWEEN = /^[-_.,;:|/ ]*$/;
/** What templates have where the operator should put something of his own. */
const REPLACE = /^replace$/i;
/** A longer text is not made of macros. */
const LENGTH_MAX = 256;
/** How often a template may have been encoded on its way. */
const DECODED_MAX = 3;

/**
 * The macro that a value is where nobody has put a value in its place: the whole text is one, or several and nothing else.
 * A text that only contains one is a value.
 *
 * @returns the macro as its template has it, without encoding; null: it is a value.
 */
export function unreplacedMacro(text: string): string | null {
  if (text.length > LENGTH_MAX) return null;
  return decodings(text).find(isMacro) ?? null;
}

/** A text, and what it is when it is decoded once more, and again. */
export function decodings(text: string): string[] {
  const found = [text];
  for (let last = text; /%[0-9a-f]{2}/i.test(last) && found.length <= DECODED_MAX; found.push(last)) {
    try {
      last = decodeURIComponent(last);
    } catch {
      break;
    }
  }
  return found;
}

function isMacro(text: string): boolean {
  if (REPLACE.test(text)) return true;
  const rest = text.replace(MACRO, "");
  return rest.length < text.length && BETWEEN.test(rest);
}
