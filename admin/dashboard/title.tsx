import { useEffect, useState } from "react";
import { useTranslate } from "react-admin";
import { type Dashboard } from "../generated/types";
import { HelpLink } from "../help/help-link";
import { dayAndTime, timeAgo } from "../zone/written";

/** Which day it is, in which the numbers are counted, and until when: "Today, Mon 23 Nov, until 17:43". */
export function Title({ today, updatedAt }: { today: Dashboard | undefined; updatedAt: number }) {
  const translate = useTranslate();
  return (
    <div className="page-head today-head">
      <h1>
        {translate("waypost.dashboard.title")}
        <span className="title-rest num">
          {today && translate("waypost.dashboard.until", dayAndTime(Date.parse(today.until), today.timeZone))}
        </span>
      </h1>
      <span className="spring" />
      {updatedAt > 0 && <Updated key={updatedAt} at={updatedAt} />}
      <HelpLink screen="dashboard" />
    </div>
  );
}

/** How old the numbers on the screen are, counted on each second. */
function Updated({ at }: { at: number }) {
  const translate = useTranslate();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span className="updated ink3 num">{translate("waypost.dashboard.updated", { ago: timeAgo(at, now) })}</span>;
}
