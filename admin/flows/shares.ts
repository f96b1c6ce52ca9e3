import { type PathInput } from "../generated/types";

/** What a path is while it is edited: fields may still be empty. */
export type PathDraft = { [field in keyof PathInput]?: PathInput[field] | null };

/** The part of the visitors that each path gets, 0 to 1: its weight over the weights of all active paths. */
export function sharesOf(paths: readonly PathDraft[], weightDefault: number): number[] {
  const weights = paths.map(({ active, weight }) => (active ? Math.max(0, Number(weight ?? weightDefault)) : 0));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (sum > 0 ? weight / sum : 0));
}

/** A share as people read it: "70.0 %". */
export function shareText(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** What a path is called before it is saved: its name, else the host it leads to, else nothing. */
export function nameOf({ name, url }: PathDraft): string {
  return name?.trim() || /^https?:\/\/([^/?#]+)/i.exec(url ?? "")?.[1] || "";
}
