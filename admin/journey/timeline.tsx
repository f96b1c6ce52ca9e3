import { type ReactNode } from "react";
import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { Cell } from "../cells/cell";
import { InstantCell } from "../cells/instant";
import { Change } from "../conversions/history";
import { type Click, type PostbackLog } from "../generated/types";
import { codeText } from "../postbacks/code-text";
import { Reason } from "../postbacks/reason";
import { resources } from "../schema/waypost";
import { type JourneyEvent, type Said } from "./events";
import { lengthText } from "./since";

/** What happened, in time order, each with the way to its entry and with the time since the click, where there is one. */
export function Timeline({ events }: { events: JourneyEvent[] }) {
  const click = events[0]?.click;
  return (
    <ol className="panel timeline">
      {events.map((event) => (
        <li key={event.id}>
          <p className="timeline-time num">
            {click && !event.click && <Since click={click} at={event.at} />}
            <InstantCell value={event.at} />
          </p>
          <div className="timeline-event">
            <Event event={event} />
          </div>
        </li>
      ))}
    </ol>
  );
}

function Since({ click, at }: { click: Click; at: string }) {
  const translate = useTranslate();
  const time = lengthText(Date.parse(at) - Date.parse(click.createdAt));
  return <span className="strong">{translate("waypost.journey.since", { time })}</span>;
}

function Event({ event: { click, postback, said, id } }: { event: JourneyEvent }) {
  const translate = useTranslate();
  const by = said[0]?.entry.user;
  return (
    <>
      {click && <ClickEvent click={click} />}
      {postback && <PostbackEvent postback={postback} />}
      {by && <Head title={translate("waypost.journey.hand", { email: by.email })} />}
      {!click && !postback && !by && (
        <Head title={translate("waypost.one.postbackLogs")} to={`/postbackLogs?view=${id}`} />
      )}
      {said.map((each) => (
        <SaidOf key={each.conversion.id} {...each} />
      ))}
    </>
  );
}

/** What happened, and the way to its entry in its list. */
function Head({ title, to, children }: { title: string; to?: string; children?: ReactNode }) {
  return (
    <p className="change-line">
      {to ? (
        <Link to={to} className="strong">
          {title}
        </Link>
      ) : (
        <span className="strong">{title}</span>
      )}
      {children}
    </p>
  );
}

function ClickEvent({ click }: { click: Click }) {
  const translate = useTranslate();
  const shown = ["flow", "path", "country", "source", "subId", "device", "os", "browser", "bot", "destinationUrl"];
  return (
    <>
      <Head title={translate("waypost.one.clicks")} to={`/clicks?view=${click.id}`} />
      <dl className="timeline-facts">
        {columnsOf("clicks", shown).map((field) => (
          <div key={field.name}>
            <dt>{field.label}</dt>
            <dd>
              <Cell field={field} row={{ ...click }} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function PostbackEvent({ postback }: { postback: PostbackLog }) {
  const translate = useTranslate();
  const { id, message, cure, postbackKey, replayOf } = postback;
  return (
    <>
      <Head title={translate("waypost.one.postbackLogs")} to={`/postbackLogs?view=${id}`}>
        {columnsOf("postbackLogs", ["status"]).map((field) => (
          <Cell key={field.name} field={field} row={{ ...postback }} />
        ))}
        <span className="mono">{codeText(postback)}</span>
        {postbackKey && <span className="ink2">{postbackKey.name}</span>}
        {replayOf && <Link to={`/postbackLogs?view=${replayOf.id}`}>{translate("waypost.journey.replay")}</Link>}
      </Head>
      <p className="whole">{message}</p>
      {cure && <Reason postback={postback} />}
    </>
  );
}

/** What was said of one conversion. */
function SaidOf({ conversion: { id, goal, goalSent, uid }, entry }: Said) {
  const translate = useTranslate();
  const name = goal ?? (goalSent ? `${translate("waypost.journey.other")} (${goalSent})` : null);
  return (
    <div className="timeline-said">
      <p className="change-line">
        <Link to={`/conversions?view=${id}`}>{translate("waypost.one.conversions")}</Link>
        <span className="ink2">{name ?? translate("waypost.journey.other")}</span>
        {uid && <span className="mono cut">{uid}</span>}
      </p>
      <Change entry={entry} />
    </div>
  );
}

function columnsOf(resource: string, names: string[]) {
  const columns = resources.find(({ name }) => name === resource)?.columns ?? [];
  return names.flatMap((name) => columns.filter((column) => column.name === name));
}
