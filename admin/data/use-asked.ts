import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { type HttpError } from "react-admin";
import { ask } from "./client";

/** How often to ask: every so many milliseconds, or as long as `everyMs` of the last answer is not false. */
interface Asking<T> {
  everyMs?: number | ((answer: T | undefined) => number | false);
  enabled?: boolean;
  /** Whether it is asked when it is first shown and then only by `refetch`, and forgotten afterwards. */
  once?: boolean;
}

/**
 * What the API answers to a query in GraphQL; with `everyMs` again and again while the tab is visible.
 *
 * While the next answer is on its way, and after an error, the last one stays.
 */
export function useAsked<T>(
  document: string,
  variables: Record<string, unknown> = {},
  { everyMs, enabled, once = false }: Asking<T> = {},
): UseQueryResult<T, HttpError> {
  const asker = useId();
  return useQuery<T, HttpError>({
    // An answer is forgotten by a timer: who asks once again before it has run must not have that one.
    queryKey: ["ask", document, variables, ...(once ? [asker] : [])],
    queryFn: () => ask<T>(document, variables),
    refetchInterval: typeof everyMs === "function" ? ({ state }) => everyMs(state.data) : everyMs,
    ...(once ? { staleTime: "static", gcTime: 0 } : { placeholderData: keepPreviousData as never }),
    retry: false,
    enabled,
  });
}
