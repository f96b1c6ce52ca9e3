import { Checkbox } from "@mui/material";
import { useListContext, useTranslate } from "react-admin";
import { Cell, type Row } from "../cells/cell";
import { AgoCell } from "../cells/instant";
import { overrideOf } from "../overrides";
import { type Resource } from "../schema/resources";
import { useOpenRow } from "./open-row";

/** A row as two lines: what the schema puts at places 1 and 2 above, at 3 and 4 below. */
export function PhoneRows({ resource }: { resource: Resource }) {
  const translate = useTranslate();
  const { data, selectedIds = [], onToggleItem } = useListContext<Row & { id: string }>();
  const isSelectable = overrideOf(resource.name).bulk !== undefined;
  const openRow = useOpenRow(resource);
  const at = (row: Row, place: number) =>
    resource.columns
      .filter(({ view }) => view.phone === place)
      .map((field) =>
        field.kind === "INSTANT" && row[field.name] ? (
          <AgoCell key={field.name} value={row[field.name]} />
        ) : (
          <Cell key={field.name} field={field} row={row} />
        ),
      );
  return (
    <ul className="phone-rows">
      {data?.map((row) => (
        <li key={row.id}>
          {isSelectable && (
            <Checkbox
              checked={selectedIds.includes(row.id)}
              onChange={() => onToggleItem(row.id)}
              slotProps={{ input: { "aria-label": translate("waypost.selection.row") } }}
            />
          )}
          <div className="phone-row">
            <button
              type="button"
              className="phone-open"
              data-row={row.id}
              onClick={() => openRow(row.id)}
              aria-label={String(row.name ?? row.id)}
            />
            <div className="phone-line">
              <span className="phone-main">{at(row, 1)}</span>
              <span className="phone-side">{at(row, 2)}</span>
            </div>
            <div className="phone-line below">
              <span className="phone-main">{at(row, 3)}</span>
              <span className="phone-side">{at(row, 4)}</span>
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}
