import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { isHash, madeAt } from "../cells/hash";
import { shortTime, timeAgo } from "../cells/instant";
import { useZone } from "../zone/use-zone";

/** Nothing of ours is older: what seems to be has another maker. */
const FIRST_MS = Date.parse("2026-01-01T00:00:00Z");
/** By how much clocks may differ, in milliseconds. */
const SKEW_MS = 60_000;

/** Says that nothing is known of a text, what it can be, and what to check. */
export function Unknown({ text }: { text: string }) {
  const translate = useTranslate();
  const { zone } = useZone();
  const [reason, values] = reasonOf(text, zone);
  return (
    <div className="empty">
      <p className="strong whole">{translate("waypost.journey.unknown.title", { text })}</p>
      <p>{translate(`waypost.journey.unknown.${reason}`, values)}</p>
      <p className="ink2">{translate("waypost.journey.unknown.check")}</p>
      <Link to="/postbackLogs">{translate("waypost.journey.unknown.log")}</Link>
    </div>
  );
}

/** What a text that leads nowhere can be: a click hash says when it was made. */
function reasonOf(text: string, zone: string): [reason: string, values: Record<string, string | number>] {
  if (isHash(text)) {
    const ms = madeAt(text);
    const now = Date.now();
    if (ms > now + SKEW_MS || ms < FIRST_MS) return ["foreign", {}];
    return ["hash", { time: shortTime(ms, zone), ago: timeAgo(ms, now) }];
  }
  if (/^[0-9a-f]{16,}$/i.test(text)) return ["length", { length: text.length }];
  if (/[{}[\]<>%$#]/.test(text)) return ["macro", {}];
  return ["uid", {}];
}
