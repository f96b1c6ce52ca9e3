import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { type PostbackLog } from "../generated/types";
import "./reason.css";

/** Why a postback ended as it did, and, where something is to be done about it, what, and the way there. */
export function Reason({
  postback,
}: {
  postback: Pick<PostbackLog, "cause" | "cure" | "code" | "reading" | "postbackKey">;
}) {
  const translate = useTranslate();
  const { cause, cure, postbackKey } = postback;
  if (!cause) return null;
  const word = unknownWord(postback);
  return (
    <dl className="reason">
      <dt>{translate("waypost.postback.cause")}</dt>
      <dd>{cause}</dd>
      {cure && (
        <>
          <dt>{translate("waypost.postback.cure")}</dt>
          <dd>
            {cure}{" "}
            {word && postbackKey && (
              <Link to={`/postbackKeys/${postbackKey.id}?word=${encodeURIComponent(word)}`}>
                {translate("waypost.postback.mapWord", { word })}
              </Link>
            )}
          </dd>
        </>
      )}
    </dl>
  );
}

/** The word for a status that nobody knew. */
function unknownWord(postback: Pick<PostbackLog, "code" | "reading">): string | undefined {
  if (postback.code !== "STATUS_UNKNOWN") return undefined;
  return postback.reading?.find(({ parameter }) => parameter === "status")?.value;
}
