import { Button } from "@mui/material";
import { type HttpError, useNotify, useRefresh, useTranslate, useUpdate } from "react-admin";
import { Facts } from "../drawer/facts";
import { type PutAside } from "../generated/types";
import { resources } from "../schema/waypost";

const resource = resources.find(({ type }) => type === ("PutAside" satisfies PutAside["__typename"]));

/** What the database refused, whole, and the button that tries again. */
export function PutAsideEntry({ row }: { row: PutAside }) {
  const translate = useTranslate();
  const notify = useNotify();
  const refresh = useRefresh();
  const [update, { isPending }] = useUpdate();
  if (!resource) return null;
  const retry = () =>
    update(
      resource.name,
      { id: row.id, data: {}, previousData: row, meta: { change: resource.retry } },
      {
        onSuccess: () => {
          notify("waypost.retry.done", { type: "success" });
          refresh();
        },
        onError: (error) => notify((error as HttpError).message, { type: "error" }),
      },
    );
  return (
    <>
      {!row.retried && (
        <Button variant="outlined" disabled={isPending} onClick={retry}>
          {translate("waypost.retry.do")}
        </Button>
      )}
      <Facts resource={resource} row={{ ...row }} />
    </>
  );
}
