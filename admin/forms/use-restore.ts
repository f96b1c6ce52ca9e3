import { type HttpError, useNotify, useRefresh, useUpdate } from "react-admin";
import { type Row } from "../cells/cell";
import { type Resource } from "../schema/resources";

/**
 * Takes back that a row was deleted.
 *
 * @returns what does it, and whether it is under way. `onDone` runs once it worked; a failure is told.
 */
export function useRestore(resource: Resource, row: Row, onDone?: () => void): [() => void, boolean] {
  const notify = useNotify();
  const refresh = useRefresh();
  const [update, { isPending }] = useUpdate();
  const id = String(row.id);
  function restore() {
    update(
      resource.name,
      { id, data: {}, previousData: { ...row, id }, meta: { change: resource.restore } },
      {
        onSuccess: () => {
          notify("waypost.restore.done", { type: "success", messageArgs: { name: String(row.name ?? id) } });
          refresh();
          onDone?.();
        },
        onError: (error) => notify((error as HttpError).message, { type: "error" }),
      },
    );
  }
  return [restore, isPending];
}
