import { type HttpError, useNotify, useRefresh, useTranslate, useUpdate } from "react-admin";
import { type Row } from "../cells/cell";
import { type Resource } from "../schema/resources";

/**
 * Takes back that a row was deleted.
 *
 * @returns what does it, whether it is under way, and why it did not work. `onDone` runs once it worked.
 */
export function useRestore(
  resource: Resource,
  row: Row,
  onDone?: () => void,
): { restore: () => void; isBusy: boolean; problem: string | null } {
  const translate = useTranslate();
  const notify = useNotify();
  const refresh = useRefresh();
  const [update, { isPending, error }] = useUpdate<Row & { id: string }, HttpError>();
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
      },
    );
  }
  return { restore, isBusy: isPending, problem: error && translate(error.message, { _: error.message }) };
}
