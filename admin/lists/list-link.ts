import { type Range } from "../zone/range";

/** What a list's address carries beside sort and page. */
export type ListFilter = Record<string, unknown> & { range?: Range };

/** The address of a list with a filter: `/clicks?filter={...}`. */
export function listLink(resource: string, filter: ListFilter = {}): string {
  return `/${resource}?filter=${encodeURIComponent(JSON.stringify(filter))}`;
}

/** The filter in an address's search part; empty when there is none or it is broken. */
export function readFilter(search: string): Record<string, unknown> {
  try {
    const filter: unknown = JSON.parse(new URLSearchParams(search).get("filter") ?? "{}");
    return filter && typeof filter === "object" && !Array.isArray(filter) ? (filter as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
