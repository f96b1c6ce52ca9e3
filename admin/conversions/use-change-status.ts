import { useNotify, useTranslate } from "react-admin";
import { useConfirmed } from "../data/use-confirmed";
import { type ConversionStatus, type ConversionsChanged } from "../generated/types";
import { type Selection } from "../lists/selection";
import { counted } from "../lists/selection-bar";

const CHANGE =
  "mutation changeConversions($filter: ConversionFilter!, $expected: Int!, $status: ConversionStatus!, $note: String) { result: changeConversions(filter: $filter, expected: $expected, status: $status, note: $note) { changed unchanged overtaken } }";

interface StatusChange extends Pick<Selection, "filter"> {
  expected: number;
  status: ConversionStatus;
  note: string;
}

const outcomes = ["changed", "unchanged", "overtaken"] as const;

/** Sets the status of conversions and says what became of them. */
export function useChangeStatus({ onDone, onStale }: { onDone: () => void; onStale?: () => void }) {
  const translate = useTranslate();
  const notify = useNotify();
  return useConfirmed<ConversionsChanged, StatusChange>(CHANGE, {
    onStale,
    onDone: (result) => {
      const told = outcomes.filter((outcome) => outcome === "changed" || result[outcome] > 0);
      const text = told.map((outcome) => translate(`waypost.change.${outcome}`, counted(result[outcome]))).join(" ");
      notify(text, { type: result.overtaken > 0 ? "warning" : "success", autoHideDuration: 8000 });
      onDone();
    },
  });
}
