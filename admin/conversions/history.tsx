import { type ReactNode } from "react";
import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { formatAmount } from "../cells/amount";
import { InstantCell } from "../cells/instant";
import { StatusChip } from "../cells/status";
import { type Conversion, type ConversionChange } from "../generated/types";
import "./conversions.css";

/** Everything that was said of a conversion, in time order: when, by which postback or by whom, what it changed, and why. */
export function History({ conversion }: { conversion: Conversion }) {
  const translate = useTranslate();
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
            <Change entry={entry} />
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
export function Change({ entry }: { entry: ConversionChange }) {
  const translate = useTranslate();
  return (
    <>
      <p className="change-line">
        {entry.applied ? (
          <Difference {...changeOf(entry)} />
        ) : (
          <span className="ink2">{translate("waypost.history.overtaken")}</span>
        )}
      </p>
      {entry.note && <p className="change-note whole">{entry.note}</p>}
    </>
  );
}

type Values = Partial<Record<"status" | "revenue" | "currency" | "createdAt", string | null>>;

/** What a conversion was and became; before is null where there was none. */
export interface Changed {
  before: Values | null;
  after: Values | null;
}

/** What was before and what is now, as it is stored; entries from before that was kept say only what they named. */
function changeOf(entry: ConversionChange): Changed {
  const { before, after } = (entry.change ?? {}) as { before?: Values | null; after?: Values };
  if (after) return { before: before ?? null, after };
  return { before: null, after: entry.user ? null : entry };
}

/** What is different: from what to what. */
export function Difference({ before, after }: Changed) {
  const translate = useTranslate();
  if (!after) return <span className="ink2">{translate("waypost.history.same")}</span>;
  const hasStatus = after.status && before?.status !== after.status;
  const hasAmount = after.revenue && (before?.revenue !== after.revenue || before?.currency !== after.currency);
  const hasMoved = after.createdAt && before?.createdAt;
  return (
    <>
      {hasStatus && (
        <FromTo before={before?.status && <StatusChip word={before.status} />}>
          <StatusChip word={String(after.status)} />
        </FromTo>
      )}
      {hasAmount && (
        <FromTo before={before && <Amount of={before} />}>
          <Amount of={after} />
        </FromTo>
      )}
      {hasMoved && (
        <FromTo before={<InstantCell value={before.createdAt} />}>
          <InstantCell value={after.createdAt} />
        </FromTo>
      )}
    </>
  );
}

/** What was before, if anything was, and what is now. */
function FromTo({ before, children }: { before: ReactNode; children: ReactNode }) {
  return (
    <>
      {before}
      {before && <span className="ink3">→</span>}
      {children}
    </>
  );
}

function Amount({ of: { revenue, currency } }: { of: Values }) {
  return (
    <span className="num">
      {formatAmount(String(revenue))} <span className="ink3">{currency}</span>
    </span>
  );
}
