import { useTranslate } from "react-admin";
import { CopyButton } from "../cells/copy-button";
import { Facts } from "../drawer/facts";
import { examplePostback } from "../generated/example-postback";
import { type PostbackKey } from "../generated/types";
import { resources } from "../schema/waypost";

const resource = resources.find(({ type }) => type === ("PostbackKey" satisfies PostbackKey["__typename"]));

/** A postback key, with the URL that the advertiser puts in. */
export function KeyEntry({ row }: { row: PostbackKey }) {
  const translate = useTranslate();
  const url = `${row.url}?${examplePostback}`;
  return (
    <>
      <section className="sent">
        <div className="sent-head">
          <h3>{translate("waypost.key.example")}</h3>
          <CopyButton text={url} />
        </div>
        <p className="mono whole">{url}</p>
        <p className="ink2">{translate("waypost.key.exampleHelp")}</p>
      </section>
      {resource && <Facts resource={resource} row={{ ...row }} />}
    </>
  );
}
