import { Button } from "@mui/material";
import { useCreatePath, useTranslate } from "react-admin";
import { useLocation, useNavigate, useSearchParams } from "react-router-dom";
import { type Row } from "../cells/cell";
import { type Resource } from "../schema/resources";

/** The entry whose drawer is open, by the address. */
export function useOpenId(): string | null {
  const [params] = useSearchParams();
  return params.get("view");
}

/** The way to the drawer of a row, from its list or another drawer of it: filter, sort and page stay. Null: without a drawer. */
export function useRowAddress(): (id: string | null) => { search: string } {
  const { search } = useLocation();
  return (id) => {
    const params = new URLSearchParams(search);
    if (id) params.set("view", id);
    else params.delete("view");
    return { search: params.toString() };
  };
}

/** Opens a row: what can be changed in its form, everything else in the drawer. Null closes the drawer. */
export function useOpenRow(resource: Resource): (id: string | null) => void {
  const navigate = useNavigate();
  const createPath = useCreatePath();
  const addressOf = useRowAddress();
  const openId = useOpenId();
  return (id) => {
    if (resource.update && id) return navigate(createPath({ resource: resource.name, type: "edit", id }));
    // Walking through entries is one step back, not one for each.
    navigate(addressOf(id), { replace: openId !== null });
  };
}

/** The button by which a row is opened without a mouse. */
export function OpenButton({ resource, row }: { resource: Resource; row: Row }) {
  const translate = useTranslate();
  const openRow = useOpenRow(resource);
  const id = String(row.id);
  const verb = translate(resource.update ? "ra.action.edit" : "waypost.list.view");
  return (
    <Button
      size="small"
      className="open"
      data-row={id}
      aria-label={`${verb} ${String(row.name ?? id)}`}
      onClick={(event) => {
        event.stopPropagation();
        openRow(id);
      }}
    >
      {verb}
    </Button>
  );
}
