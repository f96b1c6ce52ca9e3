import { type ReactNode } from "react";
import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { InstantCell } from "../cells/instant";
import { formatAmount } from "../cells/money";
import { StatusChip } from "../cells/status";
import { type Conversion, type ConversionChange } from "../generated/types";
import { type State, type Step, stepsOf } from "./steps";
import "./conversions.css";

/** Everything that was said of a conversion, in time order: when, by which postback or by whom, what it changed, and why. */
export function History({ conversion }: { conversion: Conversion }) {
  const translate = useTranslate();
  const steps = stepsOf(conversion);
  return (
    <section className="sent">
      <h3>{translate("waypost.history.title")}</h3>
      <ol className="history">
        {conversion.history.map((entry) => (
          <li key={entry.id}>
            <p className="change-line">
              <InstantCell value={entry.createdAt} />
              <Source entry={entry} />
            </p>
            <Change entry={entry} step={steps.get(entry.id)} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Who said it: a user, or a postback with the way to its entry in the log. */
function Source({ entry: { id, user } }: { entry: ConversionChange }) {
  const translate = useTranslate();
  if (user) return <span>{translate("waypost.history.user", { email: user.email })}</span>;
  return <Link to={`/postbackLogs?view=${id}`}>{translate("waypost.history.postback")}</Link>;
}

/** What an entry of a history changed from what to what, and the note that came with it. */
export function Change({ entry, step }: { entry: ConversionChange; step: Step | undefined }) {
  const translate = useTranslate();
  return (
    <>
      <p className="change-line">
        {step ? (
          <Difference {...step} />
        ) : (
          <span className="ink2">
            {translate(entry.applied ? "waypost.history.same" : "waypost.history.overtaken")}
          </span>
        )}
      </p>
      {entry.note && <p className="change-note whole">{entry.note}</p>}
    </>
  );
}

function Difference({ before, after }: Step) {
  const translate = useTranslate();
  const isSameStatus = before.status === after.status;
  const isSameAmount = before.revenue === after.revenue && before.currency === after.currency;
  if (isSameStatus && isSameAmount) return <span className="ink2">{translate("waypost.history.same")}</span>;
  return (
    <>
      {!isSameStatus && (
        <FromTo>
          {before.status && <StatusChip word={before.status} />}
          {after.status && <StatusChip word={after.status} />}
        </FromTo>
      )}
      {!isSameAmount && (
        <FromTo>
          {before.revenue && <Amount of={before} />}
          <Amount of={after} />
        </FromTo>
      )}
    </>
  );
}

/** What was before, if anything was, and what is now. */
function FromTo({ children: [before, after] }: { children: [ReactNode, ReactNode] }) {
  return (
    <>
      {before}
      {before && <span className="ink3">→</span>}
      {after}
    </>
  );
}

function Amount({ of: { revenue, currency } }: { of: State }) {
  return (
    <span className="num">
      {revenue && formatAmount(revenue)} <span className="ink3">{currency}</span>
    </span>
  );
}
