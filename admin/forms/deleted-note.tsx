import { SnackbarContent } from "@mui/material";
import { useCloseNotification, useTranslate } from "react-admin";
import { type Row } from "../cells/cell";
import { ActButton } from "../layout/act-button";
import { type Resource } from "../schema/resources";
import { useChange } from "./use-change";

/** Says that a row is deleted, and offers to undo it where that is possible. */
export function DeletedNote({ resource, row }: { resource: Resource; row: Row }) {
  const translate = useTranslate();
  const close = useCloseNotification();
  const { act, isBusy, problem } = useChange(resource, row, resource.restore, {
    done: "waypost.restore.done",
    onDone: close,
  });
  return (
    <SnackbarContent
      message={problem ?? translate("waypost.delete.done", { name: String(row.name ?? row.id) })}
      action={
        resource.restore && (
          <ActButton size="small" className="undo" isBusy={isBusy} onClick={act}>
            {translate("waypost.delete.undo")}
          </ActButton>
        )
      }
    />
  );
}
