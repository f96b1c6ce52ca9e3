import { useMediaQuery } from "@mui/material";
import { Suspense, useEffect, useRef } from "react";
import { DataTable, ListBase, useListContext } from "react-admin";
import { Cell, numericKinds, type Row, widthOf } from "../cells/cell";
import { later } from "../later";
import { overrideOf } from "../overrides";
import { type Field, type Resource } from "../schema/resources";
import { columnsOf, hiddenIn } from "./columns-button";
import { FilterBar } from "./filters";
import { ListEmpty } from "./list-empty";
import { ListError } from "./list-error";
import { ListFooter } from "./list-footer";
import { ListHeader } from "./list-header";
import { OpenButton, useOpenId, useOpenRow } from "./open-row";
import { PhoneRows } from "./phone-rows";
import { SelectionBar } from "./selection-bar";
import "./lists.css";

const ListDrawer = later(async () => (await import("../drawer/list-drawer")).ListDrawer);

const OPEN_ROW = { backgroundColor: "var(--accent-bg)" };
const DELETED_ROW = { "& .name": { color: "var(--ink3)", textDecoration: "line-through" } };

/** What can be done to what is selected stands in the selection's own bar. */
const NONE = <></>;

/** Rows on a page. */
const PER_PAGE = 50;
/** Below this width a row is two lines. */
const PHONE = "(max-width: 699.95px)";

/** The list of any resource: columns, filters and sort from the schema; all of its state in the address. */
export function ListPage({ resource }: { resource: Resource }) {
  const openId = useOpenId();
  const isPhone = useMediaQuery(PHONE, { noSsr: true });
  const Note = overrideOf(resource.name).note;
  const sorted =
    resource.columns.find(({ name, sort }) => sort && name === "createdAt") ??
    resource.columns.find(({ sort }) => sort);
  return (
    <ListBase
      key={resource.name}
      storeKey={false}
      perPage={PER_PAGE}
      sort={{ field: sorted?.name ?? "id", order: "DESC" }}
      filterDefaultValues={overrideOf(resource.name).filterDefaults}
      exporter={false}
    >
      <div className="list">
        <ListHeader resource={resource} />
        <FilterBar resource={resource} />
        <ListBody resource={resource} isPhone={isPhone} />
        {Note && (
          <Suspense fallback={null}>
            <Note />
          </Suspense>
        )}
        {openId !== null && (
          <Suspense fallback={null}>
            <ListDrawer resource={resource} />
          </Suspense>
        )}
      </div>
    </ListBase>
  );
}

function ListBody({ resource, isPhone }: { resource: Resource; isPhone: boolean }) {
  const { total, isPending, error, isFetching, page } = useListContext();
  const panel = useRef<HTMLDivElement>(null);
  // Another page is read from its first row on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another page.
  useEffect(() => {
    for (const rows of panel.current?.querySelectorAll(".RaDataTable-tableWrapper, .phone-rows") ?? [])
      rows.scrollTop = 0;
  }, [page]);
  const hasRows = total !== undefined && total > 0;
  /** Whoever comes near the rows is about to open one. */
  const beginDrawer = () => {
    ListDrawer.begin();
    overrideOf(resource.name).drawer?.begin();
  };
  return (
    <>
      {error && <ListError isBeside={hasRows} />}
      {total === 0 && !error && <ListEmpty resource={resource} />}
      {(hasRows || isPending) && (
        <div
          ref={panel}
          className="panel"
          data-fetching={isFetching && !isPending}
          aria-busy={isPending}
          onPointerEnter={beginDrawer}
        >
          {isPending ? <Bones /> : isPhone ? <PhoneRows resource={resource} /> : <Table resource={resource} />}
          <SelectionBar resource={resource} />
          <ListFooter />
        </div>
      )}
    </>
  );
}

/** Rows of the right height as long as there are none, so that nothing jumps when they come. */
function Bones() {
  return (
    <ul className="bones" aria-hidden="true">
      {Array.from({ length: 12 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike.
        <li key={index} />
      ))}
    </ul>
  );
}

function Table({ resource }: { resource: Resource }) {
  const listed = columnsOf(resource);
  const openRow = useOpenRow(resource);
  const openId = useOpenId();
  return (
    <DataTable
      bulkActionButtons={overrideOf(resource.name).bulk ? NONE : false}
      bulkActionsToolbar={NONE}
      hiddenColumns={hiddenIn(listed)}
      rowClick={(id) => {
        openRow(String(id));
        return false;
      }}
      rowSx={({ id, deleted }) => ({ ...(String(id) === openId && OPEN_ROW), ...(deleted && DELETED_ROW) })}
      className="table"
    >
      {listed.map(column)}
      <DataTable.Col
        key="open"
        label="waypost.list.view"
        disableSort
        headerClassName="open-head"
        cellClassName="open-cell"
        render={(row: Row) => <OpenButton resource={resource} row={row} />}
      />
    </DataTable>
  );
}

function column(field: Field) {
  return (
    <DataTable.Col
      key={field.name}
      source={field.name}
      label={<span title={field.help}>{field.label}</span>}
      disableSort={!field.sort}
      align={numericKinds.has(field.kind) ? "right" : undefined}
      style={{ width: widthOf(field) }}
      render={(row: Row) => <Cell field={field} row={row} />}
    />
  );
}
