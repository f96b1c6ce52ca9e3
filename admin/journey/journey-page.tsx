import { useTranslate } from "react-admin";
import { Link, Navigate, useParams } from "react-router-dom";
import { CopyButton } from "../cells/copy-button";
import { isHash } from "../cells/hash";
import { InstantCell } from "../cells/instant";
import { StatusChip } from "../cells/status";
import { useAsked } from "../data/use-asked";
import { HelpLink } from "../help/help-link";
import { listLink } from "../lists/list-link";
import { type Asked, JOURNEY, type NamedConversion, readFound } from "./find-journey";
import { journeyPath } from "./journey-path";
import { SearchForm } from "./search-form";
import { Timeline } from "./timeline";
import { Unknown } from "./unknown";
import "./journey.css";

/** All that is known of one click, in time order; found by its hash, or by the uid of what came of it. */
export function JourneyPage() {
  const translate = useTranslate();
  const { text } = useParams();
  return (
    <div className="journey">
      <div className="page-head">
        <h1>{translate("waypost.journey.title")}</h1>
        <span className="spring" />
        <HelpLink screen="journey" />
      </div>
      {text ? <Answer key={text} text={text} /> : <SearchPage />}
    </div>
  );
}

/** Where a phone finds the search box, which has no room above every page. */
function SearchPage() {
  const translate = useTranslate();
  return (
    <div className="card">
      <SearchForm autoFocus />
      <p className="ink2">{translate("waypost.journey.hint")}</p>
    </div>
  );
}

function Answer({ text }: { text: string }) {
  const translate = useTranslate();
  const { data, error } = useAsked<Asked>(JOURNEY, { text, id: text });
  if (error) return <p role="alert">{translate(error.message, { _: error.message })}</p>;
  if (!data) return <div aria-busy="true" />;
  const found = readFound(data);
  if (found.kind === "nothing") return <Unknown text={text} />;
  if (found.kind === "clicks") return <Choice uid={text} total={data.byUid.totalCount} clicks={found.clicks} />;
  return (
    <>
      <p className="journey-hash">
        <span className={`mono whole ${isHash(text) ? "" : "bad-text"}`}>{text}</span>
        <CopyButton text={text} />
      </p>
      {!data.click && <p className="ink2">{translate("waypost.journey.noClick")}</p>}
      <Timeline asked={data} />
    </>
  );
}

/** One uid, and the clicks that have a conversion with it. A single one is gone to at once. */
function Choice({ uid, total, clicks }: { uid: string; total: number; clicks: Map<string, NamedConversion> }) {
  const translate = useTranslate();
  const [only, ...others] = clicks.keys();
  if (only && others.length === 0) return <Navigate to={journeyPath(only)} replace />;
  return (
    <section>
      <h2 className="journey-hash">{translate("waypost.journey.choice", { uid })}</h2>
      <ul className="panel choices">
        {[...clicks].map(([hash, { createdAt, flow, status }]) => (
          <li key={hash}>
            <Link to={journeyPath(hash)} className="choice">
              <span className="mono">{hash}</span>
              <span className="cut name">{flow.name}</span>
              <span className="spring" />
              <StatusChip word={status} />
              <InstantCell value={createdAt} />
            </Link>
          </li>
        ))}
      </ul>
      <Link to={listLink("conversions", { uid })}>
        {translate("waypost.journey.conversions", { count: total.toLocaleString("en") })}
      </Link>
    </section>
  );
}
