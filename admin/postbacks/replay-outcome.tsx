import { type ReactNode } from "react";
import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { Nothing } from "../cells/cell";
import { madeAt } from "../cells/hash";
import { InstantCell } from "../cells/instant";
import { type Changed, Difference } from "../conversions/history";
import { type Replay, type ReplayedCode, type ReplayedPostback } from "../generated/types";
import { useRowAddress } from "../lists/open-row";

interface ReplayOutcomeProps {
  replay: Replay;
  /** Whether it is what would happen, or what has happened. */
  tense: "would" | "did";
  /** When somebody goes on to a new entry. */
  onLeave?: () => void;
}

/** What sending postbacks through again comes to, in words: how many to what, why not, and what changes. */
export function ReplayOutcome({ replay: { count, codes, postbacks }, tense, onLeave }: ReplayOutcomeProps) {
  const translate = useTranslate();
  const [only] = postbacks;
  return (
    <>
      <ul className="outcomes">
        {codes.map((each) => (
          <li key={each.code ?? each.message}>
            <Outcome replayed={each} total={count} tense={tense} />
          </li>
        ))}
      </ul>
      {count === 1 && only ? (
        <p className="change-line">
          <Changes postback={only} />
          {only.newId && (
            <NewEntry id={only.newId} onLeave={onLeave}>
              {translate("waypost.replay.openNew")}
            </NewEntry>
          )}
        </p>
      ) : (
        <details className="each">
          <summary>
            {translate(postbacks.length < count ? "waypost.replay.first" : "waypost.replay.each", {
              count: postbacks.length,
            })}
          </summary>
          <ol>
            {postbacks.map((each) => (
              <li key={each.id} className="change-line">
                <InstantCell value={new Date(madeAt(each.id)).toISOString()} />
                <span className="mono" title={each.message}>
                  {each.newId ? (
                    <NewEntry id={each.newId} onLeave={onLeave}>
                      {each.code}
                    </NewEntry>
                  ) : (
                    (each.code ?? <Nothing />)
                  )}
                </span>
                <Changes postback={each} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

interface OutcomeProps {
  replayed: ReplayedCode;
  /** Of all. */
  total: number;
  tense: ReplayOutcomeProps["tense"];
}

/** How many came to one code. What the texts have no words for was refused, and the message says why. */
function Outcome({ replayed: { code, count, message }, total, tense }: OutcomeProps) {
  const translate = useTranslate();
  const single = translate(total === 1 ? "waypost.replay.it" : "waypost.replay.one");
  const which = count === 1 ? single : count.toLocaleString("en");
  const say = (ending: string, otherwise?: string) =>
    translate(`waypost.replay.${tense}.${ending}`, { smart_count: count, which, _: otherwise });
  const taken = code ? say(code, "") : "";
  return (
    <>
      <p className="strong">{taken || say(code ? "refused" : "none")}</p>
      {!taken && <p className="ink2 whole">{message}</p>}
    </>
  );
}

function Changes({ postback: { change } }: { postback: ReplayedPostback }) {
  return change ? <Difference {...(change as Changed)} /> : null;
}

function NewEntry({ id, onLeave, children }: { id: string; onLeave?: () => void; children: ReactNode }) {
  const addressOf = useRowAddress();
  return (
    <Link to={addressOf(id)} onClick={onLeave}>
      {children}
    </Link>
  );
}
