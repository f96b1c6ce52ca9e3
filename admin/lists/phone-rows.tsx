import { Checkbox } from "@mui/material";
import { useListContext, useTranslate } from "react-admin";
import { Cell, type Row } from "../cells/cell";
import { AgoCell } from "../cells/instant";
import { overrideOf } from "../overrides";
import { type Resource } from "../schema/resources";
import { useOpenRow } from "./open-row";

/** A row as two lines: the schema's places 1 and 2 above, 3 and 4 below. */
export function PhoneRows({ resource }: { resource: Resource }) {
  const translate = useTranslate();
  const { data, selectedIds = [], onToggleItem } = useListContext<Row & { id: string }>();
  const isSelectable = overrideOf(resource.name).bulk !== undefined;
  const openRow = useOpenRow(resource);
  const places = [1, 2, 3, 4].map((place) => resource.columns.find(({ view }) => view.phone === place));
  const cell = (row: Row, place: number) => {
    const field = places[place - 1];
    if (!field) return null;
    return field.kind === "INSTANT" && row[field.name] ? (
      <AgoCell value={row[field.name]} />
    ) : (
      <Cell field={field} row={row} />
    );
  };
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
              <span className="phone-main">{cell(row, 1)}</span>
              <span className="phone-side">{cell(row, 2)}</span>
            </div>
            <div className="phone-line below">
              <span className="phone-main">{cell(row, 3)}</span>
              <span className="phone-side">{cell(row, 4)}</span>
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}
