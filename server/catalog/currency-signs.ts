import { currencyCodes, readCurrency } from "./currency.js";

/** Where a country's own sign is that of others too (`$` is not only USD), each of these has another for it. */
const LOCALES = ["en", "en-001"];
const SIGN = /\p{Sc}/u;
/** The sign of a currency that has none. */
const NO_CURRENCY = "¤";
const STYLES = ["symbol", "narrowSymbol"] as const;

/** The currencies of each sign; made when the first sign comes, since it takes some hundredths of a second. */
let signs: Map<string, string[]> | null = null;

/**
 * The currencies that a sign or an ISO 4217 code may stand for: `€` is EUR alone, `$` one of many. Signs are those of the
 * Unicode kind, as Node's data has them: words such as `kr` or `K` could be something else.
 *
 * @returns codes; empty when it is neither.
 */
export function currenciesOf(unit: string): string[] {
  const code = readCurrency(unit);
  if (code) return [code];
  if (!SIGN.test(unit)) return [];
  signs ??= readSigns();
  return signs.get(unit) ?? [];
}

function readSigns(): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const locale of LOCALES) {
    for (const currencyDisplay of STYLES) {
      for (const currency of currencyCodes) {
        const format = new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay });
        const sign = format.formatToParts(0).find(({ type }) => type === "currency")?.value ?? "";
        if (SIGN.test(sign) && sign !== NO_CURRENCY) found.set(sign, (found.get(sign) ?? new Set()).add(currency));
      }
    }
  }
  return new Map([...found].map(([sign, codes]) => [sign, [...codes]]));
}
