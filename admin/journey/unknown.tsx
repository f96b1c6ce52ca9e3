import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { isHash, madeAt } from "../cells/hash";
import { LateTrackers } from "../trackers/late-trackers";
import { useZone } from "../zone/use-zone";
import { shortTime, timeAgo } from "../zone/written";

type Translate = ReturnType<typeof useTranslate>;

/** A browser's clock may be behind the tracker's by so much. */
const CLOCKS_DIFFER_MS = 86_400_000;

/** Says that nothing is known of a text, and what to check. What it can be, the answers to its postbacks say. */
export function Unknown({ text }: { text: string }) {
  const translate = useTranslate();
  const { zone } = useZone();
  return (
    <div className="journey-unknown">
      <LateTrackers />
      <div className="empty">
        <p className="strong whole">{translate("waypost.journey.unknown.title", { text })}</p>
        <p>{isHash(text) ? whereFrom(translate, text, zone) : translate("waypost.journey.unknown.other")}</p>
        <p className="ink2">{translate("waypost.journey.unknown.check")}</p>
        <Link to="/postbackLogs">{translate("waypost.journey.unknown.log")}</Link>
      </div>
    </div>
  );
}

/** The moment that a click hash begins with, and how long ago that is; one to come has made no click. */
function whereFrom(translate: Translate, hash: string, zone: string): string {
  const [ms, now] = [madeAt(hash), Date.now()];
  if (ms > now + CLOCKS_DIFFER_MS) return translate("waypost.journey.unknown.future");
  return translate("waypost.journey.unknown.hash", { moment: `${shortTime(ms, zone)}, ${timeAgo(ms, now)}` });
}
