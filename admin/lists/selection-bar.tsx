import { Button } from "@mui/material";
import { useMutation } from "@tanstack/react-query";
import { Suspense, useEffect } from "react";
import { type HttpError, useListContext, useTranslate } from "react-admin";
import { ActButton } from "../layout/act-button";
import { overrideOf } from "../overrides";
import { type Resource } from "../schema/resources";
import { type Selection, selectAll } from "./selection";

/** What something that can be done to several rows gets. */
export interface SelectionProps {
  selection: Selection;
  /** Takes a number anew that is no longer right. */
  recount: () => void;
  /** After it was done: nothing is selected any more. */
  onDone: () => void;
}

/** How many rows are selected, or all that the filter leaves, and what can be done to them. Not there without a selection. */
export function SelectionBar({ resource }: { resource: Resource }) {
  const translate = useTranslate();
  const { selectedIds = [], onUnselectItems, total = 0, filterValues } = useListContext();
  const {
    mutate: takeAll,
    data: all,
    error,
    reset,
    isPending,
  } = useMutation<Selection, HttpError>({
    mutationFn: () => selectAll(resource, filterValues),
  });
  const Actions = overrideOf(resource.name).bulk;
  const filter = JSON.stringify(filterValues);
  // Rows that are selected and not shown any more would be changed unseen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another filter clears.
  useEffect(() => onUnselectItems(), [filter]);
  // Whoever ticks a row no longer means all of them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only other rows reset.
  useEffect(() => reset(), [selectedIds.join()]);
  if (!Actions || selectedIds.length === 0) return null;
  const selection = all ?? { filter: { ids: selectedIds }, count: selectedIds.length };
  return (
    <section className="selection" aria-label={translate("waypost.selection.some", counted(selection.count))}>
      <span className="num strong">{translate("waypost.selection.some", counted(selection.count))}</span>
      {!all && total > selectedIds.length && (
        <ActButton size="small" isBusy={isPending} onClick={() => takeAll()}>
          {translate("waypost.selection.all", counted(total))}
        </ActButton>
      )}
      <Button size="small" onClick={() => onUnselectItems()}>
        {translate("waypost.selection.clear")}
      </Button>
      {error && <span role="alert">{translate(error.message, { _: error.message })}</span>}
      <span className="spring" />
      <Suspense fallback={null}>
        <Actions selection={selection} recount={() => all && takeAll()} onDone={() => onUnselectItems()} />
      </Suspense>
    </section>
  );
}

/** A number for a text that has a singular: `smart_count` chooses, `count` is shown. */
export function counted(count: number): { smart_count: number; count: string } {
  return { smart_count: count, count: count.toLocaleString("en") };
}
