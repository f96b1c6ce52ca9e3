import { useMediaQuery } from "@mui/material";
import { type ReactNode, Suspense, useEffect, useId, useLayoutEffect, useRef } from "react";
import { type HttpError, useGetOne, useListContext, useTranslate } from "react-admin";
import { Cell, type Row } from "../cells/cell";
import { CopyButton } from "../cells/copy-button";
import { DeleteButton } from "../forms/delete-button";
import { HelpLink } from "../help/help-link";
import { Icon, type IconName } from "../layout/icons";
import { useOpenId, useOpenRow } from "../lists/open-row";
import { overrideOf } from "../overrides";
import { type Resource } from "../schema/resources";
import { Facts } from "./facts";
import "./drawer.css";

/** From this width on the list stays in use beside the drawer; below, the drawer comes first. */
const BESIDE = "(min-width: 1100px)";

/** The entry whose id is in the address, beside its list: whole values, what belongs to it, and the way to its neighbours. */
export function ListDrawer({ resource }: { resource: Resource }) {
  const id = useOpenId() ?? "";
  const openRow = useOpenRow(resource);
  const { data = [], refetch } = useListContext<Row & { id: string }>();
  // Where the reader is already, while the page still follows: keys may come faster than it is drawn.
  const at = useRef(id);
  at.current = id;
  const isAt = (row: Row) => String(row.id) === at.current;
  // An entry that has left the list, as it was approved while only pending ones are shown, keeps its place among those that stay.
  const walked = useRef(data);
  if (data.some(isAt)) walked.current = data;
  const neighbour = (step: 1 | -1) => {
    const place = walked.current.findIndex(isAt);
    if (place < 0) return undefined;
    const ahead = step === 1 ? walked.current.slice(place + 1) : walked.current.slice(0, place).reverse();
    return ahead.find(({ id: other }) => data.some((row) => row.id === other));
  };
  const walk = (step: 1 | -1) => () => {
    const row = neighbour(step);
    if (!row) return;
    at.current = String(row.id);
    openRow(at.current);
  };
  const previous = neighbour(-1) && walk(-1);
  const next = neighbour(1) && walk(1);
  const close = () => {
    openRow(null);
    document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)?.focus();
  };
  useKeys({ j: walk(1), k: walk(-1), Escape: close });
  return (
    <Sheet close={close}>
      {(titleId) => (
        <Entry key={id} resource={resource} id={id} titleId={titleId} onGone={() => [openRow(null), refetch()]}>
          <Step name="previous" icon="up" act={previous} />
          <Step name="next" icon="down" act={next} />
          <Step name="close" icon="close" act={close} />
        </Entry>
      )}
    </Sheet>
  );
}

/** The panel itself: a dialog that takes over where there is no room beside the list, and leaves it in use where there is. */
function Sheet({ close, children }: { close: () => void; children: (titleId: string) => ReactNode }) {
  const isBeside = useMediaQuery(BESIDE, { noSsr: true });
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  // Before it is taken out of the page: only then the focus goes back to where it was.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (isBeside) element?.show();
    else element?.showModal();
    // Not the first thing in it: a second Enter would follow the link to the help.
    element?.focus();
    return () => element?.close();
  }, [isBeside]);
  return (
    <dialog
      ref={dialog}
      tabIndex={-1}
      className="drawer"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => event.target === dialog.current && !isBeside && close()}
      onKeyDown={(event) => event.key === "Enter" && event.target === dialog.current && event.preventDefault()}
    >
      {children(titleId)}
    </dialog>
  );
}

/** Where keys mean something of their own. A checkbox takes no letters. */
const TYPING = "input:not([type=checkbox]), textarea, select, [role=menu], [role=listbox], .modal";

/** Single keys, at rest while somebody types or is asked something. */
function useKeys(keys: Record<string, () => void>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isTyping = (event.target as HTMLElement).closest(TYPING);
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      keys[event.key]?.();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
}

function Step({ name, icon, act }: { name: "previous" | "next" | "close"; icon: IconName; act?: () => void }) {
  const translate = useTranslate();
  const label = translate(`waypost.drawer.${name}`);
  return (
    <button type="button" className="drawer-button" aria-label={label} title={label} disabled={!act} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}

interface EntryProps {
  resource: Resource;
  id: string;
  titleId: string;
  /** After it was deleted. */
  onGone: () => void;
  children: ReactNode;
}

function Entry({ resource, id, titleId, onGone, children }: EntryProps) {
  const translate = useTranslate();
  const { data, error } = useGetOne<Row & { id: string }, HttpError>(resource.name, { id }, { retry: false });
  // What the list knows of it is there at once, but without what only the single item has.
  const row = resource.columns.every(({ name }) => data?.[name] !== undefined) ? data : undefined;
  const Own = overrideOf(resource.name).drawer;
  const chip = resource.columns.find(({ kind }) => kind === "ANSWER" || kind === "ENUM");
  return (
    <>
      <div className="drawer-head">
        <h2 id={titleId}>{translate(`waypost.one.${resource.name}`, { _: resource.type })}</h2>
        {row && chip && <Cell field={chip} row={row} />}
        <span className="spring" />
        <HelpLink screen={resource.name} />
        {row && <CopyButton text={toJson(row)} label={translate("waypost.drawer.copy")} />}
        {children}
      </div>
      <div className="drawer-body" aria-busy={!row && !error}>
        {error && <p role="alert">{translate(error.message, { _: error.message })}</p>}
        {row && (
          <>
            <Suspense fallback={null}>
              {Own ? <Own resource={resource} row={row} /> : <Facts resource={resource} row={row} />}
            </Suspense>
            {resource.remove && !resource.update && <DeleteButton resource={resource} row={row} onDone={onGone} />}
          </>
        )}
      </div>
    </>
  );
}

/** An entry as JSON, without what only Apollo needs. */
function toJson(row: Row): string {
  return JSON.stringify(row, (key, value) => (key === "__typename" ? undefined : value), 2);
}
