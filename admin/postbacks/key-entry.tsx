import { useTranslate } from "react-admin";
import { CopyButton } from "../cells/copy-button";
import { Facts } from "../drawer/facts";
import { examplePostback } from "../generated/example-postback";
import { type PostbackKey } from "../generated/types";
import { type DrawerProps } from "../overrides";

/** A postback key, with the URL that the advertiser puts in. */
export function KeyEntry({ resource, row }: DrawerProps<PostbackKey>) {
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
      <Facts resource={resource} row={{ ...row }} />
    </>
  );
}
