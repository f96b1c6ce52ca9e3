import { decodeEscapes } from "../kit/parameters.js";

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

/** Programs write the id that is none so (RFC 9562), as does a phone that must not be told apart from others. */
const NIL_UUID = /^[{[(]?0{8}(?:-0{4}){3}-0{12}[}\])]?$/;
/**
 * Words of programs and templates for a value that is not there, without what stands between their parts: `not set` is `not_set`,
 * too. None of them says anything of a sale, as `void`, `TBD` or `not found` would.
 */
const EMPTY_WORDS = new Set(
  [
    "null|nil|none|undefined|undef|nan|n/a|n.a.|n.a|na|n\\a|\\n|\\0|notavailable|notapplicable|notprovided|notset|notdefined|nodata",
    "novalue|optional|empty|blank|unset|placeholder|array|array()|objectobject|emptystring|string.empty|optional(nil)",
    "nullptr|nullvalue|dbnull|system.dbnull|nsnull|nonetype|nan(ind)|1.#qnan|1.#ind",
    "#n/a|#ref!|#value!|#name?|#null!|#num!|#div/0!|#error!|#null|#undefined",
  ].flatMap((words) => words.split("|")),
);
const BETWEEN_PARTS = /[ _-]+/g;
/** What becomes of `{a}_{b}` where neither is there. */
const SEVERAL_EMPTY = /^(?:(?:null|nil|none|undefined|nan)(?:[-_.,;:|/ ]+(?!$)|$)){2,}$/i;
/** What templates have where operators should put something of their own: `YOUR_ID`, `REPLACE-WITH-KEY`, `CLICK_ID_HERE`. */
const TO_REPLACE =
  /^(?:replace|(?:replace|change)[-_ ]?me|(?:your[-_ ]?|replace[-_ ])\p{L}[\p{L}_ -]*|[\p{L}_ -]*(?:id|key|value|macro|token|hash)[-_ ]?here)$/iu;
/** One traffic source has names of this form without signs, and some have a row of `X`. */
const BARE = /^(?:[A-Z]+_VAR_[A-Z_]+|(?:X{4,16}|x{4,16})(?:-X{2,16}|-x{2,16}){0,5})$/;
/** Signs and invisible characters alone say nothing; one sign of a currency does. */
const SIGNS_ALONE = /^(?=.*[\p{P}\p{Sm}\p{Sk}\p{Cf}])[\p{P}\p{Sm}\p{Sk}\p{Cf}$\s]+$/u;
const INVISIBLE = /[\p{Cf}\p{Cc}]+/gu;
/** Signs as HTML has them. */
const ENTITY = /&(?:#(\d{1,3})|#x([0-9a-f]{1,2})|(lt|gt|quot));/gi;
const ENTITIES: Record<string, string> = { lt: "<", gt: ">", quot: '"' };
/** As nearly all values begin: no sign stands before them, so they are none of these. */
const BEGINS_PLAINLY = /^[\p{L}\p{N}]/u;
const ENDS_PLAINLY = /[\p{L}\p{N}]$/u;
/** Quotes around a macro or a word; around anything else they are part of it. */
const QUOTED = /^(["'])(.*)\1$/su;

/** A name: of letters first, with spaces and the punctuation of phrases, paths, calls and filters. */
const NAME = String.raw`[\p{L}_][\p{L}\p{M}\p{N}_№.:-]*`;
const PHRASE = /^[\p{L}_][\p{L}\p{M}\p{N}_№.:;|!?'"()[\]<>,=*+/&$ -]*$/u;
/** Signs of a template between its brackets and the name: `[=X=]`, `{%X%}`, `{$x}`, `{!x}`. */
const WITHIN = /^[$%=+*#@!&^~?:;/-]{1,3}(?=[\p{L}_ ])|[$%=+*#@!^~?|/\\-]{1,3}$/gu;
const BRACKETS =
  "{} [] () <> «» »« ‹› ›‹ “” „“ „” ‘’ ‚‘ ‚’ 【】 「」 『』 〔〕 〖〗 （） 〈〉 《》 ｛｝ ［］ ＜＞ ⟨⟩ ⟦⟧ ⟪⟫ ❨❩ ❬❭ ❮❯ ❲❳ ❴❵".split(
    " ",
  );
/** Brackets that only templates have: what is between them is an expression, if there is a letter in it. */
const EXPRESSIONS = [
  ..."{{ }}, {% %}, {# #}, <% %>, <? ?>, <# #>, [% %], [[ ]], *| |*, $( ), @( ), %( )s, $[ ], %%= =%%, <!-- -->".split(
    ", ",
  ),
  ...[..."$#@%*"].map((sign) => `${sign}{ }`),
].map((pair) => pair.split(" "));
/** Signs that stand before a name and the same behind it. */
const SIGNED = [
  // Two small letters look like an escape that is broken.
  String.raw`%(?:[A-Z]\w*|[\p{L}_]\w{2,}|[a-z]|id)%`,
  // A lone `_` or `-` is part of ids, too: there the name has no digits.
  String.raw`(?<![\p{L}\p{N}])(?:_\p{Lu}[\p{Lu}_]*_|-\p{L}[\p{L}_]*-)(?![\p{L}\p{N}])`,
  // Some of those are names of their own in programs' languages.
  String.raw`__(?!(?:proto|init|main|name|file|dict|class)__)\p{L}[\p{L}\p{N}_]*__`,
  String.raw`(%{2,4}|-{2,4}|(?![-%_/.,'"‘’“”])([\p{Po}\p{S}])\2{0,3})${NAME}?\1(?![\p{L}\p{N}_])`,
  // One network's ad server.
  "%e[a-z]{2,8}!",
];
/** A variable of a shell or of PHP, with its members, and the places of `printf`. */
const VARIABLE = [
  String.raw`\$${NAME}(?<!-(?=>))(?:->${NAME}|\[[^\]]*\])*`,
  String.raw`%(?:\d\$)?(?:\.\d)?(?:l{0,2}[diu]|[sf])(?![\p{L}\p{N}])`,
];

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
/** What may stand between several and around them: `{transaction}_{goal}`, `##CPA##,##RS##`, `€{payout}`, `({x})`, `={x}`. */
const BETWEEN = /^[\p{P}\p{S}\s]*$/u;
const PLACE_OF_PRINTF = /^%[\d$.]+/;
const SIGNS_AROUND = /^[^\p{L}\p{N}_]+|[^\p{L}\p{N}_]+$/gu;

/**
 * What a value is where it stands for nothing, since nobody has put a value in its place; a text that only contains such a thing
 * is a value. It is one of these, as a whole:
 *
 * - a macro: a name between brackets of any kind (`{x}`, `[your id]`, `(x)`, `«x»`, `{url(sid)}`), between the same signs
 *   (`##x##`, `!!!x!!!`, `%x%`, `__x__`, `-x-`), or behind `$`. A name begins with a letter or `_` and has at most 64 characters
 *   and three digits, since what has more digits is an id; no UUID is a name;
 * - a template's expression with a letter and no address in it: `{{ x | y }}`, `${(x)!}`, `{% if x %}`, `<?php … ?>`;
 * - several of these, or one, with nothing but signs and spaces around them;
 * - a word for "nothing" (`null`, `undefined`, `N/A`, `OPTIONAL`, …) or for what is still to be put in (`REPLACE`, `YOUR_ID`),
 *   and the UUID that is none;
 * - signs alone (`-`, `???`, `{}`), unless it is a currency's.
 *
 * All of it also in quotes, with invisible characters, or as HTML writes it; and all but the last encoded for a URL up to three
 * times more.
 *
 * @returns what it is, without encoding; null: it is a value.
 */
export function nothingIn(text: string): string | null {
  if (text.length <= LENGTH_MAX && !BEGINS_PLAINLY.test(text) && SIGNS_ALONE.test(text)) return text;
  return find(text, (each) => isEmptyWord(each) || isMacro(each));
}

/** The same of macros alone: where words are listed, a word for "nothing" may be one of them. */
export function unreplacedMacro(text: string): string | null {
  return find(text, isMacro);
}

function find(text: string, isOne: (text: string) => boolean): string | null {
  if (text.length > LENGTH_MAX) return null;
  return decodings(text).find((each) => writings(each).some(isOne)) ?? null;
}

/** A text without what may stand in it and around it. */
function writings(text: string): string[] {
  if (BEGINS_PLAINLY.test(text) && ENDS_PLAINLY.test(text)) return [text];
  const shown = text.replace(ENTITY, characterOf).replace(INVISIBLE, "").trim();
  return [text, shown, QUOTED.exec(shown)?.[2]?.trim()].filter((each) => each !== undefined);
}

function characterOf(_: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name) return ENTITIES[name.toLowerCase()] as string;
  return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hexadecimal ?? "", 16));
}

/** A text, and what it is when it is decoded once more, and again. */
export function decodings(text: string): string[] {
  const found = [text];
  for (let last = text; found.length <= DECODED_MAX; found.push(last)) {
    const decoded = decodeEscapes(last);
    if (decoded === last) break;
    last = decoded;
  }
  return found;
}

function isEmptyWord(text: string): boolean {
  const word = text.toLowerCase();
  return (
    EMPTY_WORDS.has(word) ||
    EMPTY_WORDS.has(word.replace(BETWEEN_PARTS, "")) ||
    SEVERAL_EMPTY.test(word) ||
    NIL_UUID.test(word)
  );
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
  if (!BRACKETS.some((pair) => found.startsWith(pair[0] ?? "")))
    return isName(found.replace(PLACE_OF_PRINTF, "").replace(SIGNS_AROUND, ""));
  const within = found.slice(1, -1).trim();
  return isName(within.replace(WITHIN, "").trim()) || isMacro(within);
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
