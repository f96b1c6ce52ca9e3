import { Button, IconButton, Popover } from "@mui/material";
import { useState } from "react";
import { useStore, useTranslate } from "react-admin";
import { Icon } from "../layout/icons";
import { type Field, type Resource } from "../schema/resources";

/** The columns a table can have: JSON and lists are for the drawer. */
export function columnsOf(resource: Resource): Field[] {
  return resource.columns.filter(({ kind }) => kind !== "LIST" && kind !== "JSON");
}

/** The names of columns that are not shown unless asked for. */
export function hiddenIn(columns: Field[]): string[] {
  return columns.filter(({ view }) => view.hidden).map(({ name }) => name);
}

/**
 * Which columns a list shows, and in which order, chosen by mouse and keyboard alike. It is kept where react-admin's table looks
 * for it; the table's own menu cannot be used by keyboard or with a screen reader.
 */
export function ColumnsButton({ resource }: { resource: Resource }) {
  const translate = useTranslate();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const title = translate("waypost.columns.title");
  return (
    <>
      <Button
        variant="outlined"
        startIcon={<Icon name="columns" />}
        aria-haspopup="dialog"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {title}
      </Button>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: "bottom", horizontal: "right" }}
        transformOrigin={{ vertical: "top", horizontal: "right" }}
        slotProps={{ paper: { role: "dialog", "aria-label": title } }}
      >
        <Choice resource={resource} />
      </Popover>
    </>
  );
}

function Choice({ resource }: { resource: Resource }) {
  const translate = useTranslate();
  const columns = columnsOf(resource);
  const key = `${resource.name}.datatable`;
  const [hidden, setHidden] = useStore<string[]>(key, hiddenIn(columns));
  const [ranks, setRanks] = useStore<number[] | undefined>(`${key}_columnRanks`);
  const order = columns.map((_, place) => ranks?.[place] ?? place);
  const toggle = (name: string) =>
    setHidden(hidden.includes(name) ? hidden.filter((other) => other !== name) : [...hidden, name]);
  const move = (place: number, step: 1 | -1) => {
    const moved = [...order];
    [moved[place], moved[place + step]] = [moved[place + step] as number, moved[place] as number];
    setRanks(moved);
  };
  const reset = () => {
    setHidden(hiddenIn(columns));
    setRanks(undefined);
  };
  return (
    <div className="columns-choice">
      <ul>
        {order.map((index, place) => {
          const { name, label } = columns[index] as Field;
          return (
            <li key={name}>
              <label>
                <input type="checkbox" checked={!hidden.includes(name)} onChange={() => toggle(name)} />
                {label}
              </label>
              {([-1, 1] as const).map((step) => {
                const verb = translate(step < 0 ? "waypost.columns.earlier" : "waypost.columns.later", { name: label });
                return (
                  <IconButton
                    key={step}
                    size="small"
                    aria-label={verb}
                    title={verb}
                    disabled={order[place + step] === undefined}
                    onClick={() => move(place, step)}
                  >
                    <Icon name={step < 0 ? "up" : "down"} size={14} />
                  </IconButton>
                );
              })}
            </li>
          );
        })}
      </ul>
      <Button size="small" onClick={reset}>
        {translate("waypost.columns.reset")}
      </Button>
    </div>
  );
}
