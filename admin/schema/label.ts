/** Parts of names that are not written as ordinary words. */
const WORDS: Record<string, string> = { id: "ID", ip: "IP", url: "URL", os: "OS", uid: "UID", asn: "ASN", isp: "ISP" };

/** The name of a field as people read it, in sentence case: `defaultSubId` is "Default sub ID". */
export function labelOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).split(/[\s_]+/);
  const text = words.map((word) => WORDS[word] ?? word).join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A word of an enum as people read it: `APPROVED` is "Approved". */
export function wordOf(word: string): string {
  return labelOf(word.toLowerCase());
}
