import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { InstantCell } from "../cells/instant";
import { type PostbackLog } from "../generated/types";
import { listLink } from "../lists/list-link";
import { counted } from "../lists/selection-bar";
import { eventOf } from "./events";
import { type Asked, isCut, type NamedClick } from "./find-journey";
import { journeyPath } from "./journey-path";
import { Timeline } from "./timeline";

interface SharedUidProps {
  uid: string;
  asked: Asked;
  clicks: Map<string, NamedClick>;
  strays: PostbackLog[];
}

/** A uid that does not lead to one click alone: the clicks to choose from, and the postbacks that name none. */
export function SharedUid({ uid, asked, clicks, strays }: SharedUidProps) {
  const translate = useTranslate();
  const { totalCount: total } = asked.byUid;
  return (
    <>
      {clicks.size > 0 && (
        <section className="shared">
          <h2>{translate("waypost.journey.choice", { uid })}</h2>
          <ul className="panel choices">
            {[...clicks].map(([hash, { createdAt, flow }]) => (
              <li key={hash}>
                <Link to={journeyPath(hash)} className="choice">
                  <span className="mono whole">{hash}</span>
                  <span className="cut name">{flow?.name}</span>
                  <span className="spring" />
                  <InstantCell value={createdAt} />
                </Link>
              </li>
            ))}
          </ul>
          {total > 0 && (
            <Link to={listLink("conversions", { uid })}>
              {translate("waypost.journey.conversions", counted(total))}
            </Link>
          )}
        </section>
      )}
      {isCut(asked.postbacksByUid) && (
        <p className="shared">
          <Link to={listLink("postbackLogs", { uid })}>
            {translate("waypost.journey.more.byUid", { count: asked.postbacksByUid.totalCount.toLocaleString("en") })}
          </Link>
        </p>
      )}
      {strays.length > 0 && (
        <section className="shared">
          <h2>{translate("waypost.journey.strays", { uid })}</h2>
          <Timeline events={strays.map(eventOf)} />
        </section>
      )}
    </>
  );
}
