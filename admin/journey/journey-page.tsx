import { useTranslate } from "react-admin";
import { Link, Navigate, useParams } from "react-router-dom";
import { CopyButton } from "../cells/copy-button";
import { hashWithTail, isHash } from "../cells/hash";
import { useAsked } from "../data/use-asked";
import { HelpLink } from "../help/help-link";
import { listLink } from "../lists/list-link";
import { eventsOf } from "./events";
import { type Asked, isCut, JOURNEY, readFound } from "./find-journey";
import { JourneyLink } from "./journey-link";
import { journeyPath } from "./journey-path";
import { SearchForm } from "./search-form";
import { SharedUid } from "./shared-uid";
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
  const id = hashWithTail(text) ?? text;
  const { data, error } = useAsked<Asked>(JOURNEY, { text, id, isHash: isHash(id) });
  if (error) return <p role="alert">{translate(error.message, { _: error.message })}</p>;
  if (!data) return <div aria-busy="true" />;
  const found = readFound(text, data);
  if (found.kind === "nothing") return <Unknown text={text} />;
  if (found.kind === "journey") return <Journey text={text} asked={data} />;
  if (found.kind === "click") return <Navigate to={journeyPath(found.hash)} replace />;
  return <SharedUid uid={text} asked={data} {...found} />;
}

function Journey({ text, asked }: { text: string; asked: Asked }) {
  const translate = useTranslate();
  const { click } = asked;
  const hash = hashWithTail(text);
  const events = eventsOf(asked);
  return (
    <>
      <p className="journey-hash">
        <span className={`mono whole ${isHash(text) ? "" : "bad-text"}`}>{text}</span>
        <CopyButton text={text} />
      </p>
      {!click && <p className="ink2">{translate("waypost.journey.noClick")}</p>}
      <Timeline events={events} />
      {click && events.length === 1 && <p className="ink2">{translate("waypost.journey.only")}</p>}
      {hash && <JourneyLink click={hash} />}
      {(["postbacks", "conversions"] as const)
        .filter((name) => isCut(asked[name]))
        .map((name) => (
          <p key={name}>
            <Link to={listLink(name === "postbacks" ? "postbackLogs" : name, { clickHash: text })}>
              {translate(`waypost.journey.more.${name}`, { count: asked[name]?.totalCount.toLocaleString("en") })}
            </Link>
          </p>
        ))}
    </>
  );
}
