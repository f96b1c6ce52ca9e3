import { type HttpError, useNotify, useRefresh, useTranslate, useUpdate } from "react-admin";
import { type Row } from "../cells/cell";
import { type Change, type Resource } from "../schema/resources";

interface ChangeOptions {
  /** The text that says that it is done; it may name the row. */
  done: string;
  /** Runs once it worked. */
  onDone?: () => void;
}

/**
 * Does something to a row that takes no more than its id, such as to restore it.
 *
 * @returns what does it, whether it is under way, and why it did not work.
 */
export function useChange(
  resource: Resource,
  row: Row,
  change: Change | null,
  { done, onDone }: ChangeOptions,
): { act: () => void; isBusy: boolean; problem: string | null } {
  const translate = useTranslate();
  const notify = useNotify();
  const refresh = useRefresh();
  const [update, { isPending, error }] = useUpdate<Row & { id: string }, HttpError>();
  const id = String(row.id);
  function act() {
    update(
      resource.name,
      { id, data: {}, previousData: { ...row, id }, meta: { change } },
      {
        onSuccess: () => {
          notify(done, { type: "success", messageArgs: { name: String(row.name ?? id) } });
          refresh();
          onDone?.();
        },
      },
    );
  }
  return { act, isBusy: isPending, problem: error && translate(error.message, { _: error.message }) };
}
