import { useTranslate } from "react-admin";
import { UrlBox } from "../first-minute/url-box";
import { examplePostback } from "../generated/example-postback";
import { type PostbackKey } from "../generated/types";
import { NetworkChoice } from "../presets/network-choice";
import "../first-minute/first-minute.css";

/** What the advertiser puts in as postback URL: that of its network, or an example. */
export function ForAdvertiser({ postbackKey }: { postbackKey: PostbackKey }) {
  const translate = useTranslate();
  return (
    <section className="card">
      <h2>{translate("waypost.key.example")}</h2>
      <NetworkChoice postbackKey={postbackKey}>
        <UrlBox url={`${postbackKey.url}?${examplePostback}`} copy={translate("waypost.key.copy")} />
        <p className="ink2 note">{translate("waypost.key.exampleHelp")}</p>
      </NetworkChoice>
    </section>
  );
}
