import { Suspense } from "react";
import { useGetList, useListContext, useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { later } from "../later";
import { type Resource } from "../schema/resources";
import { dayAt } from "../zone/days";
import { useZone } from "../zone/use-zone";
import { shortTime } from "../zone/written";
import { listLink } from "./list-link";

const NothingYet = later(async () => (await import("../first-minute/nothing-yet")).NothingYet);

/** Why there are no rows, and what to do. */
export function ListEmpty({ resource }: { resource: Resource }) {
  const { filterValues } = useListContext();
  if (Object.keys(filterValues).length > 0) return <NoMatch resource={resource} />;
  return (
    <Suspense fallback={<div className="empty" aria-busy="true" />}>
      <NothingYet resource={resource} />
    </Suspense>
  );
}

/** The filters leave nothing: whether it is the range of days, and when the newest entry outside of it was. */
function NoMatch({ resource }: { resource: Resource }) {
  const translate = useTranslate();
  const { filterValues } = useListContext();
  const { zone } = useZone();
  const { range, ...others } = filterValues;
  const wider = range ? others : {};
  const { data, total } = useGetList(resource.name, {
    pagination: { page: 1, perPage: 1 },
    sort: { field: "createdAt", order: "DESC" },
    filter: wider,
  });
  if (total === undefined) return <div className="empty" aria-busy="true" />;
  if (total === 0 && Object.keys(wider).length === 0) {
    return (
      <Suspense fallback={<div className="empty" aria-busy="true" />}>
        <NothingYet resource={resource} />
      </Suspense>
    );
  }
  const newest = range && data?.[0] ? Date.parse(data[0].createdAt) : null;
  const day = newest === null ? undefined : dayAt(newest, zone);
  return (
    <div className="empty">
      <p className="strong">{translate(newest === null ? "waypost.list.noMatch" : "waypost.empty.range")}</p>
      {newest !== null && (
        <p className="ink2 num">
          {translate("waypost.empty.last", { time: shortTime(newest, zone) })}{" "}
          <Link to={listLink(resource.name, { ...others, range: { zone, from: day, to: day } })}>
            {translate("waypost.empty.showLast")}
          </Link>
        </p>
      )}
    </div>
  );
}
