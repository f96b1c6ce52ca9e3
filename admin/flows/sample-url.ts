import { macros } from "../generated/macros";

const samples = new Map<string, string>(macros.map(({ macro, sample }) => [macro, sample]));

/** Where a visitor would be sent: a destination URL with a sample for each macro; null without any macro. */
export function sampleUrl(url: string): string | null {
  const filled = url.replace(/\{[^{}]*\}/g, (macro) => {
    const sample = samples.get(macro) ?? samples.get(macro.replace(/^\{query\..+\}$/, "{query.NAME}"));
    return sample === undefined ? macro : encodeURIComponent(sample);
  });
  return filled === url ? null : filled;
}
