import { Button } from "@mui/material";
import { useListContext, useTranslate } from "react-admin";
import { type Resource } from "../schema/resources";

/** Why there are no rows, and what to do. */
export function ListEmpty({ resource }: { resource: Resource }) {
  const translate = useTranslate();
  const { error, filterValues, refetch, setFilters, page, setPage, total } = useListContext();
  if (error) {
    return (
      <div className="empty" role="alert">
        <p className="strong">{translate("waypost.error.title")}</p>
        <p>{translate((error as Error).message, { _: (error as Error).message })}</p>
        <Button variant="outlined" onClick={() => refetch()}>
          {translate("waypost.error.retry")}
        </Button>
      </div>
    );
  }
  const isFiltered = Object.keys(filterValues).length > 0;
  return (
    <div className="empty">
      <p className="strong">
        {translate(isFiltered ? "waypost.list.noMatch" : `waypost.empty.${resource.name}.title`, {
          _: translate("waypost.list.nothing"),
        })}
      </p>
      {isFiltered && (
        <Button variant="outlined" onClick={() => setFilters({}, [])}>
          {translate("waypost.list.clear")}
        </Button>
      )}
      {!isFiltered && <p className="ink2">{translate(`waypost.empty.${resource.name}.next`, { _: "" })}</p>}
      {page > 1 && total !== 0 && (
        <Button variant="outlined" onClick={() => setPage(1)}>
          {translate("waypost.list.firstPage")}
        </Button>
      )}
    </div>
  );
}
