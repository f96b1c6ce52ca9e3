import { type ConversionStatus } from "../../server/catalog/conversion-status.js";
import { readCurrency } from "../../server/catalog/currency.js";
import { foldWord } from "../../server/catalog/words.js";
import { builtInWords } from "../../server/conversions/status-meaning.js";
import { type NetworkTemplate } from "../../server/presets/network.js";
import { networkPreset } from "../../server/presets/network-preset.js";

type Status = keyof typeof ConversionStatus;

const usualWords: Record<Status, readonly string[]> = builtInWords;

/** A postback as a network sends it by our preset's URL, and what it says. */
export interface NetworkPostback {
  network: string;
  /** The word for the status that it sends. */
  word: string;
  query: string;
  /** Null: it names no status. */
  says: { status: Status | null; revenue: string | null; currency: string | null; uid: string | null };
}

/** The parameters of a preset's URL as they stand there, each with its macro or fixed text. */
export function presetParameters(template: NetworkTemplate): [name: string, text: string][] {
  const { postbackUrl } = networkPreset(template, "");
  return postbackUrl
    .slice(1)
    .split("&")
    .map((pair) => pair.split(/=(.*)/s) as [string, string]);
}

/** What a network sends in each of its statuses, its macros and what is left to the operator replaced. */
export function networkPostbacks(template: NetworkTemplate, click: () => string): NetworkPostback[] {
  const parameters = presetParameters(template);
  const textOf = new Map(parameters);
  const amount = /^\d/.test(textOf.get("revenue") ?? "") ? textOf.get("revenue") : "12.50";
  const currency = readCurrency(textOf.get("currency") ?? "") ?? "EUR";
  return statusesOf(template).map(([status, word], place) => {
    const uid = `order ${place + 1}/ü`;
    const values: Record<string, string | undefined> = { click: click(), revenue: amount, currency, uid, status: word };
    const query = parameters.map(([name, text]) => {
      const value = values[name];
      return `${name}=${value === undefined ? text : encodeURIComponent(value)}`;
    });
    return {
      network: template.name,
      word,
      query: query.join("&"),
      says: {
        status,
        revenue: textOf.has("revenue") ? `${Number(amount).toFixed(4)}` : null,
        currency: textOf.has("currency") ? currency : null,
        uid: textOf.has("uid") ? uid : null,
      },
    };
  });
}

/** Every word that a network can send, with the status that it means; of a status without words of its own the usual word. */
function statusesOf({ status, pending, approved, rejected }: NetworkTemplate): [Status | null, string][] {
  if (status === undefined) return [[null, ""]];
  const own: [Status, string[] | undefined][] = [
    ["PENDING", pending],
    ["APPROVED", approved],
    ["REJECTED", rejected],
  ];
  const known = new Set(own.flatMap(([, words = []]) => words.map(foldWord)));
  const all = own.flatMap(([meaning, words]) => {
    const [usual = ""] = usualWords[meaning];
    return (words ?? (known.has(usual) ? [] : [usual])).map((word): [Status, string] => [meaning, word]);
  });
  // A network whose URL has a fixed word sends that one only.
  const fixed = own.find(([meaning]) => usualWords[meaning].includes(status ?? ""));
  return fixed ? [[fixed[0], status ?? ""]] : all;
}
