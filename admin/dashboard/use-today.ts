import { type UseQueryResult } from "@tanstack/react-query";
import { type HttpError } from "react-admin";
import { type Row } from "../cells/cell";
import { useAsked } from "../data/use-asked";
import { type Dashboard } from "../generated/types";
import { toInstants } from "../zone/range";
import { useZone } from "../zone/use-zone";

const REFRESH_MS = 6000;
/** Rows of a panel. */
const PANEL_ROWS = 5;

/** An entry of a panel: what its cells show. */
export type Entry = Row & { id: string; createdAt: string };

/** The numbers of the day, with the newest entries of the lists that belong to it. */
export interface Today {
  dashboard: Dashboard;
  conversions: { items: Entry[]; totalCount: number };
  refused: { items: Entry[]; totalCount: number };
}

const TODAY = `query today($timeZone: String, $rows: Int, $conversions: ConversionFilter, $refused: PostbackLogFilter) {
  dashboard(timeZone: $timeZone) {
    clicksToday conversionsToday revenueToday { currency amount } activeFlows timeZone from to until
  }
  conversions(filter: $conversions, perPage: $rows) {
    items { id flow { id name } status revenue currency createdAt } totalCount
  }
  refused: postbackLogs(filter: $refused, perPage: $rows) { items { id status refused message createdAt } totalCount }
}`;

/** Today in the chosen zone, asked every few seconds while somebody may be looking. */
export function useToday(): UseQueryResult<Today, HttpError> {
  const { zone } = useZone();
  const day = toInstants({ zone, word: "today" });
  return useAsked<Today>(
    TODAY,
    { timeZone: zone, rows: PANEL_ROWS, conversions: day, refused: { ...day, refused: true } },
    { everyMs: REFRESH_MS },
  );
}
