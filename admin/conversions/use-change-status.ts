import { useMutation } from "@tanstack/react-query";
import { type HttpError, useLogoutIfAccessDenied, useNotify, useRefresh, useTranslate } from "react-admin";
import { ask } from "../data/client";
import { type ConversionStatus, type ConversionsChanged } from "../generated/types";
import { type Selection } from "../lists/selection";
import { counted } from "../lists/selection-bar";

const CHANGE =
  "mutation changeConversions($filter: ConversionFilter!, $expected: Int!, $status: ConversionStatus!, $note: String) { result: changeConversions(filter: $filter, expected: $expected, status: $status, note: $note) { changed unchanged overtaken } }";

type Change = Selection & { status: ConversionStatus; note: string };

const outcomes = ["changed", "unchanged", "overtaken"] as const;

/**
 * Sets the status of conversions, says what became of them, and has everything shown anew.
 *
 * @returns what does it, whether it is under way, and why it did not work.
 */
export function useChangeStatus({ onDone, onStale }: { onDone: () => void; onStale?: () => void }): {
  change: (change: Change) => void;
  isPending: boolean;
  problem: string | null;
} {
  const translate = useTranslate();
  const notify = useNotify();
  const refresh = useRefresh();
  const logoutIfAccessDenied = useLogoutIfAccessDenied();
  const { mutate, isPending, error } = useMutation<ConversionsChanged, HttpError, Change>({
    mutationFn: async ({ filter, count: expected, status, note }) =>
      (await ask<{ result: ConversionsChanged }>(CHANGE, { filter, expected, status, note })).result,
    onSuccess: (result) => {
      const told = outcomes.filter((outcome) => outcome === "changed" || result[outcome] > 0);
      const text = told.map((outcome) => translate(`waypost.change.${outcome}`, counted(result[outcome]))).join(" ");
      notify(text, { type: result.overtaken > 0 ? "warning" : "success", autoHideDuration: 8000 });
      refresh();
      onDone();
    },
    onError: async (refused) => {
      await logoutIfAccessDenied(refused);
      if (refused.body?.errors?.expected) onStale?.();
    },
  });
  return { change: mutate, isPending, problem: error && translate(error.message, { _: error.message }) };
}
