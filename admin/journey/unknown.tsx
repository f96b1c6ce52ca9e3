import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { isHash, madeAt } from "../cells/hash";
import { useZone } from "../zone/use-zone";
import { shortTime, timeAgo } from "../zone/written";

/** Says that nothing is known of a text, and what to check. What it can be, the answers to its postbacks say. */
export function Unknown({ text }: { text: string }) {
  const translate = useTranslate();
  const { zone } = useZone();
  return (
    <div className="empty">
      <p className="strong whole">{translate("waypost.journey.unknown.title", { text })}</p>
      <p>
        {isHash(text)
          ? translate("waypost.journey.unknown.hash", { moment: momentIn(text, zone) })
          : translate("waypost.journey.unknown.other")}
      </p>
      <p className="ink2">{translate("waypost.journey.unknown.check")}</p>
      <Link to="/postbackLogs">{translate("waypost.journey.unknown.log")}</Link>
    </div>
  );
}

/** The moment that a click hash begins with, and how long ago that is. */
function momentIn(hash: string, zone: string): string {
  const ms = madeAt(hash);
  const now = Date.now();
  return ms > now ? shortTime(ms, zone) : `${shortTime(ms, zone)}, ${timeAgo(ms, now)}`;
}
