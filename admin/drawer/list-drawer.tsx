import { Drawer, IconButton, useMediaQuery } from "@mui/material";
import { Suspense, useEffect } from "react";
import { useGetOne, useListContext, useTranslate } from "react-admin";
import { type Row } from "../cells/cell";
import { Icon } from "../layout/icons";
import { useOpenId, useOpenRow } from "../lists/open-row";
import { overrideOf } from "../overrides";
import { type Resource } from "../schema/resources";
import { Facts } from "./facts";
import "./drawer.css";

/** The entry whose id is in the address, beside its list: whole values, what belongs to it, and the way to its neighbours. */
export function ListDrawer({ resource }: { resource: Resource }) {
  const id = useOpenId();
  const openRow = useOpenRow(resource);
  const isWide = useMediaQuery("(min-width: 1100px)", { noSsr: true });
  const isPhone = useMediaQuery("(max-width: 699.95px)", { noSsr: true });
  const { data = [] } = useListContext<Row & { id: string }>();
  const place = data.findIndex((row) => String(row.id) === id);
  const neighbours = { previous: data[place - 1], next: place < 0 ? undefined : data[place + 1] };

  function close() {
    openRow(null);
    document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id ?? "")}"]`)?.focus();
  }
  useEffect(() => {
    if (id === null) return;
    const walk = (event: KeyboardEvent) => {
      if (
        (event.target as HTMLElement).closest("input, textarea, select, [contenteditable]") ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey
      )
        return;
      const neighbour = { j: neighbours.next, k: neighbours.previous }[event.key];
      if (neighbour) openRow(String(neighbour.id));
      if (event.key === "Escape") close();
    };
    window.addEventListener("keydown", walk);
    return () => window.removeEventListener("keydown", walk);
  });
  if (!resource.one) return null;
  return (
    <Drawer
      open={id !== null}
      onClose={close}
      anchor={isPhone ? "bottom" : "right"}
      hideBackdrop={isWide}
      variant="temporary"
      className={isWide ? "drawer beside" : "drawer"}
      disableEnforceFocus={isWide}
      disableScrollLock={isWide}
      transitionDuration={matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 180}
      slotProps={{ paper: { className: "drawer-paper", "aria-label": resource.type } as object }}
    >
      {id !== null && (
        <Entry key={id} resource={resource} id={id}>
          <Step label="previous" icon="up" to={neighbours.previous} />
          <Step label="next" icon="down" to={neighbours.next} />
          <Step label="close" icon="close" />
        </Entry>
      )}
    </Drawer>
  );

  function Step({
    label,
    icon,
    to,
  }: {
    label: "previous" | "next" | "close";
    icon: "up" | "down" | "close";
    to?: Row;
  }) {
    const translate = useTranslate();
    return (
      <IconButton
        aria-label={translate(`waypost.drawer.${label}`)}
        disabled={label !== "close" && !to}
        onClick={() => (label === "close" ? close() : to && openRow(String(to.id)))}
      >
        <Icon name={icon} />
      </IconButton>
    );
  }
}

function Entry({ resource, id, children }: { resource: Resource; id: string; children: React.ReactNode }) {
  const translate = useTranslate();
  const { data: row, error, isPending } = useGetOne<Row & { id: string }>(resource.name, { id }, { retry: false });
  const Below = overrideOf(resource.name).drawer;
  return (
    <>
      <div className="drawer-head">
        <h2>{translate(`waypost.one.${resource.name}`, { _: resource.type })}</h2>
        <span className="spring" />
        {children}
      </div>
      <div className="drawer-body" aria-busy={isPending}>
        {error && <p role="alert">{translate("waypost.drawer.missing")}</p>}
        {row &&
          (Below ? (
            <Suspense fallback={null}>
              <Below row={row} />
            </Suspense>
          ) : (
            <Facts resource={resource} row={row} />
          ))}
      </div>
    </>
  );
}
