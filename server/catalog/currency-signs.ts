import { currencyCodes, readCurrency } from "./currency.js";

/** Where a country's own sign is that of others too (`$` is not only USD), each of these has another for it. */
const LOCALES = ["en", "en-001"];
/** The sign of a currency that has none. */
const NO_CURRENCY = "¤";
const STYLES = ["symbol", "narrowSymbol"] as const;
/** A sign of the Unicode kind, or letters: not a single one, since `K` or `P` could be something else. */
const SIGN = /\p{Sc}|\p{L}.*\p{L}/u;
/** The currency that a sign of several means, as long as nobody says another: the others use it at home alone. */
const USUAL: Record<string, string> = { "£": "GBP" };
/** Signs and words in use that Node's data does not have, or not for all who share them. */
const ALSO: Record<string, string[]> = {
  AU$: ["AUD"],
  Bs: ["VES"],
  C$: ["CAD"],
  S$: ["SGD"],
  U$S: ["USD"],
  "US $": ["USD"],
  dollar: ["USD", "CAD", "AUD", "NZD", "SGD", "HKD"],
  dollars: ["USD", "CAD", "AUD", "NZD", "SGD", "HKD"],
  euro: ["EUR"],
  euros: ["EUR"],
  Fr: ["CHF"],
  SFr: ["CHF"],
  KSh: ["KES"],
  RMB: ["CNY"],
  TL: ["TRY"],
  zl: ["PLN"],
  лв: ["BGN"],
  "￥": ["JPY", "CNY"],
  円: ["JPY"],
  元: ["CNY", "TWD", "HKD"],
  원: ["KRW"],
  FCFA: ["XOF"],
  "F CFA": ["XAF"],
  lei: ["MDL"],
  Rs: ["INR", "SCR"],
  "S/": ["PEN"],
  руб: ["RUB", "BYN"],
  грн: ["UAH"],
};

/** The currencies of each sign; made when the first sign comes, since it takes some hundredths of a second. */
let signs: Map<string, string[]> | null = null;

/**
 * The currencies that a sign or an ISO 4217 code may stand for: `€` and `zł` are one's alone, `$` and `kr` one of several.
 *
 * @returns codes; empty when it is neither.
 */
export function currenciesOf(unit: string): string[] {
  const code = readCurrency(unit);
  if (code) return [code];
  signs ??= readSigns();
  return signs.get(foldSign(unit)) ?? [];
}

/** The currency that a sign means where nobody says which; null: nobody can tell. */
export function usualCurrency(sign: string): string | null {
  return USUAL[sign] ?? null;
}

/** The form in which signs are compared: in small letters, with plain spaces, in Unicode's form NFC. */
function foldSign(sign: string): string {
  return sign.trim().toLowerCase().normalize("NFC").replace(/\s/g, " ");
}

function readSigns(): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  const add = (sign: string, currency: string) => {
    const folded = foldSign(sign);
    found.set(folded, (found.get(folded) ?? new Set()).add(currency));
  };
  for (const locale of LOCALES) {
    for (const currencyDisplay of STYLES) {
      for (const currency of currencyCodes) {
        const format = new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay });
        const sign = format.formatToParts(0).find(({ type }) => type === "currency")?.value ?? "";
        if (SIGN.test(sign) && sign !== NO_CURRENCY && sign !== currency) add(sign, currency);
      }
    }
  }
  for (const [sign, currencies] of Object.entries(ALSO)) for (const currency of currencies) add(sign, currency);
  return new Map([...found].map(([sign, codes]) => [sign, [...codes]]));
}
