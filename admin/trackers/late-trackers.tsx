import { Button } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { useAsked } from "../data/use-asked";
import { type LateTracker } from "../generated/types";
import { helpPath } from "../help/help-pages";
import { useZone } from "../zone/use-zone";
import { shortTime, timeAgo } from "../zone/written";
import { RetireQuestion } from "./retire-question";
import "./late-trackers.css";

const LATE = "query lateTrackers { lateTrackers { id name loadedUntil seenAt atWork } }";
const REFRESH_MS = 15_000;

/**
 * Up to when data is complete, and which trackers hold it there, where one of them is away: what is missing may be in its journal.
 * Nothing is shown otherwise: what a tracker that is here has yet to load comes by itself.
 */
export function LateTrackers() {
  const translate = useTranslate();
  const { zone } = useZone();
  const { data, dataUpdatedAt } = useAsked<{ lateTrackers: LateTracker[] }>(LATE, {}, { everyMs: REFRESH_MS });
  // Beside the list: one that somebody else has retired meanwhile is no longer in it, and what became of it is still told.
  const [asked, setAsked] = useState<LateTracker | null>(null);
  const late = data?.lateTrackers ?? [];
  const slowest = late[0];
  return (
    <>
      {slowest && late.some(({ atWork }) => !atWork) && (
        <section className="late" role="status">
          <h2>
            {Date.parse(slowest.loadedUntil) === 0
              ? translate("waypost.late.never")
              : translate("waypost.late.until", { time: shortTime(Date.parse(slowest.loadedUntil), zone) })}
          </h2>
          <ul>
            {late.map((tracker) => (
              <li key={tracker.id}>
                <Line tracker={tracker} now={dataUpdatedAt} />
                {!tracker.atWork && (
                  <Button size="small" variant="outlined" onClick={() => setAsked(tracker)}>
                    {translate("waypost.late.retire", { id: tracker.id })}
                  </Button>
                )}
              </li>
            ))}
          </ul>
          <p>
            {translate("waypost.late.means")}{" "}
            <Link to={helpPath({ slug: "monitoring-and-reports", heading: "when-completeuntil-stands-still" })}>
              {translate("waypost.late.help")}
            </Link>
          </p>
        </section>
      )}
      {asked && <RetireQuestion tracker={asked} close={() => setAsked(null)} />}
    </>
  );
}

/** Which tracker it is, and when it was last heard of. */
function Line({ tracker: { id, name, seenAt, atWork }, now }: { tracker: LateTracker; now: number }) {
  const translate = useTranslate();
  const { zone } = useZone();
  const ms = Date.parse(seenAt);
  const seen = { time: shortTime(ms, zone), ago: timeAgo(ms, now) };
  return (
    <p>
      {translate(atWork ? "waypost.late.atWork" : "waypost.late.away", { id, ...seen })}{" "}
      <span className="mono whole">{name}</span>
    </p>
  );
}
