/** Some systems write their ids in braces: `{AF9619FF-8B86-D011-B42D-00C04FC964FF}` is a value. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** A longer text is no macro and no word. */
const LENGTH_MAX = 256;
/** How often a template may have been encoded on its way. */
const DECODED_MAX = 3;
/** Longest name, in characters. */
const NAME_MAX = 64;
/** Names are numbered (`sub_id_10`); what has more digits is an id. */
const DIGITS_MAX = 3;

/** Words of programs and templates for a value that is not there. None of them says anything of a sale, as `void` would. */
const EMPTY_WORDS = new Set(
  [
    "null|nil|<nil>|none|undefined|undef|nan|n/a|n.a.|n.a|na|\\n|not available|not applicable|not provided|not set|not_set|(not set)",
    "optional|empty|blank|unset|no value|no_value|placeholder|[object object]|object object|[object null]|[object undefined]",
    "#n/a|#ref!|#value!|#name?|#null!|#num!|#div/0!",
  ].flatMap((words) => words.split("|")),
);
/** What templates have where operators should put something of their own: `YOUR_ID`, `REPLACE-WITH-KEY`, `XXXXXX`. */
const TO_REPLACE = /^(?:replace|your[-_ ]?\p{L}[\p{L}_ -]*|replace[-_ ]\p{L}[\p{L}_ -]*)$/iu;
/** One traffic source has names of this form without signs, and some have a row of these. */
const BARE = /^(?:[A-Z]+_VAR_[A-Z_]+|X{4,16})$/;
/** Signs and invisible characters alone say nothing; one sign of a currency does. */
const SIGNS_ALONE = /^(?=.*[\p{P}\p{Sm}\p{Sk}\p{Cf}])[\p{P}\p{Sm}\p{Sk}\p{Cf}$\s]+$/u;
/** As nearly all values begin: no sign stands before them, so they are none of these. */
const BEGINS_PLAINLY = /^[\p{L}\p{N}]/u;
/** Quotes around a macro or a word; around anything else they are part of it. */
const QUOTED = /^(["'])(.*)\1$/su;

/** A name: of letters first, with spaces and the punctuation of phrases, paths, calls and filters. */
const NAME = String.raw`[\p{L}_][\p{L}\p{M}\p{N}_№.:-]*`;
const PHRASE = /^[\p{L}_][\p{L}\p{M}\p{N}_№.:|!?'"(),=/& -]*$/u;
/** Signs of a template between its brackets and the name: `[=X=]`, `{%X%}`, `{$x}`, `{!x}`. */
const WITHIN = /^[$%=+*#@!&^~?:/-]{1,2}(?=[\p{L}_ ])|[%=+*#@!^~?|-]{1,2}$/gu;
const BRACKETS = "{} [] () <> «» ‹› “” ‘’ 【】 「」 （） 〈〉 《》 ｛｝ ［］".split(" ");
/** Brackets that only templates have: what is between them is an expression, if there is a letter in it. */
const EXPRESSIONS = [
  ..."{{ }}, {% %}, {# #}, <% %>, <? ?>, <# #>, [% %], [[ ]], *| |*, $( ), @( ), %( )s, $[ ]".split(", "),
  ...[..."$#@%*"].map((sign) => `${sign}{ }`),
].map((pair) => pair.split(" "));
/** Signs that stand before a name and the same behind it. */
const SIGNED = [
  // In capitals or longer between `%`, which stands for much else.
  String.raw`%(?:[A-Z]|[A-Za-z]\w\w)\w*%`,
  // A lone `_` or `-` is part of ids, too: there the name has no digits.
  String.raw`(?<![\p{L}\p{N}])(?:_\p{Lu}[\p{Lu}_]*_|-\p{L}[\p{L}_]*-)(?![\p{L}\p{N}])`,
  // In capitals between `__`, which is a name of its own in many languages.
  String.raw`__\p{Lu}[\p{Lu}\p{N}_]*__`,
  String.raw`(%{2,4}|-{2,4}|([!#*@~^|&?+=:;\x60\\$§°•·¦])\2{0,3})${NAME}?\1`,
];
/** A variable of a shell or of PHP, and the places of `printf`. */
const VARIABLE = [String.raw`\$${NAME}`, String.raw`%[sdiuf](?![\p{L}\p{N}])`];

const bracketed = BRACKETS.map((pair) => {
  const [open = "", close = ""] = [...pair].map(literal);
  return `${open}[^${open}${close}]*${close}`;
});
const MACRO = new RegExp(
  [
    ...EXPRESSIONS.map(
      ([open = "", close = ""]) => `${literal(open)}.*?${literal(close)}(?!${literal(close.at(-1) ?? "")})`,
    ),
    ...SIGNED,
    ...bracketed,
    ...VARIABLE,
  ].join("|"),
  "gsu",
);
/** What may stand between several: `{transaction}_{goal}`, `##CPA##,##RS##`. */
const BETWEEN = /^[-_.,;:|/ ]*$/;
const SIGNS_AROUND = /^[^\p{L}\p{N}_]+|[^\p{L}\p{N}_]+$/gu;

/**
 * What a value is where it stands for nothing, since nobody has put a value in its place; a text that only contains such a thing
 * is a value. It is one of these, as a whole:
 *
 * - a macro: a name between brackets of any kind (`{x}`, `[your id]`, `(x)`, `«x»`, `{url(sid)}`), between the same signs
 *   (`##x##`, `!!!x!!!`, `-x-`; in capitals between `__` and, if it is short, between `%`), or behind `$`. A name begins with a
 *   letter or `_` and has at most 64 characters and three digits, since what has more digits is an id; no UUID is a name;
 * - a template's expression with a letter and no address in it: `{{ x | y }}`, `${(x)!}`, `{% if x %}`, `<?php … ?>`;
 * - several of these with nothing but separators between them;
 * - a word for "nothing" (`null`, `undefined`, `N/A`, `OPTIONAL`, …) or for what is still to be put in (`REPLACE`, `YOUR_ID`);
 * - signs alone (`-`, `???`, `{}`), unless it is a currency's.
 *
 * All but the last also in quotes, or encoded for a URL up to three times more.
 *
 * @returns what it is, without encoding; null: it is a value.
 */
export function nothingIn(text: string): string | null {
  if (text.length <= LENGTH_MAX && !BEGINS_PLAINLY.test(text) && SIGNS_ALONE.test(text)) return text;
  return find(text, (each) => EMPTY_WORDS.has(each.toLowerCase()) || isMacro(each));
}

/** The same of macros alone: where words are listed, a word for "nothing" may be one of them. */
export function unreplacedMacro(text: string): string | null {
  return find(text, isMacro);
}

function find(text: string, isOne: (text: string) => boolean): string | null {
  if (text.length > LENGTH_MAX) return null;
  return decodings(text).find((each) => isOne(each) || isOne(QUOTED.exec(each)?.[2]?.trim() ?? "")) ?? null;
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
  if (TO_REPLACE.test(text) || BARE.test(text)) return true;
  if (BEGINS_PLAINLY.test(text)) return false;
  const rest = text.replace(MACRO, (found) => (isOfTemplate(found) ? "" : found));
  return rest.length < text.length && BETWEEN.test(rest);
}

/** Whether what has the signs of a macro is one, by what is between them. */
function isOfTemplate(found: string): boolean {
  if (EXPRESSIONS.some(([open = ""]) => found.startsWith(open))) return isExpression(found);
  // Between angle brackets an attribute makes it HTML.
  if (found.startsWith("<") && found.includes("=")) return false;
  const name = BRACKETS.some((pair) => found.startsWith(pair[0] ?? ""))
    ? found.slice(1, -1).trim().replace(WITHIN, "").trim()
    : found.replace(SIGNS_AROUND, "");
  return isName(name);
}

function isExpression(found: string): boolean {
  return (
    /\p{L}/u.test(found) &&
    !found.includes("://") &&
    !UUID.test(found.replace(SIGNS_AROUND, "")) &&
    !/^[[{]+\s*["\d]/.test(found)
  );
}

function isName(text: string): boolean {
  const digits = text.match(/\p{N}/gu)?.length ?? 0;
  return (
    text.length <= NAME_MAX && digits <= DIGITS_MAX && !text.includes("::") && PHRASE.test(text) && !UUID.test(text)
  );
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|<>%#@]/g, (sign) => (/[<>%#@]/.test(sign) ? sign : `\\${sign}`));
}
