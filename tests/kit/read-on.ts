import { type Waypost } from "./waypost.js";

/** The lists that a program reads on. */
export const LISTS = ["clicks", "conversions", "postbackLogs"] as const;
type ListName = (typeof LISTS)[number];

/** All of a list from a moment on, page by page, and the moment up to which the first page says to be complete. */
export async function readOn(
  waypost: Waypost,
  list: ListName,
  from: string,
): Promise<{ ids: string[]; completeUntil: string }> {
  const ids: string[] = [];
  let completeUntil = "";
  for (let after: string | null = null; ; ) {
    const query = `query($from: DateTime, $after: String) { page: ${list}(filter: { from: $from }, sort: { field: CREATED_AT, order: ASC },
      perPage: 100, after: $after) { ...rest } }
      fragment rest on ${{ clicks: "ClickPage", conversions: "ConversionPage", postbackLogs: "PostbackLogPage" }[list]} {
        items { id } pageInfo { hasNextPage endCursor } completeUntil }`;
    const { page } = await waypost.ask(query, { from, after });
    ids.push(...page.items.map(({ id }: { id: string }) => id));
    completeUntil ||= page.completeUntil;
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage) return { ids, completeUntil };
  }
}
