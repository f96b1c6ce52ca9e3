import templates from "../data/keitaro-templates.json" with { type: "json" };

/** What of a template is a macro: these two networks' names for the click and the id have no signs. */
const MACRO = /\$?\{+[^{}]+\}+|\[+[^[\]]+\]+|##\w+##|#\w+#|%\w+%|<\w+>|\bREPLACE\b|^replace$|^ext_id$|^notify_id$/g;
const STATUSES = { lead_status: "PENDING", sale_status: "APPROVED", rejected_status: "REJECTED" };
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
  const words = Object.entries(STATUSES).flatMap(([list, status]) =>
    (said.has(list) ? decodeURIComponent(said.get(list) ?? "").split(",") : [status]).map((word) => ({ word, status })),
  );
  const fixed = words.filter(({ word }) => word === said.get("status"));
  const known = { sale: "APPROVED", lead: "PENDING" }[said.get("status") ?? ""];
  const sent =
    known && fixed.length === 0 ? [{ word: said.get("status") ?? "", status: known }] : fixed.length ? fixed : words;
  return (isNamed ? sent : [{ word: "", status: "PENDING" }]).map(({ word, status }, index) => {
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
        // One template names the currency "currency": that cannot be used, and the default counts.
        currency: currency === undefined || currency === "currency" ? "USD" : currency.toUpperCase(),
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
