import { type ReactNode } from "react";
import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { toneOf } from "../cells/answer";
import { madeAt } from "../cells/hash";
import { type Changed, Difference } from "../conversions/history";
import { Facts } from "../drawer/facts";
import { type PostbackLog } from "../generated/types";
import { JourneyLink } from "../journey/journey-link";
import { lengthText } from "../journey/since";
import { type Resource } from "../schema/resources";
import { codeText } from "./code-text";
import { namedClick } from "./named-click";
import { Reason } from "./reason";
import { Sent } from "./sent";
import "../drawer/drawer.css";
import "./postbacks.css";

/** What has a place of its own beside the facts. */
const ELSEWHERE = [
  "status",
  "code",
  "message",
  "warned",
  "refused",
  "cause",
  "cure",
  "payload",
  "payloadCut",
  "suppressed",
  "reading",
  "change",
  "conversion",
  "replayOf",
] satisfies (keyof PostbackLog)[];

/** Of a postback that was answered before it was processed. */
const LATER = ["outcome", "processedAt"] satisfies (keyof PostbackLog)[];

interface PostbackDetailsProps {
  resource: Resource;
  postback: PostbackLog;
  /** What can be done about it. */
  children?: ReactNode;
}

/** One postback, in the log or only tried: what happened and why, what it changed, its facts, all that was sent, and the ways on. */
export function PostbackDetails({ resource, postback, children }: PostbackDetailsProps) {
  const translate = useTranslate();
  const { status, message, warned, refused, outcome, conversion, suppressed } = postback;
  const change = postback.change as Changed | null | undefined;
  const tone = toneOf(status, refused);
  return (
    <>
      <div className={`verdict ${warned && tone === "ok" ? "wait" : tone}`}>
        <p className="strong">{message}</p>
        <p className="mono">{codeText(postback)}</p>
      </div>
      <Reason postback={postback} />
      {children}
      {(change || conversion) && (
        <section className="sent">
          <h3>{translate("waypost.postback.change")}</h3>
          <p className="change-line">
            <Difference {...(change ?? { before: null, after: null })} />
          </p>
        </section>
      )}
      <Facts resource={resource} row={{ ...postback }} without={outcome ? ELSEWHERE : [...ELSEWHERE, ...LATER]} />
      {suppressed > 0 && <p className="ink2">{translate("waypost.postback.suppressed", suppressed)}</p>}
      <Sent postback={postback} />
      <Ways postback={postback} />
    </>
  );
}

/** To the click and how long before it was, to the conversion, to all that happened to the click, and to what this one repeats. */
function Ways({ postback }: { postback: PostbackLog }) {
  const translate = useTranslate();
  const { flow, createdAt, conversion, replayOf } = postback;
  const hash = namedClick(postback);
  return (
    <ul className="ways">
      {flow && hash && (
        <li>
          <Link to={`/clicks?view=${hash}`}>{translate("waypost.postback.openClick")}</Link>
          {createdAt && (
            <span className="ink2 num">
              {translate("waypost.postback.before", { time: lengthText(Date.parse(createdAt) - madeAt(hash)) })}
            </span>
          )}
        </li>
      )}
      {conversion && (
        <li>
          <Link to={`/conversions?view=${conversion.id}`}>{translate("waypost.postback.openConversion")}</Link>
        </li>
      )}
      {hash && (
        <li>
          <JourneyLink click={hash} />
        </li>
      )}
      {replayOf && (
        <li>
          <Link to={`/postbackLogs?view=${replayOf.id}`}>{translate("waypost.postback.replayOf")}</Link>
        </li>
      )}
    </ul>
  );
}
