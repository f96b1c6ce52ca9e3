import { type ReactNode } from "react";
import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { Cell } from "../cells/cell";
import { AgoCell } from "../cells/instant";
import { listLink } from "../lists/list-link";
import { type Field } from "../schema/resources";
import { resources } from "../schema/waypost";
import { type Range } from "../zone/range";
import { type Entry, type Today } from "./use-today";

/** The newest conversions of the day. */
export function LatestConversions({ today }: { today: Today | undefined }) {
  return (
    <Panel name="conversions" resource="conversions" filter={{}} today={today}>
      {(entry) => (
        <>
          <span className="cut name">{(entry.flow as { name: string }).name}</span>
          <span className="spring" />
          <CellOf resource="conversions" column="status" entry={entry} />
          <CellOf resource="conversions" column="revenue" entry={entry} />
        </>
      )}
    </Panel>
  );
}

/** The newest postbacks of the day that were not taken, and why. */
export function RefusedPostbacks({ today }: { today: Today | undefined }) {
  return (
    <Panel name="refused" resource="postbackLogs" filter={{ refused: true }} today={today}>
      {(entry) => (
        <>
          <CellOf resource="postbackLogs" column="status" entry={entry} />
          <span className="cut" title={String(entry.message)}>
            {String(entry.message)}
          </span>
          <span className="spring" />
        </>
      )}
    </Panel>
  );
}

interface PanelProps {
  name: "conversions" | "refused";
  resource: string;
  filter: Record<string, unknown>;
  today: Today | undefined;
  children: (entry: Entry) => ReactNode;
}

/** The newest entries of a list, each leading to itself; how many there are leads to all of them. Of one height, however many. */
function Panel({ name, resource, filter, today, children }: PanelProps) {
  const translate = useTranslate();
  const page = today?.[name];
  const range: Range | undefined = today && { zone: today.dashboard.timeZone, word: "today" };
  return (
    <section className="panel entries" data-panel={name} aria-busy={!page}>
      <div className="entries-head">
        <h2>{translate(`waypost.dashboard.${name}.panel`)}</h2>
        {page && (
          <Link to={listLink(resource, { ...filter, range })} className="num">
            {translate("waypost.dashboard.all", { total: page.totalCount.toLocaleString("en") })}
          </Link>
        )}
      </div>
      {page?.items.length === 0 && <p className="entries-none ink3">{translate(`waypost.dashboard.${name}.none`)}</p>}
      <ul>
        {page?.items.map((entry) => (
          <li key={entry.id}>
            <Link to={`/${resource}?view=${entry.id}`} className="entry">
              {children(entry)}
              <span className="entry-age ink3">
                <AgoCell value={entry.createdAt} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A value of an entry, as lists show it. */
function CellOf({ resource, column, entry }: { resource: string; column: string; entry: Entry }) {
  const field = resources.find(({ name }) => name === resource)?.columns.find(({ name }) => name === column) as Field;
  return <Cell field={field} row={entry} />;
}
