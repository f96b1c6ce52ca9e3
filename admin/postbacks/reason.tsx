import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { type ParameterReading, type PostbackLog } from "../generated/types";
import "./reason.css";

interface ReasonProps {
  postback: Pick<PostbackLog, "cause" | "cure" | "code" | "reading" | "postbackKey">;
}

/** Why a postback ended as it did, and, where something is to be done about it, what, and the way there; of all its mistakes. */
export function Reason({ postback }: ReasonProps) {
  const { code, cause, cure, postbackKey } = postback;
  const mistakes = (postback.reading ?? []).filter((reading) => reading.code);
  const first = mistakes.find((reading) => reading.code === code);
  return (
    <>
      <Mistake code={code} cause={cause} cure={cure} value={first?.value} postbackKey={postbackKey} />
      {mistakes
        .filter((reading) => reading !== first)
        .map((reading) => (
          <Mistake key={`${reading.place} ${reading.name}`} {...reading} postbackKey={postbackKey} />
        ))}
    </>
  );
}

/** Codes of words that nobody knew, each with the parameter by which a key's form is asked about them. */
const UNKNOWN_WORDS: Record<string, string> = { STATUS_UNKNOWN: "word", CURRENCY_UNKNOWN: "currency" };

type MistakeProps = Partial<Pick<ParameterReading, "code" | "message" | "cause" | "cure" | "value">> &
  Pick<PostbackLog, "postbackKey">;

/** One mistake; `message` where it does not stand above as that of the whole postback. */
function Mistake({ code, message, cause, cure, value, postbackKey }: MistakeProps) {
  const translate = useTranslate();
  if (!cause) return null;
  const asks = UNKNOWN_WORDS[code ?? ""];
  return (
    <dl className="reason">
      {message && (
        <>
          <dt>{translate("waypost.postback.mistake")}</dt>
          <dd>{message}</dd>
        </>
      )}
      <dt>{translate("waypost.postback.cause")}</dt>
      <dd>{cause}</dd>
      {cure && (
        <>
          <dt>{translate("waypost.postback.cure")}</dt>
          <dd>
            {cure}{" "}
            {asks && value && postbackKey && (
              <Link to={`/postbackKeys/${postbackKey.id}?${asks}=${encodeURIComponent(value)}`}>
                {translate("waypost.postback.mapWord", { word: value })}
              </Link>
            )}
          </dd>
        </>
      )}
    </dl>
  );
}
