/** The macros of a destination URL, each with what it becomes. The order is that of the help. */
export const macros = {
  click: "The click hash. Pass it on to the advertiser: a postback without it cannot be matched.",
  flow: "The flow's key.",
  path: "The id of the path that was chosen.",
  sub_id: "The sub ID from the tracking URL, or the flow's default.",
  source: "The source from the tracking URL (utm_source), or the flow's default.",
  utm_source: "The same as {source}.",
  utm_medium: "The medium from the tracking URL, or the flow's default.",
  utm_campaign: "The campaign from the tracking URL, or the flow's default.",
  utm_content: "The content from the tracking URL, or the flow's default.",
  utm_term: "The term from the tracking URL, or the flow's default.",
  country: "The visitor's country, two letters (ISO 3166-1).",
  ip: "The visitor's IP address.",
  user_agent: "The visitor's browser, as it names itself.",
  referrer: "The page the visitor came from.",
  timestamp: "The moment of the click, in Unix seconds.",
} as const;

export type MacroName = keyof typeof macros;

/** A macro as a template holds it: one of the list, or a parameter of the visitor's own (`{query.NAME}`). */
export type Macro = { name: MacroName } | { query: string };

const QUERY_PREFIX = "query.";
const QUERY_NAME_MAX = 64;

/** Reads what stands between the braces; null when no macro has that name. */
export function readMacro(text: string): Macro | null {
  if (Object.hasOwn(macros, text)) return { name: text as MacroName };
  const name = text.slice(QUERY_PREFIX.length);
  const isQuery = text.startsWith(QUERY_PREFIX) && name !== "" && name.length <= QUERY_NAME_MAX;
  return isQuery ? { query: name } : null;
}

/** All macros as an operator types them, each with what it becomes. */
export function macroTable(): { macro: string; meaning: string }[] {
  return [
    ...Object.entries(macros).map(([name, meaning]) => ({ macro: `{${name}}`, meaning })),
    { macro: `{${QUERY_PREFIX}NAME}`, meaning: "The visitor's own parameter NAME." },
  ];
}
