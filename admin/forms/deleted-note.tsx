import { Button, SnackbarContent } from "@mui/material";
import { useCloseNotification, useTranslate } from "react-admin";
import { type Row } from "../cells/cell";
import { type Resource } from "../schema/resources";
import { useRestore } from "./use-restore";

/** Says that a row is deleted, and offers to undo it where that is possible. */
export function DeletedNote({ resource, row }: { resource: Resource; row: Row }) {
  const translate = useTranslate();
  const close = useCloseNotification();
  const { restore, isBusy, problem } = useRestore(resource, row, close);
  return (
    <SnackbarContent
      message={problem ?? translate("waypost.delete.done", { name: String(row.name ?? row.id) })}
      action={
        resource.restore && (
          <Button size="small" className="undo" disabled={isBusy} onClick={restore}>
            {translate("waypost.delete.undo")}
          </Button>
        )
      }
    />
  );
}
