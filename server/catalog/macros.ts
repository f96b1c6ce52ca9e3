/** The macros of a destination URL, each with what it becomes, in words and as a sample. The order is that of the help. */
export const macros = {
  click: {
    meaning: "The click hash. Pass it on to the advertiser: a postback without it cannot be matched.",
    sample: "019ab3f27c1e7d4a8b3e5f60718293a4",
  },
  flow: { meaning: "The flow's key.", sample: "summer-sale" },
  path: { meaning: "The id of the path that was chosen.", sample: "7" },
  sub_id: { meaning: "The sub ID from the tracking URL, or the flow's default.", sample: "banner-3" },
  source: { meaning: "The source from the tracking URL (utm_source), or the flow's default.", sample: "facebook" },
  utm_source: { meaning: "The same as {source}.", sample: "facebook" },
  utm_medium: { meaning: "The medium from the tracking URL, or the flow's default.", sample: "cpc" },
  utm_campaign: { meaning: "The campaign from the tracking URL, or the flow's default.", sample: "summer" },
  utm_content: { meaning: "The content from the tracking URL, or the flow's default.", sample: "video" },
  utm_term: { meaning: "The term from the tracking URL, or the flow's default.", sample: "shoes" },
  country: { meaning: "The visitor's country, two letters (ISO 3166-1).", sample: "BR" },
  ip: { meaning: "The visitor's IP address.", sample: "203.0.113.7" },
  user_agent: { meaning: "The visitor's browser, as it names itself.", sample: "Mozilla/5.0" },
  referrer: { meaning: "The page the visitor came from.", sample: "https://news.example/" },
  timestamp: { meaning: "The moment of the click, in Unix seconds.", sample: "1795305600" },
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

/** All macros as an operator types them, each with what it becomes, in words and as a sample. */
export function macroTable(): { macro: string; meaning: string; sample: string }[] {
  return [
    ...Object.entries(macros).map(([name, { meaning, sample }]) => ({ macro: `{${name}}`, meaning, sample })),
    { macro: `{${QUERY_PREFIX}NAME}`, meaning: "The visitor's own parameter NAME.", sample: "value" },
  ];
}
