import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { useAsked } from "../data/use-asked";
import { type PostbackLog } from "../generated/types";

const REFUSED =
  "query refusedPostbacks($click: String!) { refused: postbackLogs(filter: { clickHash: $click, refused: true }, perPage: 1) { totalCount items { id message } } }";

interface Refused {
  refused: { totalCount: number; items: Pick<PostbackLog, "id" | "message">[] };
}

/** How many postbacks that named a click were refused, why the last of them was, and the way to it; nothing if none was. */
export function RefusedPostbacks({ click }: { click: string }) {
  const translate = useTranslate();
  const { data } = useAsked<Refused>(REFUSED, { click });
  const [last] = data?.refused.items ?? [];
  if (!data || !last) return null;
  return (
    <p className="whole">
      <Link to={`/postbackLogs?view=${last.id}`}>
        {translate("waypost.click.refused", { smart_count: data.refused.totalCount })}
      </Link>{" "}
      <span className="ink2">{last.message}</span>
    </p>
  );
}
