import templates from "../data/keitaro-templates.json" with { type: "json" };

/** What of a template is a macro: some networks' names for the click, the id and the currency have no signs. */
const MACRO =
  /\$?\{+[^{}]+\}+|\[+[^[\]]+\]+|##\w+##|#\w+#|%\w+%|<\w+>|\bREPLACE\b|^replace$|^ext_id$|^notify_id$|^currency$/g;
const STATUSES = {
  lead_status: "PENDING",
  sale_status: "APPROVED",
  rejected_status: "REJECTED",
  reject_status: "REJECTED",
  trash_status: "REJECTED",
};
/** Where a template names none the word itself is sent. */
const OWN_WORDS = { lead_status: "lead", sale_status: "sale", rejected_status: "rejected" };
/** These name two amounts, of which a conversion earns one. */
const TWO_AMOUNTS = "payout=##CPA_AMOUNT##,##RS_AMOUNT##";
export interface KeitaroPostback {
  query: string;
  expected: { clickHash: string; status: string; revenue: string; currency: string; uid: string | null };
}

/** A template as its network would send it, in each status that it may name. */
export function keitaroPostbacks(template: string, newClick: () => string): KeitaroPostback[] {
  const pairs = template.split("&").map((pair) => /^([^=]*)=(.*)$/.exec(pair)?.slice(1) as [string, string]);
  const said = new Map(pairs);
  const isNamed = said.has("status");
  const words = Object.entries(STATUSES).flatMap(([list, status]) => {
    const own = OWN_WORDS[list as keyof typeof OWN_WORDS];
    const listed = said.has(list) ? decodeURIComponent(said.get(list) ?? "").split(",") : own ? [own] : [];
    return listed.map((word) => ({ word, status }));
  });
  const fixed = words.filter(({ word }) => word === said.get("status"));
  const known = { sale: "APPROVED", lead: "PENDING" }[said.get("status") ?? ""];
  const sent =
    known && fixed.length === 0 ? [{ word: said.get("status") ?? "", status: known }] : fixed.length ? fixed : words;
  return (isNamed ? sent : [{ word: "", status: "APPROVED" }]).map(({ word, status }, index) => {
    const click = newClick();
    const values: Record<string, string> = { subid: click, payout: "12.50", currency: "eur", tid: `T-${index}` };
    const filled = pairs.map(([name, value]) => {
      if (name in STATUSES) return `${name}=${value}`;
      if (name === "status") return `${name}=${encodeURIComponent(word)}`;
      if (`${name}=${value}` === TWO_AMOUNTS) return `payout=${values.payout},`;
      if (/^\w+(,\w+)+$/.test(value) && values[name]) return `${name}=${values[name]}`;
      let place = 0;
      return `${name}=${value.replace(MACRO, () => (place++ ? "17" : (values[name] ?? "x")))}`;
    });
    const query = filled.join("&");
    const [payout, currency] = [/payout=([^&]*)/, /currency=([^&]*)/].map((part) => part.exec(query)?.[1]);
    return {
      query,
      expected: {
        clickHash: click,
        status,
        revenue: payout === undefined ? "0.0000" : payout === "1" ? "1.0000" : "12.5000",
        currency: currency === undefined ? "USD" : currency.toUpperCase(),
        uid: /[?&]tid=([^&]*)/.exec(query)?.[1] ?? null,
      },
    };
  });
}

/** The templates of the seven networks that name two amounts, each sent with one amount or what stands there instead. */
export const twoAmounts = Object.entries(templates)
  .filter(([, template]) => template.includes(TWO_AMOUNTS))
  .map(([name, template]) => ({
    name,
    /** Its postback for a click. */
    query: (click: string, payout: string) =>
      template
        .replace("##CLICK_ID##", click)
        .replace("##CURRENCY##", "usd")
        .replace("rub,usd,eur", "usd")
        .replace(/status=reg,[^&]*/, "status=approve")
        .replace("##POSTBACK_ID##", encodeURIComponent(`${name} ${payout}`))
        .replace(TWO_AMOUNTS, `payout=${payout}`),
  }));
